package storage

import (
	"context"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const (
	// ourRule names the rule that is ours among those of a bucket.
	ourRule = "subclip"
	// corsLife is for how many seconds a browser may rely on the answer to a preflight.
	corsLife = 3600
)

// AllowOrigins lets pages of these origins ("https://press.example.com") use signed URLs
// from scripts: read objects, and PUT parts and learn their ETags. The bucket's other
// rules stay. Some stores take no rules for a bucket and want to be told by their own
// settings; the error is theirs.
func (s *Store) AllowOrigins(ctx context.Context, origins ...string) error {
	there, err := s.client.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: &s.bucket})
	if err != nil && errorCode(err) != "NoSuchCORSConfiguration" {
		return fmt.Errorf("read which pages may use bucket %s: %w", s.bucket, err)
	}
	rule := types.CORSRule{
		ID: aws.String(ourRule), AllowedOrigins: origins, AllowedMethods: []string{"GET", "HEAD", "PUT"}, AllowedHeaders: []string{"*"},
		ExposeHeaders: []string{"ETag", "Content-Length", "Content-Range"}, MaxAgeSeconds: aws.Int32(corsLife),
	}
	rules := []types.CORSRule{rule}
	if there != nil {
		for _, other := range there.CORSRules {
			switch {
			case aws.ToString(other.ID) != ourRule:
				rules = append(rules, other)
			case reflect.DeepEqual(other, rule):
				return nil
			}
		}
	}
	_, err = s.client.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: &s.bucket, CORSConfiguration: &types.CORSConfiguration{CORSRules: rules},
	})
	if err != nil {
		return fmt.Errorf("let pages of %v use bucket %s: %w", origins, s.bucket, err)
	}
	return nil
}
