package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"
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
}

// Compose makes an object out of pieces. Long runs of the source are copied by
// the store (UploadPartCopy); what is too short for a part of its own goes
// through us. A store that cannot copy runs is sent all of it. When it fails or
// ctx ends, nothing stays behind.
func (s *Store) Compose(ctx context.Context, key, contentType string, source Source, pieces []Piece) (Composed, error) {
	done, err := s.compose(ctx, key, contentType, source, pieces)
	if err != nil {
		return Composed{}, s.tidied(ctx, key, err)
	}
	return done, nil
}

func (s *Store) compose(ctx context.Context, key, contentType string, source Source, pieces []Piece) (Composed, error) {
	parts := planParts(pieces, true)
	if len(parts) == 1 && !parts[0].copied {
		return s.putWhole(ctx, key, contentType, source, parts[0])
	}
	done, err := s.composeParts(ctx, key, contentType, source, parts)
	if err != nil && ctx.Err() == nil && refusesCopies(err) {
		return s.composeParts(ctx, key, contentType, source, planParts(pieces, false))
	}
	return done, err
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

func (s *Store) composeParts(ctx context.Context, key, contentType string, source Source, parts []composedPart) (Composed, error) {
	id, err := s.CreateUpload(ctx, key, contentType)
	if err != nil {
		return Composed{}, err
	}
	finished := make([]Part, len(parts))
	reads := make([]int64, len(parts))
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(composedAtOnce)
	for i, part := range parts {
		group.Go(func() (err error) {
			finished[i], reads[i], err = s.composePart(running, key, id, source, int32(i+1), part) //nolint:gosec // at most MaxParts
			return err
		})
	}
	err = group.Wait()
	if err == nil {
		err = s.CompleteUpload(ctx, key, id, finished)
	}
	if err != nil {
		cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		return Composed{}, errors.Join(err, s.AbortUpload(cleaning, key, id))
	}
	var done Composed
	for i, part := range parts {
		done.Read += reads[i]
		if part.copied {
			done.Copied += part.size
		} else {
			done.Uploaded += part.size
		}
	}
	return done, nil
}

func (s *Store) composePart(ctx context.Context, key, id string, source Source, number int32, part composedPart) (Part, int64, error) {
	if part.copied {
		from := part.pieces[0]
		out, err := s.client.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: &s.bucket, Key: &key, UploadId: &id, PartNumber: &number,
			CopySource:      aws.String(source.store.bucket + "/" + escapeKey(source.key)),
			CopySourceRange: aws.String(byteRange(from)),
		})
		if err != nil {
			return Part{}, 0, wrap(err, fmt.Sprintf("copy %s into part %d of %s", byteRange(from), number, key))
		}
		return Part{Number: number, Size: part.size, ETag: aws.ToString(out.CopyPartResult.ETag)}, 0, nil
	}
	body, read, err := gather(ctx, source, part)
	if err != nil {
		return Part{}, 0, err
	}
	out, err := s.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &s.bucket, Key: &key, UploadId: &id, PartNumber: &number, Body: bytes.NewReader(body),
	})
	if err != nil {
		return Part{}, 0, wrap(err, fmt.Sprintf("send part %d of %s", number, key))
	}
	return Part{Number: number, Size: part.size, ETag: aws.ToString(out.ETag)}, read, nil
}

// gather collects the bytes of a part that goes through us.
func gather(ctx context.Context, source Source, part composedPart) (body []byte, read int64, err error) {
	body = make([]byte, 0, part.size)
	for _, p := range part.pieces {
		if p.Bytes != nil {
			body = append(body, p.Bytes...)
			continue
		}
		run := make([]byte, p.Length)
		if _, err := source.store.Reader(ctx, source.key).ReadAt(run, p.Offset); err != nil {
			return nil, 0, fmt.Errorf("gather a part: %w", err)
		}
		body = append(body, run...)
		read += p.Length
	}
	return body, read, nil
}

func byteRange(p Piece) string {
	return fmt.Sprintf("bytes=%d-%d", p.Offset, p.Offset+p.Length-1)
}

// Reader reads an object by ranges; it is for few reads of many bytes. A read
// past the object's end is io.ErrUnexpectedEOF.
func (s *Store) Reader(ctx context.Context, key string) io.ReaderAt {
	return readerAt{ctx, s, key}
}

type readerAt struct {
	ctx   context.Context //nolint:containedctx // io.ReaderAt has no room for one
	store *Store
	key   string
}

// ReadAt reads a range of the object.
func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	want := byteRange(Piece{Offset: off, Length: int64(len(p))})
	out, err := r.store.client.GetObject(r.ctx, &s3.GetObjectInput{Bucket: &r.store.bucket, Key: &r.key, Range: &want})
	if err != nil {
		return 0, wrap(err, "read "+want+" of "+r.key)
	}
	defer func() { _ = out.Body.Close() }()
	n, err := io.ReadFull(out.Body, p)
	if err != nil {
		return n, fmt.Errorf("read %s of %s: %w", want, r.key, err)
	}
	return n, nil
}

// planParts divides pieces into parts: every part but the last is at least
// MinPart, a copied one at most largestCopy, one that goes through us about
// largestPut. Where copies is false, all goes through us.
func planParts(pieces []Piece, copies bool) []composedPart {
	var plan partPlan
	for _, p := range pieces {
		if copies && p.Bytes == nil && p.Length >= 2*MinPart {
			plan.copyRun(p)
			continue
		}
		for _, chunk := range cutPiece(p, largestPut) {
			plan.put(chunk)
		}
	}
	plan.flush()
	return plan.parts
}

// partPlan is a division in the making: finished parts, and one that still
// gathers pieces.
type partPlan struct {
	parts   []composedPart
	pending composedPart
}

func (l *partPlan) flush() {
	if l.pending.size > 0 {
		l.parts = append(l.parts, l.pending)
	}
	l.pending = composedPart{}
}

func (l *partPlan) put(p Piece) {
	l.pending.pieces = append(l.pending.pieces, p)
	l.pending.size += p.Length
	if l.pending.size >= largestPut {
		l.flush()
	}
}

// copyRun has the store copy a run. A part before it that is too short takes the
// run's beginning.
func (l *partPlan) copyRun(p Piece) {
	if short := MinPart - l.pending.size; l.pending.size > 0 && short > 0 {
		l.put(Piece{Offset: p.Offset, Length: short})
		p.Offset, p.Length = p.Offset+short, p.Length-short
	}
	l.flush()
	for _, chunk := range cutPiece(p, largestCopy) {
		l.parts = append(l.parts, composedPart{pieces: []Piece{chunk}, copied: true, size: chunk.Length})
	}
}

// cutPiece divides a piece into equal ones of at most limit bytes.
func cutPiece(p Piece, limit int64) []Piece {
	n := max(1, (p.Length+limit-1)/limit)
	size := (p.Length + n - 1) / n
	var chunks []Piece
	for done := int64(0); done < p.Length; done += size {
		chunk := Piece{Offset: p.Offset + done, Length: min(size, p.Length-done)}
		if p.Bytes != nil {
			chunk.Bytes, chunk.Offset = p.Bytes[done:done+chunk.Length], 0
		}
		chunks = append(chunks, chunk)
	}
	return chunks
}

// escapeKey writes a key as a copy's source names it. Some stores read a plus
// there as a space.
func escapeKey(key string) string {
	return strings.ReplaceAll((&url.URL{Path: key}).EscapedPath(), "+", "%2B")
}
