package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Limits of a search in what is said.
const (
	maxLines   = 20              // of one hit
	searchTurn = 50              // captions that the index names at a time
	maxRead    = 100_000         // cues that one search goes through, and the rest of the last captions
	maxReading = time.Second     // and for how long
	breath     = 5 * time.Second // a sentence goes on in the next caption within
)

// CaptionHit is an asset in which something is said, and where.
type CaptionHit struct {
	Asset    Asset
	Language string
	Cues     []Cue // in order, at most 20; where a sentence goes over two captions, both as one
}

func (h *CaptionHit) ref() string { return refOfCaptions(h.Asset.Position, h.Language) }

// CaptionQuery looks for words in what is said. Zero fields but Words select all that the
// asker may see.
type CaptionQuery struct {
	By       Asker
	Words    string    // all of them stand in one caption, or in two that follow one another
	Language string    // of the captions, a BCP 47 tag
	Topic    string    // of the asset
	Format   string    // of the asset's master; see AssetQuery
	From, To time.Time // the asset was published in [From, To)
	Cursor   string    // from the page before
	Limit    int       // 1 to MaxPage
}

// SearchCaptions looks into the assets that the asker may see. Hits are newest first. A
// page is full unless there are no more, or so many captions have all the words far apart
// that they cannot all be read: then it may be short and still have a next one. See
// search.terms for what words may be.
func (c *Catalog) SearchCaptions(ctx context.Context, q CaptionQuery) (hits []CaptionHit, next string, err error) {
	return c.searchCaptions(ctx, q, &reading{maxRead, time.Now().Add(maxReading)})
}

// reading is how much a search may still go through: any words that are common are found
// together in the index, wherever they stand.
type reading struct {
	cues  int
	until time.Time
}

func (r *reading) over() bool { return r.cues <= 0 || time.Now().After(r.until) }

func (c *Catalog) searchCaptions(ctx context.Context, q CaptionQuery, left *reading) (hits []CaptionHit, next string, err error) {
	wanted, limit := q.search(), min(max(q.Limit, 1), MaxPage)
	hits = []CaptionHit{}
	if len(wanted.terms()) == 0 {
		return hits, "", nil
	}
	for {
		refs, err := c.captionsWith(ctx, q, wanted)
		if err != nil {
			return nil, "", err
		}
		// One more than there is room for tells whether there is a page behind this one.
		found, stopped, err := c.lookInto(ctx, q, refs, limit+1-len(hits), left)
		if err != nil {
			return nil, "", err
		}
		hits = append(hits, found...)
		switch {
		case len(hits) > limit:
			return hits[:limit], hits[limit-1].ref(), nil
		case stopped != "" || len(refs) < searchTurn:
			return hits, stopped, nil
		}
		wanted.before = refs[len(refs)-1]
	}
}

func (q *CaptionQuery) search() search {
	wanted := search{words: q.Words, facets: facets("lang", q.Language, "topic", q.Topic, "format", q.Format), before: q.Cursor}
	wanted.boundTo(q.From, q.To)
	return wanted
}

// captionsWith are the refs of the next captions in which all words stand.
func (c *Catalog) captionsWith(ctx context.Context, q CaptionQuery, wanted search) (refs []string, err error) {
	err = c.tryWays(ctx, wanted, saidList, func(way search) (full bool, err error) {
		refs = nil
		if err := c.selectCaptions(q, way).Limit(searchTurn).Scan(ctx, &refs); err != nil {
			return false, fmt.Errorf("search captions: %w", err)
		}
		return len(refs) == searchTurn, nil
	})
	return refs, err
}

// selectCaptions is the query for the refs of captions in which all words stand, newest
// first.
func (c *Catalog) selectCaptions(q CaptionQuery, wanted search) *bun.SelectQuery {
	query := q.By.finds(c.db.NewSelect().ColumnExpr("document.ref"))
	published(query, q.From, q.To)
	return wanted.narrow(c, query, saidList)
}

// lookInto finds hits in captions, named by the refs of their documents, until there are
// enough or no more is to be read; then stopped is the ref of the last.
func (c *Catalog) lookInto(ctx context.Context, q CaptionQuery, refs []string, enough int, left *reading) (hits []CaptionHit, stopped string, err error) {
	seen, err := c.assetsOf(ctx, q.By, refs)
	if err != nil {
		return nil, "", err
	}
	terms := search{words: q.Words}.terms()
	for _, ref := range refs {
		position, language, _ := strings.Cut(ref, "/")
		hit := CaptionHit{Asset: seen[position], Language: language}
		if hit.Asset.ID == "" {
			continue // it was hidden meanwhile
		}
		if err := c.look(ctx, &hit, terms, left); err != nil {
			return nil, "", err
		}
		if len(hit.Cues) > 0 {
			hits = append(hits, hit)
		}
		if len(hits) == enough || left.over() {
			return hits, ref, nil
		}
	}
	return hits, "", nil
}

// SearchAssetCaptions is SearchCaptions in one asset, in all its languages. Errors:
// NotFound.
func (c *Catalog) SearchAssetCaptions(ctx context.Context, by Asker, assetID, words string) ([]CaptionHit, error) {
	asset, err := c.Asset(ctx, by, assetID)
	if err != nil {
		return nil, err
	}
	all, err := captionsOf(ctx, c.db, assetID)
	if err != nil {
		return nil, err
	}
	hits := []CaptionHit{}
	for i := range all {
		if cues := cuesWith(all[i].Cues, search{words: words}.terms()); len(cues) > 0 {
			hits = append(hits, CaptionHit{asset, all[i].Language, cues})
		}
	}
	return hits, nil
}

// assetsOf are those of captions, named by the refs of their documents, that the asker
// may see, by their positions.
func (c *Catalog) assetsOf(ctx context.Context, by Asker, refs []string) (map[string]Asset, error) {
	seen := map[string]Asset{}
	if len(refs) == 0 {
		return seen, nil
	}
	positions := make([]string, len(refs))
	for i, ref := range refs {
		positions[i], _, _ = strings.Cut(ref, "/")
	}
	var assets []Asset
	if err := by.finds(c.db.NewSelect().Model(&assets)).Where("asset.position IN (?)", bun.List(positions)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	for i := range assets {
		seen[assets[i].Position] = assets[i]
	}
	return seen, nil
}

// look finds the cues of a hit, if there are some. Captions are read one after another, so
// that no more of them are decoded than are looked into.
func (c *Catalog) look(ctx context.Context, hit *CaptionHit, terms []term, left *reading) error {
	var captions Captions
	err := c.db.NewSelect().Model(&captions).Where("asset_id = ? AND language = ?", hit.Asset.ID, hit.Language).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // they were taken away meanwhile
	}
	if err != nil {
		return fmt.Errorf("read captions: %w", err)
	}
	left.cues -= len(captions.Cues)
	hit.Cues = cuesWith(captions.Cues, terms)
	return nil
}

// cuesWith are the captions in which all terms stand; where no single one has them, two
// that follow one another.
func cuesWith(cues []Cue, terms []term) (found []Cue) {
	if len(terms) == 0 {
		return nil
	}
	words := make([][]string, len(cues))
	for i, cue := range cues {
		words[i] = foldedWords(cue.Plain())
		if len(found) < maxLines && hasAll(words[i], terms) {
			found = append(found, cue)
		}
	}
	if len(found) > 0 {
		return found
	}
	for i := 0; i+1 < len(cues) && len(found) < maxLines; i++ {
		if cues[i+1].Start-cues[i].End <= breath && hasAll(append(words[i][:len(words[i]):len(words[i])], words[i+1]...), terms) {
			found = append(found, Cue{cues[i].Start, max(cues[i].End, cues[i+1].End), cues[i].Text + "\n" + cues[i+1].Text})
		}
	}
	return found
}

func hasAll(words []string, terms []term) bool {
	for _, t := range terms {
		if !t.found(words) {
			return false
		}
	}
	return true
}

// FrameAt is the frame that is shown at a time of the asset, counted from 0. The asset is
// ready.
func (a *Asset) FrameAt(at time.Duration) int64 { return a.Source.Timecode.Rate.FrameAt(at) }
