package storage

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
)

const (
	// MaxObject is the most that S3 stores as one object: 5 TiB.
	MaxObject = 5 << 40
	// archiveRead is how much of an object is read at once, and archiveTries how often
	// that is tried: an archive may take hours.
	archiveRead  = 8 << 20
	archiveTries = 4
	// archiveMemory bounds the parts of an archive that are under way together, but for
	// an archive so large that one part is more.
	archiveMemory = 64 << 20
	// entryOverhead is more than what a ZIP needs for an entry besides its bytes.
	entryOverhead = 1 << 10
)

// Entry is one file of an archive: an object, or given bytes.
type Entry struct {
	Name     string // unique in the archive, with "/" between folders
	Key      string // of the object; empty where Bytes are given
	Bytes    []byte
	Size     int64 // of the object, bytes
	Modified time.Time
}

func (e Entry) length() int64 { return e.Size + int64(len(e.Bytes)) }

// Archive stores a ZIP of entries under key, in their order, and reports its size in bytes
// and its SHA-256 in hexadecimal. Entries are stored as they are: media does not get
// smaller. They are read and sent on in parts, so that neither disk nor much memory is
// needed. progress is told how much is done, 0 to 1. When it fails or ctx ends, nothing
// stays behind.
func (s *Store) Archive(ctx context.Context, key string, entries []Entry, progress func(float64)) (size int64, sum string, err error) {
	foreseen := int64(entryOverhead)
	for _, e := range entries {
		foreseen += e.length() + entryOverhead
	}
	reading, writing := io.Pipe()
	seen := &counter{hash: sha256.New(), to: writing, foreseen: foreseen, progress: progress}
	written := make(chan struct{})
	go func() {
		defer close(written)
		_ = writing.CloseWithError(s.writeZIP(ctx, seen, entries))
	}()
	part := PartSize(foreseen, uploadPart)
	manager := transfermanager.New(s.client, func(o *transfermanager.Options) {
		o.PartSizeBytes = part
		o.MultipartUploadThreshold = part
		o.Concurrency = int(min(max(archiveMemory/part, 1), composedAtOnce))
		o.FailTimeout = cleanUpTime
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	_, err = manager.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: &s.bucket, Key: &key, Body: reading, ContentType: aws.String("application/zip"),
	})
	_ = reading.CloseWithError(err) // the writer ends with the upload
	<-written
	if err != nil {
		return 0, "", s.tidied(ctx, key, wrap(err, "archive "+key))
	}
	return seen.n, hex.EncodeToString(seen.hash.Sum(nil)), nil
}

func (s *Store) writeZIP(ctx context.Context, to io.Writer, entries []Entry) error {
	archive := zip.NewWriter(to)
	buffer := make([]byte, archiveRead)
	for _, e := range entries {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: e.Name, Method: zip.Store, Modified: e.Modified})
		if err != nil {
			return fmt.Errorf("begin %s: %w", e.Name, err)
		}
		if _, err := w.Write(e.Bytes); err != nil {
			return fmt.Errorf("write %s: %w", e.Name, err)
		}
		if e.Key == "" {
			continue
		}
		object := io.NewSectionReader(tireless{ctx, s.Reader(ctx, e.Key)}, 0, e.Size)
		if _, err := io.CopyBuffer(w, object, buffer); err != nil {
			return fmt.Errorf("take %s into the archive: %w", e.Key, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("end the archive: %w", err)
	}
	return nil
}

// tireless reads again where a connection is cut.
type tireless struct {
	ctx context.Context //nolint:containedctx // io.ReaderAt has no room for one
	io.ReaderAt
}

// ReadAt reads all of p.
func (t tireless) ReadAt(p []byte, off int64) (n int, err error) {
	for range archiveTries {
		if n, err = t.ReaderAt.ReadAt(p, off); err == nil || t.ctx.Err() != nil {
			break
		}
	}
	return n, err //nolint:wrapcheck // it is the reader's own
}

// counter sums up what goes through.
type counter struct {
	hash     hash.Hash
	to       io.Writer
	n        int64
	foreseen int64
	progress func(float64)
}

// Write passes data on.
func (c *counter) Write(data []byte) (int, error) {
	n, err := c.to.Write(data)
	c.hash.Write(data[:n])
	c.n += int64(n)
	if c.progress != nil {
		c.progress(min(1, float64(c.n)/float64(c.foreseen)))
	}
	return n, err //nolint:wrapcheck // it is the writer's own
}
