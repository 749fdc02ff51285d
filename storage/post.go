package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// MaxPost is the most that S3 takes in one POST: 5 GiB.
const MaxPost = 5 << 30

// postLife bounds how long a form can be used: some stores take none that was signed
// more than an hour ago, whatever it says itself.
const postLife = time.Hour

// PostForm is what a form of HTML needs to send a file to the store: its address, and
// fields that go before the one of the file, which is called file.
type PostForm struct {
	URL       string
	Fields    map[string]string
	ExpiresAt time.Time
}

// PostForm signs a form that stores one file of 1 byte to MaxPost under key. Where redirect
// is not empty, the browser is led there once the store has all of it.
func (s *Store) PostForm(ctx context.Context, key, redirect string) (PostForm, error) {
	life := min(s.expiry, postLife)
	expires := time.Now().Add(life).UTC().Truncate(time.Second)
	conditions := []any{[]any{"content-length-range", 1, MaxPost}}
	const leadOn = "success_action_redirect"
	if redirect != "" {
		conditions = append(conditions, map[string]string{leadOn: redirect})
	}
	req, err := s.public.PresignPostObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key}, func(o *s3.PresignPostOptions) {
		o.Expires, o.Conditions = life, conditions
	})
	if err != nil {
		return PostForm{}, fmt.Errorf("sign a form for %s: %w", key, err)
	}
	if redirect != "" {
		req.Values[leadOn] = redirect
	}
	return PostForm{URL: req.URL, Fields: req.Values, ExpiresAt: expires}, nil
}
