package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/timecode"

	"github.com/danielgtaylor/huma/v2"
)

const shotlistChanged accounts.Action = "shotlist-changed"

// Shot is a timed description of a part of an asset.
type Shot struct {
	In       string `json:"in" doc:"timecode of the first frame"`
	Out      string `json:"out,omitempty" doc:"timecode of the first frame that is not part of it; missing where nobody says"`
	InFrame  int64  `json:"in_frame" doc:"counted from 0 at the asset's first frame"`
	OutFrame int64  `json:"out_frame,omitempty"`
	Text     string `json:"text"`
	Language string `json:"language,omitempty" doc:"BCP 47 tag"`
}

type (
	writtenShot struct {
		In       string `json:"in" maxLength:"40" doc:"timecode, or time from the first frame" example:"10:00:05:12"`
		Out      string `json:"out,omitempty" maxLength:"40"`
		Text     string `json:"text" minLength:"1" maxLength:"2000"`
		Language string `json:"language,omitempty" maxLength:"35" doc:"BCP 47 tag"`
	}
	putShotlistInput struct {
		AssetInput
		Precondition
		Body struct {
			Shots    []writtenShot `json:"shots,omitempty" maxItems:"2000"`
			Text     string        `json:"text,omitempty" maxLength:"500000" doc:"instead of shots: lines that begin with a time, as one would paste them" example:"10:00:05:12 Exterior, headquarters"`
			Language string        `json:"language,omitempty" maxLength:"35" doc:"of the text, a BCP 47 tag"`
		}
	}
	shotlistOutput struct {
		Body struct {
			Shots []Shot `json:"shots" nullable:"false"`
		}
	}
)

func (a *API) shotlists(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/assets/{id}/shotlist", "get-shotlist", "What is seen when", http.StatusOK, 404),
		func(ctx context.Context, in *AssetInput) (*shotlistOutput, error) {
			asset, err := a.catalog.Asset(ctx, catalog.From(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			shots, err := a.catalog.Shotlist(ctx, catalog.From(ctx), in.ID)
			return shotlist(&asset, shots), err
		})
	put := operation(http.MethodPut, "/v1/assets/{id}/shotlist", "put-shotlist", "Replace an asset's shotlist", http.StatusOK, 404, 409, 412, 413, 415, 422)
	put.Description = "Takes a list of shots, or a text of lines such as `00:12 - 00:15 SOUNDBITE (English) …`; a line without a time goes on with the one before."
	register(a, api, put, a.putShotlist)
}

func shotlist(asset *catalog.Asset, rows []catalog.Shot) *shotlistOutput {
	out := new(shotlistOutput)
	out.Body.Shots = []Shot{}
	for _, row := range rows {
		base := asset.Source.Timecode // there are no shots without it
		shot := Shot{In: base.Timecode(row.In), InFrame: row.In, OutFrame: row.Out, Text: row.Text, Language: row.Language}
		if row.Out > 0 {
			shot.Out = base.Timecode(row.Out)
		}
		out.Body.Shots = append(out.Body.Shots, shot)
	}
	return out
}

func (a *API) putShotlist(ctx context.Context, in *putShotlistInput) (*shotlistOutput, error) {
	asset, err := a.catalog.Asset(ctx, catalog.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	var shots []catalog.Shot
	switch b := in.Body; {
	case asset.Source == nil: // the catalogue says why it takes none
	case b.Text != "" && len(b.Shots) > 0:
		return nil, &catalog.Error{Kind: catalog.Invalid, Field: "text", Message: "give either shots or a text"}
	case b.Text != "":
		shots, err = catalog.ParseShotlist(asset.Source.Timecode, b.Text)
		for i := range shots {
			shots[i].Language = b.Language
		}
	default:
		shots, err = readShots(asset.Source.Timecode, b.Shots)
	}
	if err != nil {
		return nil, err
	}
	stored, err := a.catalog.PutShotlist(ctx, catalog.From(ctx), in.ID, shots, in.versions())
	if err != nil {
		return nil, err
	}
	return shotlist(&asset, stored), a.record(ctx, shotlistChanged, asset.ID, asset.Title)
}

// readShots turns marks into frames.
func readShots(base timecode.Base, written []writtenShot) ([]catalog.Shot, error) {
	shots := []catalog.Shot{}
	for i, w := range written {
		shot := catalog.Shot{Text: w.Text, Language: w.Language}
		for _, mark := range []struct {
			name, text string
			frame      *int64
		}{{"in", w.In, &shot.In}, {"out", w.Out, &shot.Out}} {
			if mark.name == "out" && mark.text == "" {
				continue
			}
			frame, err := base.Parse(mark.text)
			if err != nil {
				return nil, &catalog.Error{Kind: catalog.Invalid, Field: fmt.Sprintf("shots[%d].%s", i, mark.name), Message: err.Error()}
			}
			*mark.frame = frame
		}
		if w.Out != "" && shot.Out <= shot.In {
			return nil, &catalog.Error{Kind: catalog.Invalid, Field: fmt.Sprintf("shots[%d].out", i), Message: "the shot ends before it begins: exchange the marks"}
		}
		shots = append(shots, shot)
	}
	return shots, nil
}
