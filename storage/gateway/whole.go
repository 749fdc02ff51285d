package gateway

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api/middlewares"
	"github.com/versity/versitygw/s3response"
)

// whole is a store that keeps only bodies that have come to their end. The gateway's
// server ends the body of a connection that was cut as if it were complete, and
// versitygw has given the file its full size before: the rest would be zeros, of which
// nobody could tell.
type whole struct{ *posix.Posix }

// UploadPart keeps a part.
func (w whole) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	in.Body = complete(in.Body, in.ContentLength)
	return w.Posix.UploadPart(ctx, in) //nolint:wrapcheck // versitygw turns it into S3's answer
}

// PutObject keeps an object.
func (w whole) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	in.Body = complete(in.Body, in.ContentLength)
	return w.Posix.PutObject(ctx, in) //nolint:wrapcheck // versitygw turns it into S3's answer
}

// complete makes an error of a body's end that comes too early. Bodies in chunks have an
// end of their own, which versitygw looks for.
func complete(body io.Reader, length *int64) io.Reader {
	if _, isChunked := body.(middlewares.ChecksumReader); isChunked || body == nil || length == nil {
		return body
	}
	return &measured{body, *length}
}

// measured is a body of which so many bytes are to come.
type measured struct {
	io.Reader
	left int64
}

// Read says io.ErrUnexpectedEOF where the body ends before its length.
func (m *measured) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.left -= int64(n)
	if err == io.EOF && m.left > 0 {
		return n, fmt.Errorf("the connection was cut %d bytes before the end: %w", m.left, io.ErrUnexpectedEOF)
	}
	return n, err //nolint:wrapcheck // a reader's error, passed on
}
