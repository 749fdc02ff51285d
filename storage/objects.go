package storage

import (
	"context"
	"fmt"
	"iter"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Object is what the store knows of a stored file; sizes are in bytes.
type Object struct {
	Key      string
	Size     int64
	ETag     string
	Modified time.Time
}

const (
	uploadPart = 16 << 20
	// cleanUpTime bounds what is done after a failure to leave nothing behind.
	cleanUpTime = 20 * time.Second
)

// Upload stores a local file under key, in parallel parts when it is large.
// When it fails or ctx ends, no object and no unfinished upload stays behind.
func (s *Store) Upload(ctx context.Context, key, path, contentType string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open what is to be uploaded: %w", err)
	}
	defer func() { _ = f.Close() }()
	manager := transfermanager.New(s.client, func(o *transfermanager.Options) {
		o.PartSizeBytes = uploadPart
		o.MultipartUploadThreshold = uploadPart
		o.Concurrency = 4
		o.FailTimeout = cleanUpTime
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	_, err = manager.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: &s.bucket, Key: &key, Body: f, ContentType: &contentType,
	})
	if err == nil {
		return nil
	}
	return s.tidied(ctx, key, wrap(err, "upload "+key))
}

// tidied removes what an upload to key left that ended in err, which it returns:
// why ctx ended, where that is the cause.
func (s *Store) tidied(ctx context.Context, key string, err error) error {
	if ctx.Err() != nil {
		err = fmt.Errorf("upload %s: %w", key, context.Cause(ctx))
	}
	if left := s.forget(ctx, key); left != nil {
		return fmt.Errorf("%w (what it left in the store may still be there: %w)", err, left)
	}
	return err
}

// forget removes what an interrupted upload left under key. The store may have
// opened or finished it although we never heard so.
func (s *Store) forget(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	if err := s.Delete(ctx, key); err != nil {
		return err
	}
	return s.abortUploads(ctx, key)
}

// abortUploads gives up all unfinished uploads of one key.
func (s *Store) abortUploads(ctx context.Context, key string) error {
	for upload, err := range s.Unfinished(ctx, key) {
		if err != nil {
			return err
		}
		if upload.Key != key {
			continue
		}
		if err := s.AbortUpload(ctx, key, upload.ID); err != nil {
			return err
		}
	}
	return nil
}

// Stat returns what the store knows of an object, or ErrNotFound.
func (s *Store) Stat(ctx context.Context, key string) (Object, error) {
	head, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return Object{}, wrap(err, "look up "+key)
	}
	return Object{
		Key: key, Size: aws.ToInt64(head.ContentLength), ETag: aws.ToString(head.ETag),
		Modified: aws.ToTime(head.LastModified),
	}, nil
}

// Delete removes an object; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	return wrap(err, "delete "+key)
}

// DeletePrefix removes all objects whose key starts with prefix, and aborts the
// unfinished uploads there.
func (s *Store) DeletePrefix(ctx context.Context, prefix string) error {
	for object, err := range s.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if err := s.Delete(ctx, object.Key); err != nil {
			return err
		}
	}
	for upload, err := range s.Unfinished(ctx, prefix) {
		if err != nil {
			return err
		}
		if err := s.AbortUpload(ctx, upload.Key, upload.ID); err != nil {
			return err
		}
	}
	return nil
}

// List yields the objects whose key starts with prefix, in key order.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &prefix})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Object{}, wrap(err, "list "+prefix))
				return
			}
			for _, o := range page.Contents {
				if !yield(object(o), nil) {
					return
				}
			}
		}
	}
}

func object(o types.Object) Object {
	return Object{
		Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag),
		Modified: aws.ToTime(o.LastModified),
	}
}
