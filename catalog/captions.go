package catalog

import (
	"context"
	"fmt"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
)

// CaptionsSource is where captions come from.
type CaptionsSource string

// The sources of captions.
const (
	CaptionsExtracted CaptionsSource = "extracted" // they lay in the master
	CaptionsUploaded  CaptionsSource = "uploaded"  // an editor delivered them
)

// Cue is what is said, or heard, from one time to another. Times are counted from the
// first picture.
type Cue struct {
	Start time.Duration `json:"start"`
	End   time.Duration `json:"end"`
	Text  string        `json:"text"` // lines apart by \n
}

// Captions are an asset's captions in one language, from one source.
type Captions struct {
	bun.BaseModel `bun:"table:captions"`

	ID        string `bun:",pk"`
	AssetID   string
	Language  string // BCP 47 tag, or "und"
	Source    CaptionsSource
	Cues      []Cue
	CreatedAt time.Time
}

// PutCaptions stores captions of an asset, over those of the same language and source.
func (c *Catalog) PutCaptions(ctx context.Context, assetID, language string, source CaptionsSource, cues []Cue) error {
	captions := &Captions{ID: database.NewID(), AssetID: assetID, Language: language, Source: source, Cues: cues, CreatedAt: database.Now()}
	_, err := c.db.NewInsert().Model(captions).
		On("CONFLICT (asset_id, language, source) DO UPDATE").Set("cues = EXCLUDED.cues, created_at = EXCLUDED.created_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("store the captions of asset %s: %w", assetID, err)
	}
	return nil
}

// Captions returns an asset's captions, for those who may see it. Errors: NotFound.
func (c *Catalog) Captions(ctx context.Context, by Asker, assetID string) ([]Captions, error) {
	if _, err := c.Asset(ctx, by, assetID); err != nil {
		return nil, err
	}
	var all []Captions
	if err := c.db.NewSelect().Model(&all).Where("asset_id = ?", assetID).OrderExpr("language, source").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the captions of asset %s: %w", assetID, err)
	}
	return all, nil
}
