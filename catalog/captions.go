package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"subclip/database"

	"github.com/uptrace/bun"
	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// CaptionsSource is where captions come from.
type CaptionsSource string

// The sources of captions.
const (
	CaptionsExtracted CaptionsSource = "extracted" // out of the master
	CaptionsUploaded  CaptionsSource = "uploaded"  // by an editor; these stay
)

// Limits of captions.
const (
	maxCues    = 30_000
	maxCueText = 2000 // characters
)

// Cue is a caption and when it is shown, from the asset's first frame. Its text is as
// in WebVTT, with no markup but i, b and u.
type Cue struct {
	Start, End time.Duration
	Text       string
}

// Plain is the text as one line without markup.
func (c Cue) Plain() string {
	var plain strings.Builder
	walkCue(c.Text, func(token html.Token) {
		if token.Type == html.TextToken {
			plain.WriteString(token.Data)
		}
	})
	return tidy(plain.String())
}

// lasts reports whether the caption ends after it begins.
func (c Cue) lasts() bool { return c.Start >= 0 && c.End > c.Start }

// Captions are what is said in an asset, in one language.
type Captions struct {
	bun.BaseModel `bun:"table:captions,alias:captions"`

	AssetID   string `bun:",pk"`
	Language  string `bun:",pk"` // BCP 47 tag; und where nobody knows
	Source    CaptionsSource
	Cues      []Cue
	ChangedAt time.Time
}

// PutCaptions stores captions of an asset in a language, a BCP 47 tag or ISO 639 code;
// empty means unknown. They take the place of earlier ones, except that what was
// uploaded is not overwritten by what is extracted: then nothing happens. Cues are
// sorted by their start, empty ones left out, as are extracted ones that do not last, and markup but for i, b and u taken away.
// Errors: Invalid, NotFound.
func (c *Catalog) PutCaptions(ctx context.Context, assetID string, language string, source CaptionsSource, cues []Cue) error {
	tag, err := captionsLanguage(language)
	if err != nil {
		return err
	}
	if _, err := c.Asset(ctx, House(), assetID); err != nil {
		return err
	}
	if source == CaptionsExtracted { // nobody could mend it
		cues = slices.DeleteFunc(slices.Clone(cues), func(c Cue) bool { return !c.lasts() })
	}
	cues, err = tidyCues(cues)
	if err != nil {
		return err
	}
	captions := &Captions{AssetID: assetID, Language: tag, Source: source, Cues: cues, ChangedAt: database.Now()}
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		insert := tx.NewInsert().Model(captions).On("CONFLICT (asset_id, language) DO UPDATE").
			Set("source = EXCLUDED.source, cues = EXCLUDED.cues, changed_at = EXCLUDED.changed_at")
		if source == CaptionsExtracted {
			insert.Where("captions.source = ?", CaptionsExtracted)
		}
		if _, err := insert.Exec(ctx); err != nil {
			return fmt.Errorf("store captions of asset %s in %s: %w", assetID, tag, err)
		}
		if source == CaptionsUploaded {
			if err := touch(ctx, tx, assetID); err != nil {
				return err
			}
		}
		return c.indexSaidIn(ctx, tx, assetID, tag)
	})
}

// captionsLanguage is a language's tag in its canonical form.
func captionsLanguage(code string) (string, error) {
	if code == "" {
		return language.Und.String(), nil
	}
	tag, err := language.Parse(code)
	if err != nil {
		return "", invalid("language", "%q is no language: write a tag such as en or fr-CA", code)
	}
	return tag.String(), nil
}

// Captions returns the captions of an asset that the asker may see, in a language, or a
// NotFound Error.
func (c *Catalog) Captions(ctx context.Context, by Asker, assetID, language string) (Captions, error) {
	var captions Captions
	if _, err := c.Asset(ctx, by, assetID); err != nil {
		return captions, err
	}
	tag, err := captionsLanguage(language)
	if err != nil {
		return captions, notFound("there are no captions in %q", language)
	}
	err = c.db.NewSelect().Model(&captions).Where("asset_id = ? AND language = ?", assetID, tag).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return captions, notFound("there are no captions in %q", language)
	}
	if err != nil {
		return captions, fmt.Errorf("read captions of asset %s in %s: %w", assetID, tag, err)
	}
	return captions, nil
}

// AllCaptions returns all captions of an asset that the asker may see, by language.
// Errors: NotFound.
func (c *Catalog) AllCaptions(ctx context.Context, by Asker, assetID string) ([]Captions, error) {
	if _, err := c.Asset(ctx, by, assetID); err != nil {
		return nil, err
	}
	return captionsOf(ctx, c.db, assetID)
}

func captionsOf(ctx context.Context, db bun.IDB, assetID string) ([]Captions, error) {
	all := []Captions{}
	if err := db.NewSelect().Model(&all).Where("asset_id = ?", assetID).OrderExpr("language").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the captions of asset %s: %w", assetID, err)
	}
	return all, nil
}

// DeleteCaptions removes captions of an asset. Errors: NotFound.
func (c *Catalog) DeleteCaptions(ctx context.Context, by Asker, assetID, language string) error {
	captions, err := c.Captions(ctx, by, assetID, language)
	if err != nil {
		return err
	}
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model(&captions).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("delete captions of asset %s in %s: %w", assetID, captions.Language, err)
		}
		if err := touch(ctx, tx, assetID); err != nil {
			return err
		}
		return c.indexSaidIn(ctx, tx, assetID, captions.Language)
	})
}

// touch says that an editor has changed an asset.
func touch(ctx context.Context, tx bun.Tx, assetID string) error {
	_, err := tx.NewUpdate().Model((*Asset)(nil)).Set("changed_at = ?", database.Now()).Where("id = ?", assetID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("say that asset %s has changed: %w", assetID, err)
	}
	return nil
}

// tidyCues brings cues into the form in which they are kept, or names what cannot be.
func tidyCues(cues []Cue) ([]Cue, error) {
	if len(cues) > maxCues {
		return nil, invalid("captions", "there are %d captions: %d are the most", len(cues), maxCues)
	}
	tidied := []Cue{}
	for i, cue := range cues {
		cue.Text = tidyCue(cue.Text)
		switch {
		case cue.Text == "":
			continue
		case !cue.lasts():
			return nil, invalid("captions", "caption %d goes from %s to %s: let it end after it begins", i+1, CueTime(cue.Start), CueTime(cue.End))
		case len([]rune(cue.Text)) > maxCueText:
			return nil, invalid("captions", "caption %d, at %s, has more than %d characters: shorten it", i+1, CueTime(cue.Start), maxCueText)
		}
		tidied = append(tidied, cue)
	}
	slices.SortStableFunc(tidied, func(a, b Cue) int { return int(a.Start - b.Start) })
	return tidied, nil
}

// tidyCue takes away markup but for i, b and u, closes what is open, and writes as a
// reference what could be taken for markup.
func tidyCue(text string) string {
	var tidied strings.Builder
	open := []string{}
	walkCue(text, func(token html.Token) {
		switch at := slices.Index(open, token.Data); {
		case token.Type == html.TextToken:
			tidied.WriteString(escapeCue(token.Data))
		case !slices.Contains([]string{"i", "b", "u"}, token.Data):
		case token.Type == html.StartTagToken && at < 0:
			open = append(open, token.Data)
			tidied.WriteString("<" + token.Data + ">")
		case token.Type == html.EndTagToken && at >= 0:
			for len(open) > at {
				tidied.WriteString("</" + open[len(open)-1] + ">")
				open = open[:len(open)-1]
			}
		}
	})
	for _, tag := range slices.Backward(open) {
		tidied.WriteString("</" + tag + ">")
	}
	lines := []string{}
	for line := range strings.SplitSeq(tidyText(tidied.String()), "\n") {
		if line = tidy(line); line != "" { // an empty line would end the cue
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// escapeCue writes text so that it is text in WebVTT.
func escapeCue(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "").Replace(text)
}

// walkCue calls visit for the text and the tags of a cue.
func walkCue(text string, visit func(html.Token)) {
	tokens := html.NewTokenizerFragment(strings.NewReader(text), "div")
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		// What is between such tags is otherwise taken as it is.
		tokens.NextIsNotRawText()
		visit(token)
	}
}

// WebVTT writes captions as a file.
func (c *Captions) WebVTT() string {
	var file strings.Builder
	file.WriteString("WEBVTT\n")
	for _, cue := range c.Cues {
		fmt.Fprintf(&file, "\n%s --> %s\n%s\n", CueTime(cue.Start), CueTime(cue.End), cue.Text)
	}
	return file.String()
}

// CueTime is a time as WebVTT writes it; what is less than a millisecond is left out.
func CueTime(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}
