package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"subclip/client"
	"subclip/sample"
)

//go:embed demo.json
var demoJSON []byte

// demo is what the pages in the pictures show; nobody and nothing in it is real.
type demo struct {
	Videos  []video
	Stories []story
}

// video is drawn by ffmpeg as Source says, or by package sample.
type video struct {
	Key, Source            string
	Seconds                int
	Title, Description     string
	Language, Restrictions string
	Topics, Places, People []string
	Captions, Shotlist     string // WebVTT; lines with times
}

type story struct {
	Videos           []string // their keys
	Date, Place      string
	Topics, Keywords []string
	Texts            map[string]any
}

// fill publishes the demo's videos and stories on a service, and takes something.
func (s *site) fill(ctx context.Context) error {
	var of demo
	if err := json.Unmarshal(demoJSON, &of); err != nil {
		return fmt.Errorf("read demo.json: %w", err)
	}
	api, err := client.New(s.url, s.token)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, video := range of.Videos {
		if ids[video.Key], err = s.publish(ctx, api, video); err != nil {
			return err
		}
	}
	for _, told := range of.Stories {
		if err := s.tell(ctx, told, ids); err != nil {
			return err
		}
	}
	if err := s.take(ctx, ids["pictures"], ids["glacier"]); err != nil {
		return err
	}
	return s.write(ctx)
}

// write makes a draft of a newsletter with what is new.
func (s *site) write(ctx context.Context) error {
	editions := []map[string]string{{"language": "en", "subject": "The week in pictures", "intro": "What moved this week, ready to be cut."}, {"language": "fr", "subject": "La semaine en images"}}
	var draft struct{ ID string }
	if err := s.ask(ctx, http.MethodPost, "/v1/newsletter/issues", map[string]any{"editions": editions}, &draft); err != nil {
		return err
	}
	s.letter = draft.ID
	return nil
}

// publish makes a video an asset, with all that is said of it.
func (s *site) publish(ctx context.Context, api *client.Client, of video) (id string, err error) {
	path := filepath.Join(s.dir, of.Key+".mp4")
	if err := draw(ctx, path, of.Source, of.Seconds); err != nil {
		return "", err
	}
	about := client.About{Title: of.Title, Description: of.Description, Language: of.Language, Restrictions: of.Restrictions}
	asset, err := api.Ingest(ctx, path, about, func(int64) {})
	if err == nil {
		asset, err = api.AwaitAsset(ctx, asset.ID)
	}
	if err != nil {
		return "", err
	}
	root := "/v1/assets/" + asset.ID
	err = s.ask(ctx, http.MethodPatch, root, map[string]any{"topics": of.Topics, "places": of.Places, "people": of.People}, nil)
	if err != nil || of.Captions == "" {
		return asset.ID, err
	}
	return asset.ID, errors.Join(
		s.send(ctx, http.MethodPut, root+"/captions/en", "text/vtt", []byte(of.Captions), nil),
		s.ask(ctx, http.MethodPut, root+"/shotlist", map[string]string{"text": of.Shotlist, "language": "en"}, nil),
	)
}

// tell publishes a story.
func (s *site) tell(ctx context.Context, of story, ids map[string]string) error {
	assets := []string{}
	for _, key := range of.Videos {
		assets = append(assets, ids[key])
	}
	draft := map[string]any{"date": of.Date, "place": of.Place, "topics": of.Topics, "keywords": of.Keywords, "texts": of.Texts, "asset_ids": assets}
	var made struct{ ID string }
	if err := s.ask(ctx, http.MethodPost, "/v1/stories", draft, &made); err != nil {
		return err
	}
	return s.ask(ctx, http.MethodPost, "/v1/stories/"+made.ID+"/publish", nil, nil)
}

// draw makes a video.
func draw(ctx context.Context, path, source string, seconds int) error {
	const rate = 25
	if source == "" {
		options := sample.Options{Width: 1280, Height: 720, Rate: strconv.Itoa(rate), Frames: rate * seconds, Timecode: "10:00:00:00", GOP: 50, BFrames: 3}
		if err := sample.Make(ctx, path, options, nil); err != nil {
			return fmt.Errorf("draw %s: %w", path, err)
		}
		return nil
	}
	out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000",
		"-t", strconv.Itoa(seconds), "-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p", "-timecode", "10:00:00:00", "-c:a", "aac", path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("draw %s: %w: %s", path, err, out)
	}
	return nil
}

// take makes a clip and an order, for the page that lists them. They are the account's
// whose pages are shown, as the token is.
func (s *site) take(ctx context.Context, assets ...string) error {
	clip := map[string]any{"asset_id": assets[0], "ranges": []any{map[string]string{"in": "10:00:31:12", "out": "10:00:36:00"}}}
	if err := s.ask(ctx, http.MethodPost, "/v1/clips", clip, nil); err != nil {
		return err
	}
	order := map[string]any{"name": "Evening news", "items": []any{clip, map[string]any{"asset_id": assets[1], "format": "h264-360p"}}}
	var made struct{ Status string }
	if err := s.ask(ctx, http.MethodPost, "/v1/orders", order, &made); err != nil {
		return err
	}
	return nil
}

// read reads JSON of the API.
func (s *site) read(ctx context.Context, path string, into any) error {
	return s.send(ctx, http.MethodGet, path, "application/json", nil, into)
}

// ask sends JSON to the API.
func (s *site) ask(ctx context.Context, method, path string, body, into any) error {
	data := []byte("{}")
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	return s.send(ctx, method, path, "application/json", data, into)
}

func (s *site) send(ctx context.Context, method, path, kind string, data []byte, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Prefer", "wait=60")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%d: %s", response.StatusCode, strings.TrimSpace(string(text)))
	}
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
