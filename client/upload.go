package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// partsAtOnce is how many parts travel side by side.
const partsAtOnce = 4

// About is what the publisher says of a video.
type About struct {
	Title       string
	Description string
	Language    string

	Restrictions string
	EmbargoUntil time.Time // zero for none
}

type upload struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Size     int64  `json:"size"`
	PartSize int64  `json:"part_size"`
	Parts    int    `json:"parts"`
	Finished []int  `json:"finished"`
	AssetID  string `json:"asset_id"`
}

// Ingest uploads a file and makes an asset of it. Run again after it was cut
// short, it sends only the parts that the store does not have, and for a file
// that was ingested already it returns that asset. progress is told how many
// bytes are in the store.
func (c *Client) Ingest(ctx context.Context, path string, about About, progress func(bytes int64)) (Asset, error) {
	f, err := os.Open(path)
	if err != nil {
		return Asset{}, fmt.Errorf("open the video: %w", err)
	}
	defer func() { _ = f.Close() }()
	u, err := c.beginUpload(ctx, f, about)
	if err != nil {
		return Asset{}, err
	}
	if u.Status == "open" {
		if err := c.sendParts(ctx, f, u, progress); err != nil {
			return Asset{}, err
		}
	}
	var asset Asset
	err = c.call(ctx, http.MethodPost, "/v1/uploads/"+url.PathEscape(u.ID)+"/complete", nil, nil, &asset)
	return asset, err
}

// beginUpload opens the upload of a file, or finds the one that is open. What
// identifies the file makes the Idempotency-Key, so no state is kept here.
func (c *Client) beginUpload(ctx context.Context, f *os.File, about About) (upload, error) {
	var u upload
	info, err := f.Stat()
	if err != nil {
		return u, fmt.Errorf("look at the video: %w", err)
	}
	if info.Size() == 0 {
		return u, errors.New("the file is empty")
	}
	path, err := filepath.Abs(f.Name())
	if err != nil {
		return u, fmt.Errorf("look at the video: %w", err)
	}
	body := map[string]any{
		"title": about.Title, "description": about.Description, "language": about.Language,
		"filename": filepath.Base(path), "size": info.Size(), "restrictions": about.Restrictions,
	}
	if !about.EmbargoUntil.IsZero() {
		body["embargo_until"] = about.EmbargoUntil
	}
	for try := 0; ; try++ {
		sum := sha256.Sum256(fmt.Append(nil, path, "\x00", info.Size(), "\x00", info.ModTime().UnixNano(), "\x00", about, "\x00", try))
		header := http.Header{"Idempotency-Key": {hex.EncodeToString(sum[:])}}
		u = upload{}
		if err := c.call(ctx, http.MethodPost, "/v1/uploads", header, body, &u); err != nil || u.Status != "aborted" {
			return u, err
		}
	}
}

func (c *Client) sendParts(ctx context.Context, f *os.File, u upload, progress func(int64)) error {
	var sent atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(partsAtOnce)
	for number := 1; number <= u.Parts; number++ {
		offset := int64(number-1) * u.PartSize
		length := min(u.PartSize, u.Size-offset)
		if slices.Contains(u.Finished, number) {
			progress(sent.Add(length))
			continue
		}
		group.Go(func() error {
			if err := c.sendPart(ctx, u.ID, number, io.NewSectionReader(f, offset, length)); err != nil {
				return fmt.Errorf("upload part %d of %d: %w", number, u.Parts, err)
			}
			progress(sent.Add(length))
			return nil
		})
	}
	return group.Wait()
}

// sendPart PUTs one part to a URL signed anew at each try, since an old one may
// have expired while the connection was down.
func (c *Client) sendPart(ctx context.Context, uploadID string, number int, part *io.SectionReader) error {
	return retry(ctx, func() error {
		var signed struct {
			Parts []struct {
				URL string `json:"url"`
			} `json:"parts"`
		}
		path := "/v1/uploads/" + url.PathEscape(uploadID) + "/parts"
		err := c.call(ctx, http.MethodPost, path, nil, map[string]any{"numbers": []int{number}}, &signed)
		if err != nil {
			return err
		}
		return c.put(ctx, signed.Parts[0].URL, part)
	})
}

func (c *Client) put(ctx context.Context, signedURL string, part *io.SectionReader) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, signedURL, io.NewSectionReader(part, 0, part.Size()))
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	req.ContentLength = part.Size()
	res, err := c.http.Do(req)
	if err != nil {
		// The error of net/http quotes the signed URL, which is a secret.
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return fmt.Errorf("reach the store: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return fmt.Errorf("read the store's answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the store answered %s", res.Status)
	}
	return nil
}
