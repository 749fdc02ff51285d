package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// refOfCaptions names the document of captions of the asset at a position.
func refOfCaptions(position, language string) string { return position + "/" + language }

// indexSaid writes the documents of an asset and of all its captions, which are found by
// what the asset is, too.
func (c *Catalog) indexSaid(ctx context.Context, tx bun.Tx, assetID string) error {
	return c.indexCaptionsIf(ctx, tx, assetID, func(string) bool { return true })
}

// indexSaidIn writes the documents of an asset and of its captions in the one language in
// which they have changed.
func (c *Catalog) indexSaidIn(ctx context.Context, tx bun.Tx, assetID, language string) error {
	return c.indexCaptionsIf(ctx, tx, assetID, func(of string) bool { return of == language })
}

// indexCaptionsIf writes the document of an asset and those of its captions that are due,
// named by their languages. The asset's comes first, so that two who do so wait for one another.
func (c *Catalog) indexCaptionsIf(ctx context.Context, tx bun.Tx, assetID string, due func(language string) bool) error {
	asset, all, err := c.describeAsset(ctx, tx, assetID)
	if err != nil {
		return err
	}
	var gone []string
	err = tx.NewSelect().Table("documents").Column("ref").Where("kind = ? AND ref >= ? AND ref < ?", captionsDocument, asset.Position, asset.Position+afterAll).Scan(ctx, &gone)
	if err != nil {
		return fmt.Errorf("look for the captions of asset %s: %w", assetID, err)
	}
	for i := range all {
		ref := refOfCaptions(asset.Position, all[i].Language)
		gone = slices.DeleteFunc(gone, func(known string) bool { return known == ref })
		if !due(all[i].Language) {
			continue
		}
		if err := c.indexCaptions(ctx, tx, ref, &asset, &all[i]); err != nil {
			return err
		}
	}
	for _, ref := range gone {
		if _, language, _ := strings.Cut(ref, "/"); !due(language) {
			continue
		}
		if err := c.forgetDocument(ctx, tx, captionsDocument, ref); err != nil {
			return err
		}
	}
	return nil
}

func (c *Catalog) indexCaptions(ctx context.Context, tx bun.Tx, ref string, asset *Asset, captions *Captions) error {
	if err := c.openCaptions(ctx, tx, ref, asset.Position); err != nil {
		return err
	}
	about := append(facets("lang", captions.Language), asset.facets()...)
	return c.writeDocument(ctx, tx, captionsDocument, ref, documentWords(captions.words()...), about)
}

// openCaptions is openDocument for captions, whose number on SQLite is chosen. Whoever
// calls holds the document of their asset.
func (c *Catalog) openCaptions(ctx context.Context, tx bun.Tx, ref, position string) error {
	if c.db.IsSQLite() {
		first, next := firstCaptionsOf("asset.number"), firstCaptionsOf("(asset.number + 1)")
		_, err := tx.NewRaw("INSERT INTO documents (number, kind, ref) "+
			"SELECT coalesce((SELECT max(number) FROM documents WHERE number >= ? AND number < ?), ? - 1) + 1, ?, ? "+
			"FROM documents AS asset WHERE asset.kind = ? AND asset.ref = ? ON CONFLICT (kind, ref) DO NOTHING",
			first, next, first, captionsDocument, ref, assetDocument, position).Exec(ctx)
		if err != nil {
			return fmt.Errorf("number the captions %s: %w", ref, err)
		}
	}
	return openDocument(ctx, tx, captionsDocument, ref, time.Time{})
}
