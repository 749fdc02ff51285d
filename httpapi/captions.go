package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

// What editors do to captions, as the record calls it.
const (
	captionsChanged accounts.Action = "captions-changed"
	captionsDeleted accounts.Action = "captions-deleted"
)

// Captions are what is said in an asset, in one language.
type Captions struct {
	Language  string    `json:"language" doc:"BCP 47 tag; und where nobody knows"`
	Source    string    `json:"source" enum:"extracted,uploaded" doc:"out of the master, or by an editor"`
	Cues      int       `json:"cues" doc:"how many there are"`
	ChangedAt time.Time `json:"changed_at"`
	URL       string    `json:"url" doc:"of the WebVTT file, on this site"`
}

type (
	// CaptionsInput names captions; huma reads embedded inputs only if exported.
	CaptionsInput struct {
		AssetInput
		Language string `path:"language" maxLength:"35" doc:"BCP 47 tag"`
	}
	putCaptionsInput struct {
		CaptionsInput
		RawBody []byte
	}
	captionsOutput     struct{ Body Captions }
	listCaptionsOutput struct {
		Body struct {
			Captions []Captions `json:"captions" nullable:"false"`
		}
	}
	captionsFileInput struct {
		CachedInput
		File  string   `path:"file" maxLength:"40" doc:"the language's tag and .vtt or .srt" example:"en.vtt"`
		Range []string `query:"range,explode" maxItems:"50" doc:"part to keep, as IN-OUT; several are joined, as in a clip" example:"10:00:30:00-10:00:40:00"`
	}
)

func (a *API) captions(api huma.API) {
	register(a, api, operation(http.MethodGet, "/v1/assets/{id}/captions", "list-captions", "The captions of an asset", http.StatusOK, 404),
		func(ctx context.Context, in *AssetInput) (*listCaptionsOutput, error) {
			rows, err := a.catalog.AllCaptions(ctx, catalog.From(ctx), in.ID)
			out := new(listCaptionsOutput)
			out.Body.Captions = []Captions{}
			for i := range rows {
				out.Body.Captions = append(out.Body.Captions, captionsAbout(&rows[i]))
			}
			return out, err
		})
	register(a, api, operation(http.MethodGet, "/v1/captions", "search-captions", "Find what is said, newest asset first", http.StatusOK, 404, 422), a.searchCaptions)
	get := operation(http.MethodGet, "/v1/assets/{id}/captions/{file}", "get-captions", "Captions as WebVTT or SubRip", http.StatusOK, 304, 404, 422)
	get.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"text/vtt": {}, "application/x-subrip": {}}}}
	register(a, api, get, a.captionsFile)
	put := operation(http.MethodPut, "/v1/assets/{id}/captions/{language}", "put-captions", "Replace the captions in a language", http.StatusOK, 404, 413, 422)
	put.Description = "The body is a file of at most 4 MiB in WebVTT, SubRip or TTML; which one it is shows by itself. " +
		"Times count from the first frame. Markup but for italic, bold and underline is taken away."
	put.MaxBodyBytes = catalog.MaxCaptionsFile
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"text/vtt": file, "application/x-subrip": file, "application/ttml+xml": file, "application/octet-stream": file,
	}}
	register(a, api, put, func(ctx context.Context, in *putCaptionsInput) (*captionsOutput, error) {
		row, err := a.catalog.UploadCaptions(ctx, catalog.From(ctx), in.ID, in.Language, in.RawBody)
		if err != nil {
			return nil, err
		}
		return &captionsOutput{captionsAbout(&row)}, a.record(ctx, captionsChanged, in.ID, row.Language)
	})
	register(a, api, operation(http.MethodDelete, "/v1/assets/{id}/captions/{language}", "delete-captions", "Delete the captions in a language", http.StatusNoContent, 404),
		func(ctx context.Context, in *CaptionsInput) (*struct{}, error) {
			if err := a.catalog.DeleteCaptions(ctx, catalog.From(ctx), in.ID, in.Language); err != nil {
				return nil, err
			}
			return nil, a.record(ctx, captionsDeleted, in.ID, in.Language)
		})
}

type (
	captionLine struct {
		Start    float64 `json:"start" doc:"seconds from the first frame"`
		End      float64 `json:"end"`
		Frame    int64   `json:"frame" doc:"that is shown at the start, counted from 0"`
		Timecode string  `json:"timecode" doc:"of that frame"`
		Text     string  `json:"text" doc:"without markup"`
	}
	captionHit struct {
		Asset    Asset         `json:"asset"`
		Language string        `json:"language"`
		Lines    []captionLine `json:"lines" nullable:"false" doc:"at most 20"`
	}
	searchCaptionsInput struct {
		Q      string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"words that are said within a caption or two; the last may go on, phrases stand in quotes"`
		Asset  string `query:"asset_id" maxLength:"64" doc:"look in this one alone"`
		Lang   string `query:"lang" maxLength:"35" doc:"of the captions, a BCP 47 tag; this and what follows counts where one looks in all"`
		Topic  string `query:"topic" maxLength:"40" doc:"of the asset"`
		Format string `query:"format" maxLength:"40" doc:"of the master; see list-assets"`
		PublishedInput
		Cursor string `query:"cursor" maxLength:"100" doc:"next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	}
	searchCaptionsOutput struct {
		Body struct {
			Hits []captionHit `json:"hits" nullable:"false"`
			Next string       `json:"next,omitempty" doc:"cursor of the next page; where words stand far apart in very many assets, there may be one behind a short page"`
		}
	}
)

// searchCaptions finds what is said, and the frames at which it is.
func (a *API) searchCaptions(ctx context.Context, in *searchCaptionsInput) (*searchCaptionsOutput, error) {
	var hits []catalog.CaptionHit
	var err error
	out := new(searchCaptionsOutput)
	if in.Asset != "" {
		hits, err = a.catalog.SearchAssetCaptions(ctx, catalog.From(ctx), in.Asset, in.Q)
	} else {
		query := catalog.CaptionQuery{
			By: catalog.From(ctx), Words: in.Q, Language: in.Lang, Topic: in.Topic, Format: in.Format, Cursor: in.Cursor, Limit: in.Limit,
		}
		if query.From, query.To, err = in.span(); err != nil {
			return nil, err
		}
		hits, out.Body.Next, err = a.catalog.SearchCaptions(ctx, query)
	}
	if err != nil {
		return nil, err
	}
	out.Body.Hits = []captionHit{}
	for i := range hits {
		asset, err := a.asset(ctx, &hits[i].Asset)
		if err != nil {
			return nil, err
		}
		hit := captionHit{Asset: asset, Language: hits[i].Language}
		for _, cue := range hits[i].Cues {
			line := captionLine{Start: cue.Start.Seconds(), End: cue.End.Seconds(), Text: cue.Plain()}
			if asset.Source != nil {
				line.Frame = hits[i].Asset.FrameAt(cue.Start)
				line.Timecode = asset.Source.Timecode.Timecode(line.Frame)
			}
			hit.Lines = append(hit.Lines, line)
		}
		out.Body.Hits = append(out.Body.Hits, hit)
	}
	return out, nil
}

func captionsAbout(row *catalog.Captions) Captions {
	return Captions{
		Language: row.Language, Source: string(row.Source), Cues: len(row.Cues), ChangedAt: row.ChangedAt,
		URL: "/v1/assets/" + row.AssetID + "/captions/" + row.Language + ".vtt",
	}
}

// captionsFile serves captions from here and not from the store, since browsers take
// them from a page's own site alone.
func (a *API) captionsFile(ctx context.Context, in *captionsFileInput) (*cachedOutput, error) {
	var marks []catalog.Marks
	for _, text := range in.Range {
		first, end, _ := strings.Cut(text, "-")
		marks = append(marks, catalog.Marks{In: first, Out: end})
	}
	language, isSubRip := strings.CutSuffix(in.File, ".srt")
	row, err := a.catalog.CutCaptions(ctx, catalog.From(ctx), in.ID, strings.TrimSuffix(language, ".vtt"), marks)
	if err != nil {
		return nil, err
	}
	mediaType, body := "text/vtt; charset=utf-8", row.WebVTT()
	if isSubRip {
		mediaType, body = "application/x-subrip; charset=utf-8", row.SubRip()
	}
	out, err := in.cached(mediaType, body, func() ([]byte, error) { return []byte(body), nil })
	out.CacheControl = "no-cache" // an editor who corrects them sees it at once
	if isSubRip {
		out.ContentDisposition = `attachment; filename="` + row.Language + `.srt"`
	}
	return out, err
}
