package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Limits of a search in what is said.
const (
	maxLines   = 20 // of one hit
	searchTurn = 50 // captions that are looked into at a time
	maxTurns   = 4
	breath     = 5 * time.Second // a sentence goes on in the next caption within
)

// CaptionHit is an asset in which something is said, and where.
type CaptionHit struct {
	Asset    Asset
	Language string
	Cues     []Cue // in order, at most 20; where a sentence goes over two captions, both as one
}

// SearchCaptions looks for words in what is said in the assets that the asker may see:
// all of them stand in one caption, or in two that follow one another. Hits are newest
// first. A page may be short, even empty, and still have a next one; see search.terms
// for what words may be.
func (c *Catalog) SearchCaptions(ctx context.Context, by Asker, words, cursor string, limit int) (hits []CaptionHit, next string, err error) {
	wanted := search{words: words, before: cursor}
	terms := wanted.terms()
	if len(terms) == 0 {
		return []CaptionHit{}, "", nil
	}
	limit = min(max(limit, 1), MaxPage)
	for range maxTurns {
		var refs []string
		query := c.db.NewSelect().ColumnExpr("document.ref").Limit(searchTurn)
		if err := wanted.documents(c, query, captionsDocument, "(SELECT 1) AS one ON TRUE").Scan(ctx, &refs); err != nil {
			return nil, "", fmt.Errorf("search captions: %w", err)
		}
		found, err := c.hits(ctx, by, refs, terms)
		if err != nil {
			return nil, "", err
		}
		for _, ref := range refs {
			wanted.before = ref
			hit, ok := found[ref]
			if !ok {
				continue
			}
			if hits = append(hits, hit); len(hits) == limit {
				return hits, wanted.before, nil
			}
		}
		if len(refs) < searchTurn {
			return hits, "", nil
		}
	}
	return hits, wanted.before, nil
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

// hits looks into captions, named by the refs of their documents.
func (c *Catalog) hits(ctx context.Context, by Asker, refs []string, terms []term) (map[string]CaptionHit, error) {
	hits := map[string]CaptionHit{}
	if len(refs) == 0 {
		return hits, nil
	}
	wanted, ids := map[string]bool{}, []string{}
	for _, ref := range refs {
		id, _, _ := strings.Cut(ref, "/")
		wanted[ref], ids = true, append(ids, id)
	}
	var assets []Asset
	if err := by.finds(c.db.NewSelect().Model(&assets)).Where("asset.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	seen := map[string]Asset{}
	for i := range assets {
		seen[assets[i].ID] = assets[i]
	}
	var all []Captions
	if err := c.db.NewSelect().Model(&all).Where("asset_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read captions: %w", err)
	}
	for i := range all {
		captions := &all[i]
		asset, ok := seen[captions.AssetID]
		ref := captions.AssetID + "/" + captions.Language
		if !ok || !wanted[ref] {
			continue
		}
		if cues := cuesWith(captions.Cues, terms); len(cues) > 0 {
			hits[ref] = CaptionHit{asset, captions.Language, cues}
		}
	}
	return hits, nil
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
