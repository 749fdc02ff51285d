package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

// Waveform is where the peaks of a sound track are.
type Waveform struct {
	Track int    `json:"track" doc:"of the sound tracks, from 0"`
	URL   string `json:"url" doc:"of the peaks, as BBC's audiowaveform writes them (.dat, version 2, 8 bits)"`
}

// Sound is where a sound track of the light rendition is as a file of its own.
type Sound struct {
	Track int    `json:"track" doc:"of the sound tracks, from 0"`
	URL   string `json:"url" doc:"signed URL of an MP4 file, whose time is the light rendition's"`
}

// addSounds adds the proxy's sounds, which are shown as the proxy is.
func (a *API) addSounds(ctx context.Context, out *Asset, row *catalog.Asset) error {
	for _, sound := range row.ProxySounds {
		signed, err := a.store.ViewURL(ctx, sound.Key)
		if err != nil {
			return err
		}
		out.Sounds = append(out.Sounds, Sound{sound.Track, signed.URL})
	}
	return nil
}

// addAids adds what helps to find one's way in an asset, as far as it is there.
func (out *Asset) addAids(row *catalog.Asset) {
	root := "/v1/assets/" + row.ID
	if row.Storyboard != nil {
		url := root + "/storyboard.vtt"
		out.Storyboard = &url
	}
	for _, w := range row.Waveforms {
		out.Waveforms = append(out.Waveforms, Waveform{w.Track, fmt.Sprintf("%s/waveforms/%d", root, w.Track)})
	}
	out.Loudness = append(out.Loudness, row.Loudness...)
}

type (
	// CachedInput asks for what a browser may have already; huma reads embedded
	// inputs only if exported.
	CachedInput struct {
		AssetInput
		IfNoneMatch string `header:"If-None-Match" maxLength:"500"`
	}
	cachedOutput struct {
		Status             int
		ContentType        string `header:"Content-Type"`
		ContentDisposition string `header:"Content-Disposition"`
		CacheControl       string `header:"Cache-Control"`
		ETag               string `header:"ETag"`
		Body               []byte
	}
	sheetInput struct {
		AssetInput
		File string `path:"file" maxLength:"20" doc:"number of the sheet, from 0, and .jpg" example:"0.jpg"`
	}
	leadOutput struct {
		Location     string `header:"Location"`
		CacheControl string `header:"Cache-Control"`
	}
	waveformInput struct {
		CachedInput
		Track int `path:"track" minimum:"0" doc:"of the sound tracks, from 0"`
	}
)

// keepAids is how long a browser keeps an aid without asking, in seconds: one that is
// made again differs little.
const keepAids = "private, max-age=300"

func (a *API) aids(api huma.API) {
	index := operation(http.MethodGet, "/v1/assets/{id}/storyboard.vtt", "get-storyboard", "Small pictures of all of an asset", http.StatusOK, 404)
	index.Description = "A WebVTT file, in which each cue names a part of a sheet of pictures."
	register(a, api, answersWith(index, "text/vtt"), a.storyboard)
	sheet := operation(http.MethodGet, "/v1/assets/{id}/storyboard/{file}", "get-storyboard-sheet", "A sheet of small pictures", http.StatusFound, 404)
	register(a, api, sheet, a.storyboardSheet)
	peaks := operation(http.MethodGet, "/v1/assets/{id}/waveforms/{track}", "get-waveform", "The peaks of a sound track", http.StatusOK, 404)
	peaks.Description = "As BBC's audiowaveform writes them (.dat, version 2, 8 bits, pairs of least and most), at most 1 MiB. The first pair is of the first picture's time."
	register(a, api, answersWith(peaks, "application/octet-stream"), a.waveform)
}

// answersWith describes an operation that answers with something else than JSON.
func answersWith(op huma.Operation, mediaType string) huma.Operation {
	op.Responses = map[string]*huma.Response{strconv.Itoa(op.DefaultStatus): {
		Description: http.StatusText(op.DefaultStatus),
		Content:     map[string]*huma.MediaType{mediaType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	return op
}

// shown returns an asset whose files the asker may have now.
func (a *API) shown(ctx context.Context, id string) (*catalog.Asset, error) {
	asset, err := a.catalog.Asset(ctx, catalog.From(ctx), id)
	if err == nil && !asset.Shown() {
		err = missing("the asset is not ready, or was withdrawn")
	}
	return &asset, err
}

func missing(message string) error { return &catalog.Error{Kind: catalog.NotFound, Message: message} }

// cached answers with a body, or with nothing where the client has it already. Version
// is something that differs where the body does.
func (in CachedInput) cached(mediaType, version string, body func() ([]byte, error)) (*cachedOutput, error) {
	sum := sha256.Sum256([]byte(version))
	out := &cachedOutput{Status: http.StatusOK, ContentType: mediaType, CacheControl: keepAids, ETag: `"` + hex.EncodeToString(sum[:16]) + `"`}
	if strings.Contains(in.IfNoneMatch, out.ETag) {
		out.Status = http.StatusNotModified
		return out, nil
	}
	var err error
	out.Body, err = body()
	return out, err
}

func (a *API) storyboard(ctx context.Context, in *CachedInput) (*cachedOutput, error) {
	asset, err := a.shown(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if asset.Storyboard == nil {
		return nil, missing("there is no storyboard of the asset, or not yet")
	}
	index := storyboardIndex(asset.Storyboard, asset.Source.Timecode.Rate.TimeOf(asset.Source.Frames))
	return in.cached("text/vtt; charset=utf-8", index+strings.Join(asset.Storyboard.Sheets, " "), func() ([]byte, error) { return []byte(index), nil })
}

// storyboardIndex is a storyboard of a video that long as WebVTT.
func storyboardIndex(board *catalog.Storyboard, length time.Duration) string {
	var vtt strings.Builder
	vtt.WriteString("WEBVTT\n")
	perSheet := board.Columns * board.Rows
	at := func(picture int) time.Duration {
		return min(length, time.Duration(float64(picture)*board.Interval*float64(time.Second))).Round(time.Millisecond)
	}
	for i := range board.Count {
		place := i % perSheet
		fmt.Fprintf(&vtt, "\n%s --> %s\nstoryboard/%d.jpg#xywh=%d,%d,%d,%d\n", catalog.CueTime(at(i)), catalog.CueTime(at(i+1)), i/perSheet,
			place%board.Columns*board.Width, place/board.Columns*board.Height, board.Width, board.Height)
	}
	return vtt.String()
}

func (a *API) storyboardSheet(ctx context.Context, in *sheetInput) (*leadOutput, error) {
	asset, err := a.shown(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	name, isJPEG := strings.CutSuffix(in.File, ".jpg")
	number, err := strconv.Atoi(name)
	if err != nil || !isJPEG || asset.Storyboard == nil || number < 0 || number >= len(asset.Storyboard.Sheets) {
		return nil, missing(fmt.Sprintf("there is no sheet %q: storyboard.vtt names those that there are", in.File))
	}
	signed, err := a.store.ViewURL(ctx, asset.Storyboard.Sheets[number])
	if err != nil {
		return nil, err
	}
	// Whoever follows it late must still find it.
	life := int(time.Until(signed.ExpiresAt).Seconds() / 2)
	return &leadOutput{signed.URL, fmt.Sprintf("private, max-age=%d", max(0, life))}, nil
}

func (a *API) waveform(ctx context.Context, in *waveformInput) (*cachedOutput, error) {
	asset, err := a.shown(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Track >= len(asset.Waveforms) {
		return nil, missing(fmt.Sprintf("there is no waveform of sound track %d, or not yet", in.Track))
	}
	key := asset.Waveforms[in.Track].Key
	return in.cached("application/octet-stream", key, func() ([]byte, error) {
		object, err := a.store.Stat(ctx, key)
		if err != nil {
			return nil, err
		}
		peaks := make([]byte, object.Size)
		if _, err := a.store.Reader(ctx, key).ReadAt(peaks, 0); err != nil {
			return nil, fmt.Errorf("read peaks: %w", err)
		}
		return peaks, nil
	})
}
