package httpapi

import (
	"context"
	"net/http"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/danielgtaylor/huma/v2"
)

// Asset is a published video as the API shows it.
type Asset struct {
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Language    string    `json:"language" doc:"BCP 47 tag"`
	Filename    string    `json:"filename" doc:"of the master, as delivered"`
	Status      string    `json:"status" enum:"processing,ready,failed"`
	Reason      string    `json:"reason,omitempty" doc:"why it failed"`
	Size        int64     `json:"size" doc:"of the master, bytes"`
	CreatedAt   time.Time `json:"created_at"`

	PublishedAt  *time.Time `json:"published_at,omitempty" doc:"when it came out: once it was stored, or its embargo was over"`
	EmbargoUntil *time.Time `json:"embargo_until,omitempty" doc:"before, only editors see it"`
	WithdrawnAt  *time.Time `json:"withdrawn_at,omitempty" doc:"when it was taken back: only editors see it, and nothing of it is delivered"`
	ReplacedBy   string     `json:"replaced_by,omitempty" doc:"id of the asset that has taken its place"`

	Restrictions string             `json:"restrictions" doc:"what those who use it must keep to"`
	Source       *transcoder.Source `json:"source,omitempty" doc:"facts of the master, once ready"`
	Topics       []string           `json:"topics" nullable:"false"`
	Keywords     []string           `json:"keywords" nullable:"false"`
	People       []string           `json:"people" nullable:"false" doc:"who is seen or heard"`
	Places       []string           `json:"places" nullable:"false" doc:"where it was shot"`
	ShotOn       string             `json:"shot_on,omitempty" format:"date" doc:"the day it was shot"`
	ProxyURL     string             `json:"proxy_url,omitempty" doc:"signed URL of a light rendition to play"`
	PosterURL    string             `json:"poster_url,omitempty" doc:"signed URL of a still"`
	Sounds       []Sound            `json:"sounds" nullable:"false" doc:"the light rendition's sound tracks but the first, since most browsers play that one alone; empty also where it was made before there were such"`

	Storyboard *string            `json:"storyboard" doc:"path of a WebVTT file that names small pictures of all of it; null until there is one"`
	Waveforms  []Waveform         `json:"waveforms" nullable:"false"`
	Loudness   []catalog.Loudness `json:"loudness" nullable:"false" doc:"of the sound tracks, as EBU R 128 measures it"`
}

func (a *API) asset(ctx context.Context, row *catalog.Asset) (Asset, error) {
	out := Asset{
		ID: row.ID, Title: row.Title, Description: row.Description, Language: row.Language, Filename: row.Filename,
		Status: string(row.Status), Reason: row.Reason, Size: row.Size, CreatedAt: row.CreatedAt, Source: row.Source,
		Restrictions: row.Restrictions, EmbargoUntil: orNull(row.EmbargoUntil), WithdrawnAt: orNull(row.WithdrawnAt),
		ReplacedBy: row.ReplacedBy, PublishedAt: outSince(row),
		Waveforms: []Waveform{}, Loudness: []catalog.Loudness{}, Sounds: []Sound{},
		Topics: row.Topics, Keywords: row.Keywords, People: row.People, Places: row.Places, ShotOn: row.ShotOn,
	}
	if !row.Shown() {
		return out, nil
	}
	out.addAids(row)
	if err := a.addSounds(ctx, &out, row); err != nil {
		return out, err
	}
	for _, link := range []struct {
		key string
		url *string
	}{{row.ProxyKey, &out.ProxyURL}, {row.PosterKey, &out.PosterURL}} {
		signed, err := a.store.ViewURL(ctx, link.key)
		if err != nil {
			return out, err
		}
		*link.url = signed.URL
	}
	return out, nil
}

// outSince is when an asset came out, nil if it has not.
func outSince(row *catalog.Asset) *time.Time {
	if !row.IsOut() {
		return nil
	}
	return orNull(row.ReleasedAt)
}

// titleOf is the title of an asset that a row names, empty where whoever asks may not know
// of it.
func titleOf(ctx context.Context, row *catalog.Asset) string {
	if catalog.From(ctx).Sees(row) {
		return row.Title
	}
	return ""
}

// orNull is a time that may be missing.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type (
	listAssetsInput struct {
		Q      string `query:"q" maxLength:"200" doc:"words that stand in title, description, people, places, keywords, stories, shotlist or captions; the last may go on, phrases stand in quotes"`
		Lang   string `query:"lang" maxLength:"35" doc:"BCP 47 tag"`
		Topic  string `query:"topic" maxLength:"40" doc:"of those that list-topics gives"`
		Format string `query:"format" maxLength:"40" doc:"of the master: uhd, hd or sd, a container such as mxf, or a codec such as h264"`
		PublishedInput
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	assetPage struct {
		Assets []Asset `json:"assets" nullable:"false"`
		Next   string  `json:"next,omitempty" doc:"cursor of the next page"`
	}
	listAssetsOutput struct{ Body assetPage }
	// AssetInput names an asset; huma reads embedded inputs only if exported.
	AssetInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	assetOutput struct {
		ETag string `header:"ETag"`
		Body Asset
	}
	formatsOutput struct {
		Body struct {
			Formats []transcoder.Format `json:"formats" nullable:"false"`
		}
	}
)

func (a *API) assets(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/assets", "list-assets", "Find assets, newest first", http.StatusOK, 422), a.listAssets)
	register(a, api, operation(http.MethodGet, "/v1/assets/{id}", "get-asset", "One asset", http.StatusOK, 404),
		func(ctx context.Context, in *AssetInput) (*assetOutput, error) {
			row, err := a.catalog.Asset(ctx, catalog.From(ctx), in.ID)
			if err != nil {
				return nil, a.orSuccessor(ctx, in.ID, err)
			}
			body, err := a.asset(ctx, &row)
			return &assetOutput{tagOf(row.Version), body}, err
		})
	register(a, api, operation(http.MethodGet, "/v1/formats", "list-formats", "The ways to deliver", http.StatusOK),
		func(context.Context, *struct{}) (*formatsOutput, error) {
			out := new(formatsOutput)
			out.Body.Formats = transcoder.Formats()
			return out, nil
		})
}

// orSuccessor names, with the error of an asset that is not found, the one that has taken its
// place.
func (a *API) orSuccessor(ctx context.Context, id string, err error) error {
	successor, none := a.catalog.Successor(ctx, catalog.From(ctx), id)
	if none != nil {
		return err
	}
	return huma.ErrorWithHeaders(huma.Error404NotFound("another asset has taken its place: "+successor.ID),
		http.Header{"Link": {"</v1/assets/" + successor.ID + `>; rel="successor-version"`}})
}

// PublishedInput is when an asset was published; huma reads embedded inputs only if exported.
type PublishedInput struct {
	From string `query:"from" format:"date-time" doc:"published at or after"`
	To   string `query:"to" format:"date-time" doc:"published before"`
}

// span is the time between the two, each zero where it is left out.
func (in *PublishedInput) span() (from, to time.Time, err error) {
	for _, bound := range []struct {
		text string
		time *time.Time
	}{{in.From, &from}, {in.To, &to}} {
		if bound.text == "" {
			continue
		}
		if *bound.time, err = time.Parse(time.RFC3339, bound.text); err != nil {
			return from, to, huma.Error422UnprocessableEntity("from and to are times such as 2026-11-23T10:00:00Z")
		}
	}
	return from, to, nil
}

func (a *API) listAssets(ctx context.Context, in *listAssetsInput) (*listAssetsOutput, error) {
	query := catalog.AssetQuery{By: catalog.From(ctx), Words: in.Q, Language: in.Lang, Topic: in.Topic, Format: in.Format, Cursor: in.Cursor, Limit: in.Limit}
	var err error
	if query.From, query.To, err = in.span(); err != nil {
		return nil, err
	}
	rows, next, err := a.catalog.Assets(ctx, query)
	if err != nil {
		return nil, err
	}
	page := assetPage{Assets: []Asset{}, Next: next}
	for i := range rows {
		asset, err := a.asset(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		page.Assets = append(page.Assets, asset)
	}
	return &listAssetsOutput{page}, nil
}
