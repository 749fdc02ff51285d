package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
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
	Videos []struct {
		Key, Source        string // Source is a video that ffmpeg draws; empty is package sample's
		Seconds            int
		Captions, Shotlist string
		Title              string   `json:"title"`
		Description        string   `json:"description"`
		Language           string   `json:"language"`
		Restrictions       string   `json:"restrictions"`
		Topics             []string `json:"topics"`
		Places             []string `json:"places"`
		People             []string `json:"people"`
	}
	Stories []struct {
		Videos   []string       `json:"videos"`
		Date     string         `json:"date"`
		Place    string         `json:"place"`
		Topics   []string       `json:"topics"`
		Keywords []string       `json:"keywords"`
		Texts    map[string]any `json:"texts"`
	}
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
		path := filepath.Join(s.dir, video.Key+".mp4")
		if err := draw(ctx, path, video.Source, video.Seconds); err != nil {
			return err
		}
		asset, err := api.Ingest(ctx, path, client.About{Title: video.Title, Description: video.Description, Language: video.Language, Restrictions: video.Restrictions}, func(int64) {})
		if err != nil {
			return err
		}
		if asset, err = api.AwaitAsset(ctx, asset.ID); err != nil {
			return err
		}
		ids[video.Key] = asset.ID
		about := map[string]any{"topics": video.Topics, "places": video.Places, "people": video.People}
		if err := s.ask(ctx, http.MethodPatch, "/v1/assets/"+asset.ID, about, nil); err != nil {
			return err
		}
		if video.Captions == "" {
			continue
		}
		if err := s.send(ctx, http.MethodPut, "/v1/assets/"+asset.ID+"/captions/en", "text/vtt", []byte(video.Captions), nil); err != nil {
			return err
		}
		if err := s.ask(ctx, http.MethodPut, "/v1/assets/"+asset.ID+"/shotlist", map[string]string{"text": video.Shotlist, "language": "en"}, nil); err != nil {
			return err
		}
	}
	for _, story := range of.Stories {
		assets := []string{}
		for _, key := range story.Videos {
			assets = append(assets, ids[key])
		}
		var made struct{ ID string }
		draft := map[string]any{"date": story.Date, "place": story.Place, "topics": story.Topics, "keywords": story.Keywords, "texts": story.Texts, "asset_ids": assets}
		if err := s.ask(ctx, http.MethodPost, "/v1/stories", draft, &made); err != nil {
			return err
		}
		if err := s.ask(ctx, http.MethodPost, "/v1/stories/"+made.ID+"/publish", nil, nil); err != nil {
			return err
		}
	}
	return s.take(ctx, ids["pictures"], ids["glacier"])
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
	out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000", //nolint:gosec // of demo.json
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
