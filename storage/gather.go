package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"
)

const (
	// smallGap is how many bytes between two runs of the source are rather read too
	// than asked for around.
	smallGap = 256 << 10
	// readsAtOnce is how many reads of a part's runs are under way together.
	readsAtOnce = 4
)

// gather collects the bytes of a part that goes through us.
func gather(ctx context.Context, source Source, part composedPart) (body []byte, read int64, err error) {
	body = make([]byte, part.size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readsAtOnce)
	rest := body
	for pieces := part.pieces; len(pieces) > 0; {
		run := pieces[:neighbours(pieces)]
		pieces = pieces[len(run):]
		into := rest
		for _, p := range run {
			rest = rest[p.Length:]
		}
		if run[0].Bytes != nil {
			copy(into, run[0].Bytes)
			continue
		}
		last := run[len(run)-1]
		length := last.Offset + last.Length - run[0].Offset
		read += length
		group.Go(func() error { return readRun(ctx, source, run, length, into) })
	}
	if err := group.Wait(); err != nil {
		return nil, 0, fmt.Errorf("gather a part: %w", err)
	}
	return body, read, nil
}

// neighbours is how many pieces from the first on are read at once: those of the
// source that follow one another with small gaps.
func neighbours(pieces []Piece) int {
	n := 1
	for ; n < len(pieces) && pieces[0].Bytes == nil && pieces[n].Bytes == nil; n++ {
		gap := pieces[n].Offset - (pieces[n-1].Offset + pieces[n-1].Length)
		if gap < 0 || gap > smallGap {
			break
		}
	}
	return n
}

// readRun reads pieces of the source and what lies between them, length bytes, and
// puts the pieces one after another.
func readRun(ctx context.Context, source Source, run []Piece, length int64, into []byte) error {
	data := make([]byte, length)
	if _, err := source.store.Reader(ctx, source.key).ReadAt(data, run[0].Offset); err != nil {
		return fmt.Errorf("read what is between the parts: %w", err)
	}
	for _, p := range run {
		copy(into, data[p.Offset-run[0].Offset:][:p.Length])
		into = into[p.Length:]
	}
	return nil
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
