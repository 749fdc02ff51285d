package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	// composedAtOnce is how many parts of a composition are under way together.
	composedAtOnce = 4
	// largestCopy keeps copies well below MaxPart, so that a store can make
	// several at once.
	largestCopy = 1 << 30
	// largestPut bounds the memory of a part that goes through us.
	largestPut = 16 << 20
)

// Piece is a run of bytes of a new object: given, or a run of a source object's.
type Piece struct {
	Bytes  []byte // if not nil
	Offset int64  // in the source
	Length int64  // bytes
}

// Source is an object whose runs are taken over, in any bucket of the same service.
type Source struct {
	store *Store
	key   string
}

// Source names an object as one that others are composed of.
func (s *Store) Source(key string) Source { return Source{s, key} }

// Composed is what making an object out of pieces moved, in bytes.
type Composed struct {
	Uploaded int64  // through us
	Copied   int64  // inside the store
	Read     int64  // from the source, by us
	SHA256   string // of the object in hexadecimal, where all of it went through us at once
}

// composedPart is one part of a multipart upload: either a run that the store
// copies, or pieces that go through us.
type composedPart struct {
	pieces []Piece
	copied bool
	size   int64
	number int32
	made   *Part // once it is in the store
}

// Compose makes an object out of pieces. Long runs of the source are copied by
// the store (UploadPartCopy); what is too short for a part of its own goes
// through us. A store that cannot copy runs is sent all of it. When it fails or
// ctx ends, nothing stays behind.
func (s *Store) Compose(ctx context.Context, key, contentType string, source Source, pieces []Piece) (Composed, error) {
	return s.Assemble(key, contentType, source).Finish(ctx, pieces)
}

func refusesCopies(err error) bool {
	return slices.Contains([]string{"NotImplemented", "MethodNotAllowed", "InvalidRequest"}, errorCode(err))
}

func (s *Store) putWhole(ctx context.Context, key, contentType string, source Source, part composedPart) (Composed, error) {
	body, read, err := gather(ctx, source, part)
	if err != nil {
		return Composed{}, err
	}
	_, err = s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, ContentType: &contentType, Body: bytes.NewReader(body),
	})
	sum := sha256.Sum256(body)
	return Composed{Uploaded: part.size, Read: read, SHA256: hex.EncodeToString(sum[:])}, wrap(err, "put "+key)
}

func (s *Store) composePart(ctx context.Context, key, id string, source Source, part composedPart) (made *Part, read int64, err error) {
	made = &Part{Number: part.number, Size: part.size}
	if part.copied {
		from := part.pieces[0]
		out, err := s.client.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: &s.bucket, Key: &key, UploadId: &id, PartNumber: &part.number,
			CopySource:      aws.String(source.store.bucket + "/" + escapeKey(source.key)),
			CopySourceRange: aws.String(byteRange(from)),
		})
		if err != nil {
			return nil, 0, wrap(err, fmt.Sprintf("copy %s into part %d of %s", byteRange(from), part.number, key))
		}
		made.ETag = aws.ToString(out.CopyPartResult.ETag)
		return made, 0, nil
	}
	body, read, err := gather(ctx, source, part)
	if err != nil {
		return nil, 0, err
	}
	out, err := s.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &s.bucket, Key: &key, UploadId: &id, PartNumber: &part.number, Body: bytes.NewReader(body),
	})
	if err != nil {
		return nil, 0, wrap(err, fmt.Sprintf("send part %d of %s", part.number, key))
	}
	made.ETag = aws.ToString(out.ETag)
	return made, read, nil
}

func byteRange(p Piece) string {
	return fmt.Sprintf("bytes=%d-%d", p.Offset, p.Offset+p.Length-1)
}

// escapeKey writes a key as a copy's source names it. Some stores read a plus
// there as a space.
func escapeKey(key string) string {
	return strings.ReplaceAll((&url.URL{Path: key}).EscapedPath(), "+", "%2B")
}
