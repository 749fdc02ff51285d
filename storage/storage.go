// Package storage is the only way to the object store: masters, renditions and
// clips live in one bucket of an S3-compatible service and are reached through
// the AWS SDK, whether the service is Amazon's, a cluster's or the gateway that
// `subclip up` runs inside the process (package storage/gateway).
//
// Media bytes never pass through the API. Browsers and integrators get presigned
// URLs (SigV4 in the query) made for the public endpoint; workers hand ffmpeg
// presigned URLs made for the internal one. The two differ where the store has
// one name inside a cluster and another outside.
//
// Files: storage.go opens the store and signs; objects.go moves and lists whole
// objects; multipart.go serves uploads that a client makes part by part,
// post.go those of a form.
package storage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// workerURLLife outlasts any job: ffmpeg opens a URL again and again while it
// reads, and SUBCLIP_URL_EXPIRY may be a minute.
const workerURLLife = 24 * time.Hour

// MaxURLExpiry is the longest life that SigV4 allows a presigned URL.
const MaxURLExpiry = 7 * 24 * time.Hour

// ErrNotFound reports that the store has no such object or upload.
var ErrNotFound = errors.New("no such object in the store")

// Config says where the store is and how to sign for it.
type Config struct {
	Endpoint        string        `env:"S3_ENDPOINT" desc:"URL of the S3 service as this process reaches it; empty means Amazon S3 in S3_REGION"`
	PublicEndpoint  string        `env:"S3_PUBLIC_ENDPOINT" desc:"URL of the S3 service as clients reach it, used in signed URLs; empty means S3_ENDPOINT"`
	Bucket          string        `env:"S3_BUCKET" envDefault:"subclip" desc:"bucket that holds masters, renditions and clips"`
	Region          string        `env:"S3_REGION" envDefault:"us-east-1" desc:"region to sign for"`
	PathStyle       bool          `env:"S3_PATH_STYLE" envDefault:"true" desc:"address the bucket in the path (most self-hosted stores) instead of in the host name"`
	AccessKeyID     string        `env:"S3_ACCESS_KEY_ID" desc:"access key; empty means the AWS SDK's default chain"`
	SecretAccessKey string        `env:"S3_SECRET_ACCESS_KEY" secret:"true" desc:"secret of S3_ACCESS_KEY_ID"`
	URLExpiry       time.Duration `env:"SUBCLIP_URL_EXPIRY" envDefault:"1h" desc:"life of a signed URL, 1 minute to 7 days"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case !isEndpoint(c.Endpoint):
		return fmt.Errorf("S3_ENDPOINT is %q: write a URL such as http://127.0.0.1:9000", c.Endpoint)
	case !isEndpoint(c.PublicEndpoint):
		return fmt.Errorf("S3_PUBLIC_ENDPOINT is %q: write a URL such as https://media.example.com", c.PublicEndpoint)
	case c.Bucket == "":
		return errors.New("S3_BUCKET is empty: name the bucket to use")
	case c.Region == "":
		return errors.New("S3_REGION is empty: use the store's region, or us-east-1 where it has none")
	case (c.AccessKeyID == "") != (c.SecretAccessKey == ""):
		return errors.New("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together: set both or neither")
	case c.URLExpiry < time.Minute || c.URLExpiry > MaxURLExpiry:
		return fmt.Errorf("SUBCLIP_URL_EXPIRY is %s: use 1m to 168h", c.URLExpiry)
	}
	return nil
}

func isEndpoint(value string) bool {
	if value == "" {
		return true
	}
	u, err := url.Parse(value)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// Store is one bucket. It is safe for concurrent use.
type Store struct {
	client   *s3.Client
	internal *s3.PresignClient
	public   *s3.PresignClient
	bucket   string
	region   string
	expiry   time.Duration
}

// New opens the store; it sends nothing yet.
func New(ctx context.Context, cfg Config) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	options := []func(*awsconfig.LoadOptions) error{awsconfig.WithRegion(cfg.Region)}
	if cfg.AccessKeyID != "" {
		keys := credentials.NewStaticCredentialsProvider(cfg.AccessKeyID, cfg.SecretAccessKey, "")
		options = append(options, awsconfig.WithCredentialsProvider(keys))
	}
	sdk, err := awsconfig.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("load the store's credentials: %w", err)
	}
	client := func(endpoint string) *s3.Client {
		return s3.NewFromConfig(sdk, func(o *s3.Options) {
			if endpoint != "" {
				o.BaseEndpoint = aws.String(endpoint)
			}
			o.UsePathStyle = cfg.PathStyle
			// A checksum "when supported" would sign the checksum of an empty
			// body into presigned part URLs, and not every store takes it.
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
			o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		})
	}
	publicEndpoint := cfg.PublicEndpoint
	if publicEndpoint == "" {
		publicEndpoint = cfg.Endpoint
	}
	inside := client(cfg.Endpoint)
	return &Store{
		client:   inside,
		internal: s3.NewPresignClient(inside),
		public:   s3.NewPresignClient(client(publicEndpoint)),
		bucket:   cfg.Bucket,
		region:   cfg.Region,
		expiry:   cfg.URLExpiry,
	}, nil
}

// EnsureBucket creates the bucket where it does not exist yet.
func (s *Store) EnsureBucket(ctx context.Context) error {
	if s.Ping(ctx) == nil {
		return nil
	}
	request := &s3.CreateBucketInput{Bucket: &s.bucket}
	_, err := s.client.CreateBucket(ctx, request)
	if errorCode(err) == "IllegalLocationConstraintException" {
		// Amazon wants to be told the region outside us-east-1; others refuse
		// to be.
		request.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(s.region),
		}
		_, err = s.client.CreateBucket(ctx, request)
	}
	// Another process may have been quicker; what the store then says differs.
	if err != nil && s.Ping(ctx) != nil {
		return fmt.Errorf("create bucket %s: %w", s.bucket, err)
	}
	return nil
}

// Ping checks that the bucket answers.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket}); err != nil {
		return fmt.Errorf("reach bucket %s: %w", s.bucket, err)
	}
	return nil
}

// SignedURL is a temporary address of an object for anyone who holds it.
type SignedURL struct {
	URL       string
	ExpiresAt time.Time
}

// DownloadURL signs a URL by which a client saves the object under filename.
// It lives for the configured SUBCLIP_URL_EXPIRY.
func (s *Store) DownloadURL(ctx context.Context, key, filename string) (SignedURL, error) {
	disposition := ContentDisposition(filename)
	return s.sign(ctx, s.public, s.expiry, &s3.GetObjectInput{Key: &key, ResponseContentDisposition: &disposition})
}

// ViewURL signs a URL by which a browser plays or shows the object in the page.
func (s *Store) ViewURL(ctx context.Context, key string) (SignedURL, error) {
	return s.sign(ctx, s.public, s.expiry, &s3.GetObjectInput{Key: &key})
}

// WorkerURL signs a URL that programs beside us (ffmpeg, ffprobe) read from.
func (s *Store) WorkerURL(ctx context.Context, key string) (string, error) {
	signed, err := s.sign(ctx, s.internal, workerURLLife, &s3.GetObjectInput{Key: &key})
	return signed.URL, err
}

func (s *Store) sign(ctx context.Context, signer *s3.PresignClient, life time.Duration, in *s3.GetObjectInput) (SignedURL, error) {
	in.Bucket = &s.bucket
	expires := time.Now().Add(life).UTC().Truncate(time.Second)
	req, err := signer.PresignGetObject(ctx, in, s3.WithPresignExpires(life))
	if err != nil {
		return SignedURL{}, fmt.Errorf("sign a URL of %s: %w", *in.Key, err)
	}
	return SignedURL{URL: req.URL, ExpiresAt: expires}, nil
}

// wrap adds what was being done to an error of the store, and makes every way
// of saying "not there" ErrNotFound.
func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	switch errorCode(err) {
	case "NoSuchKey", "NotFound", "NoSuchUpload":
		return fmt.Errorf("%s: %w: %w", doing, ErrNotFound, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func errorCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
