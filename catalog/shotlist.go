package catalog

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"subclip/database"
	"subclip/timecode"

	"github.com/uptrace/bun"
)

// Limits of a shotlist.
const (
	maxShots    = 2000
	maxShotText = 2000 // characters
)

// Shot is a timed description of a part of an asset. Frames are counted from 0 at the
// asset's first.
type Shot struct {
	bun.BaseModel `bun:"table:shots"`

	AssetID  string `bun:",pk"`
	Number   int    `bun:",pk"` // its place in the list, from 0
	In       int64  `bun:"in_frame"`
	Out      int64  `bun:"out_frame,nullzero"` // the first frame that is not part of it; 0 where nobody says
	Text     string
	Language string // BCP 47 tag, or empty
}

// Shotlist returns the shots of an asset that the asker may see, in order. Errors:
// NotFound.
func (c *Catalog) Shotlist(ctx context.Context, by Asker, assetID string) ([]Shot, error) {
	if _, err := c.Asset(ctx, by, assetID); err != nil {
		return nil, err
	}
	return shotsOf(ctx, c.db, assetID)
}

func shotsOf(ctx context.Context, db bun.IDB, assetID string) ([]Shot, error) {
	shots := []Shot{}
	if err := db.NewSelect().Model(&shots).Where("asset_id = ?", assetID).OrderExpr("number").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the shotlist of asset %s: %w", assetID, err)
	}
	return shots, nil
}

// PutShotlist replaces an asset's shotlist and returns it, in the order of its marks.
// Of the shots, asset and number are set here. It is one change of the asset, of one of
// these versions. Errors: Invalid, NotFound, Stale, and Conflict before the asset is ready.
func (c *Catalog) PutShotlist(ctx context.Context, by Asker, assetID string, shots []Shot, of Versions) ([]Shot, error) {
	asset, err := c.readyAsset(ctx, by, assetID)
	if err != nil {
		return nil, err
	}
	shots = slices.Clone(shots)
	if err := checkShots(&asset, shots); err != nil {
		return nil, err
	}
	slices.SortStableFunc(shots, func(a, b Shot) int { return int(a.In - b.In) })
	for i := range shots {
		shots[i].AssetID, shots[i].Number = assetID, i
	}
	return shots, c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		asset, err := holdAsset(ctx, tx, by, assetID)
		if err != nil {
			return err
		}
		if err := of.Check(asset.Version); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model(&asset).Set("version = version + 1, changed_at = ?", database.Now()).WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("count the change of asset %s: %w", assetID, err)
		}
		if _, err := tx.NewDelete().Model((*Shot)(nil)).Where("asset_id = ?", assetID).Exec(ctx); err != nil {
			return fmt.Errorf("replace the shotlist of asset %s: %w", assetID, err)
		}
		if len(shots) > 0 {
			if _, err := tx.NewInsert().Model(&shots).Exec(ctx); err != nil {
				return fmt.Errorf("store the shotlist of asset %s: %w", assetID, err)
			}
		}
		return c.indexAsset(ctx, tx, assetID)
	})
}

// checkShots tidies shots, or names what cannot be kept.
func checkShots(asset *Asset, shots []Shot) error {
	if len(shots) > maxShots {
		return invalid("shots", "there are %d shots: %d are the most", len(shots), maxShots)
	}
	base, frames := asset.Source.Timecode, asset.Source.Frames
	for i := range shots {
		shot, field := &shots[i], fmt.Sprintf("shots[%d].", i)
		shot.Text = tidyText(shot.Text)
		switch {
		case shot.In < 0 || shot.In >= frames:
			return invalid(field+"in", "%s is not in the video: it goes from %s to %s", base.Timecode(shot.In), base.Timecode(0), base.Timecode(frames-1))
		case shot.Out > frames:
			return invalid(field+"out", "%s is after the video's end: use %s at most", base.Timecode(shot.Out), base.Timecode(frames))
		case shot.Out != 0 && shot.Out <= shot.In:
			return invalid(field+"out", "the shot ends at %s, before it begins: exchange the marks", base.Timecode(shot.Out))
		case shot.Text == "":
			return invalid(field+"text", "the shot has no text: write what is seen")
		case len([]rune(shot.Text)) > maxShotText:
			return invalid(field+"text", "the text has more than %d characters: shorten it", maxShotText)
		}
	}
	return nil
}

// shotLine is a number, if there is one, a mark or two, and a text.
var shotLine = regexp.MustCompile(`^(?:\d{1,4}[.)]\s+)?[\[(]?` + shotMark + `[\])]?(?:\s*(?:-->|[-–—/>]|to\b)\s*[\[(]?` + shotMark + `[\])]?)?(?:[\s:.|–—-]+(.*))?$`)

const shotMark = `(\d{1,2}:\d{2}:\d{2}[:;]\d{2,3}|\d{1,6}(?::\d{2}){1,2}(?:[.,]\d{1,9})?)`

// ParseShotlist reads a shotlist as people write it: lines that begin with a timecode
// or a media time, or with two, for the first frame of a shot and the first after it;
// they may be numbered. A line without a time goes on with the text of the one before:
//
//	10:00:05:12 Exterior, headquarters
//	00:12 - 00:15 SOUNDBITE (English) Ann Example, spokesperson:
//	"We have an agreement."
//	3. 10:00:20:00-10:00:25:00 Various of delegates
//
// The error, an Invalid Error for the field text, names the line.
func ParseShotlist(base timecode.Base, text string) ([]Shot, error) {
	shots := []Shot{}
	line := 0 // of the last shot
	finished := func() error {
		if len(shots) > 0 && shots[len(shots)-1].Text == "" {
			return invalid("text", "line %d has a time and no text: write what is seen behind it", line)
		}
		return nil
	}
	for i, written := range strings.Split(tidyText(text), "\n") {
		written = tidy(written)
		parts := shotLine.FindStringSubmatch(written)
		switch {
		case written == "":
		case parts != nil:
			if err := finished(); err != nil {
				return nil, err
			}
			shot, err := readShot(base, parts[1], parts[2])
			if err != nil {
				return nil, invalid("text", "line %d: %s", i+1, err)
			}
			shot.Text = parts[3]
			shots, line = append(shots, shot), i+1
		case len(shots) == 0:
			return nil, invalid("text", "line %d has no time: begin it with a timecode such as %s, or a time from the start such as 00:12", i+1, base.Timecode(0))
		default:
			last := &shots[len(shots)-1]
			last.Text = strings.TrimSpace(last.Text + " " + written)
		}
	}
	return shots, finished()
}

// readShot reads the marks of a shot; out may be empty.
func readShot(base timecode.Base, in, out string) (shot Shot, err error) {
	comma := strings.NewReplacer(",", ".")
	if shot.In, err = base.Parse(comma.Replace(in)); err != nil {
		return shot, err
	}
	if out == "" {
		return shot, nil
	}
	if shot.Out, err = base.Parse(comma.Replace(out)); err != nil {
		return shot, err
	}
	if shot.Out <= shot.In {
		return shot, fmt.Errorf("the shot ends at %s, before it begins: exchange the times", out)
	}
	return shot, nil
}
