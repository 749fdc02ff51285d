package storage_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"subclip/storage"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const site = "https://press.example"

// TestAllowOrigins asks as a browser does before and with a PUT to a signed URL: pages
// of the site may, and learn the ETag; those of other sites may not.
func TestAllowOrigins(t *testing.T) {
	t.Parallel()
	store := open(t)
	if err := store.AllowOrigins(t.Context(), "http://localhost:8080", site); err != nil {
		t.Fatal(err)
	}
	id, err := store.CreateUpload(t.Context(), "masters/a.mp4", "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	part, err := store.PartURL(t.Context(), "masters/a.mp4", id, 1)
	if err != nil {
		t.Fatal(err)
	}
	preflight := func(origin, method string) answer {
		return request(t, http.MethodOptions, part.URL, nil, "Origin", origin,
			"Access-Control-Request-Method", method, "Access-Control-Request-Headers", "content-type,range")
	}
	for _, origin := range []string{site, "http://localhost:8080"} {
		for _, method := range []string{"PUT", "GET", "HEAD"} {
			got := preflight(origin, method)
			if got.code != http.StatusOK || got.header.Get("Access-Control-Allow-Origin") != origin ||
				!strings.Contains(got.header.Get("Access-Control-Allow-Methods"), method) || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "content-type") {
				t.Errorf("%s from %s: %d %v %s", method, origin, got.code, got.header, got.body)
			}
		}
	}
	for origin, method := range map[string]string{"https://evil.example": "PUT", "https://press.example.evil": "GET", site: "DELETE"} {
		if got := preflight(origin, method); got.code == http.StatusOK || got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s from %s may: %d %v", method, origin, got.code, got.header)
		}
	}
	put := request(t, http.MethodPut, part.URL, []byte("abc"), "Origin", site)
	if put.code != http.StatusOK || put.header.Get("ETag") == "" || put.header.Get("Access-Control-Allow-Origin") != site ||
		!strings.Contains(put.header.Get("Access-Control-Expose-Headers"), "ETag") {
		t.Errorf("PUT: %d %v %s", put.code, put.header, put.body)
	}
}

// TestAllowOriginsBesideOthers keeps the rules that an operator gave the bucket, and
// replaces ours.
func TestAllowOriginsBesideOthers(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	sdk, err := awsconfig.LoadDefaultConfig(t.Context(), awsconfig.WithRegion(cfg.Region),
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(cfg.AccessKeyID, cfg.SecretAccessKey, "")))
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(sdk, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &cfg.Endpoint, true })
	store := open(t, func(c *storage.Config) { c.Bucket = cfg.Bucket })
	_, err = client.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{Bucket: &cfg.Bucket, CORSConfiguration: &types.CORSConfiguration{
		CORSRules: []types.CORSRule{{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"https://partner.example"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{"https://old.example", site, site} {
		if err := store.AllowOrigins(t.Context(), origin); err != nil {
			t.Fatal(err)
		}
	}
	out, err := client.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: &cfg.Bucket})
	if err != nil {
		t.Fatal(err)
	}
	var origins []string
	for _, rule := range out.CORSRules {
		origins = append(origins, aws.ToString(rule.ID)+" "+strings.Join(rule.AllowedOrigins, ","))
	}
	if !slices.Equal(origins, []string{"subclip " + site, " https://partner.example"}) {
		t.Errorf("the bucket has rules for %v", origins)
	}
}
