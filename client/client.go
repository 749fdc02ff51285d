// Package client talks to the service's API for programs written in Go: the
// command line's ingest, and the first start of `subclip up`.
//
// What it asks may be asked again: connections that are cut are tried anew, and
// an upload goes on where it stopped, in this process or a later one.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client is one service and who asks it.
type Client struct {
	server string
	token  string
	http   *http.Client
}

const (
	tries      = 8
	firstPause = 250 * time.Millisecond
	longPause  = 15 * time.Second
	pollEvery  = 300 * time.Millisecond
	// longWait is the longest that the API keeps a request open for Prefer: wait.
	longWait = 60
)

// New makes a client of the service at server, a URL; token may be empty.
func New(server, token string) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the server's address is %q: write a URL such as http://127.0.0.1:8080", server)
	}
	return &Client{strings.TrimSuffix(server, "/"), token, &http.Client{}}, nil
}

// ProblemError is an answer of the service that says no (RFC 9457).
type ProblemError struct {
	Status int
	Detail string
}

func (e *ProblemError) Error() string { return e.Detail }

// Asset is what a client needs to know of an asset.
type Asset struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Status string `json:"status"`
	Reason string `json:"reason"`
}

// Clip is what a client needs to know of a clip.
type Clip struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Reason   string `json:"reason"`
	URL      string `json:"url"`
	Filename string `json:"filename"`
	Size     int64  `json:"size"`
	Report   struct {
		Method string `json:"method"`
		Frames int64  `json:"frames"`
	} `json:"report"`
}

// Assets returns the newest assets.
func (c *Client) Assets(ctx context.Context) ([]Asset, error) {
	var page struct {
		Assets []Asset `json:"assets"`
	}
	err := c.call(ctx, http.MethodGet, "/v1/assets", nil, nil, &page)
	return page.Assets, err
}

// AwaitAsset waits until an asset can be used, or says why it cannot.
func (c *Client) AwaitAsset(ctx context.Context, id string) (Asset, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		var asset Asset
		if err := c.call(ctx, http.MethodGet, "/v1/assets/"+url.PathEscape(id), nil, nil, &asset); err != nil {
			return asset, err
		}
		switch asset.Status {
		case "ready":
			return asset, nil
		case "failed":
			return asset, fmt.Errorf("the service refused the video: %s", asset.Reason)
		}
		select {
		case <-ctx.Done():
			return asset, fmt.Errorf("wait for the asset: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// Clip asks for one range of an asset and waits until it is ready.
func (c *Client) Clip(ctx context.Context, assetID, in, out string) (Clip, error) {
	body := map[string]any{"asset_id": assetID, "ranges": []map[string]string{{"in": in, "out": out}}}
	header := http.Header{"Prefer": {fmt.Sprintf("wait=%d", longWait)}}
	for {
		var clip Clip
		if err := c.call(ctx, http.MethodPost, "/v1/clips", header, body, &clip); err != nil {
			return clip, err
		}
		switch clip.Status {
		case "ready":
			return clip, nil
		case "failed", "cancelled", "expired":
			return clip, fmt.Errorf("the clip is %s: %s", clip.Status, clip.Reason)
		}
	}
}

// call sends a request, again while the service cannot be reached or fails, and
// decodes the answer.
func (c *Client) call(ctx context.Context, method, path string, header http.Header, body, answer any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return fmt.Errorf("write the request: %w", err)
		}
	}
	return retry(ctx, func() error { return c.send(ctx, method, path, header, data, answer) })
}

func (c *Client) send(ctx context.Context, method, path string, header http.Header, body []byte, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	if header != nil {
		req.Header = header.Clone()
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("reach the service: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return problem(res.StatusCode, data)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

func problem(status int, data []byte) error {
	var p ProblemError
	if json.Unmarshal(data, &p) != nil || p.Detail == "" {
		p.Detail = fmt.Sprintf("the service answered %d %s", status, http.StatusText(status))
	}
	p.Status = status
	return &p
}

// retry calls try until it succeeds, pausing longer each time, unless the answer
// is one that will not change.
func retry(ctx context.Context, try func() error) error {
	pause := firstPause
	for n := 1; ; n++ {
		err := try()
		var no *ProblemError
		if err == nil || n == tries || ctx.Err() != nil ||
			(errors.As(err, &no) && no.Status < 500 && no.Status != http.StatusTooManyRequests) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
	}
}
