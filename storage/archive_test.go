package storage_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/storage"
)

// TestArchive packs objects of more than a part, and reads the ZIP back.
func TestArchive(t *testing.T) {
	t.Parallel()
	store := open(t)
	want := map[string][]byte{
		"large.mp4":        upload(t, store, "made/1/1/1.mp4", 40<<20+7),
		"Übung-视频.mp4":     upload(t, store, "made/2/1/1.mp4", 1000),
		"empty.txt":        {},
		"NOT-INCLUDED.txt": []byte("nothing\n"),
	}
	modified := time.Date(2026, 11, 26, 10, 20, 30, 0, time.UTC)
	last := 0.0
	size, sum, err := store.Archive(t.Context(), "made/9/1/order.zip", []storage.Entry{
		{Name: "NOT-INCLUDED.txt", Bytes: want["NOT-INCLUDED.txt"], Modified: modified},
		{Name: "empty.txt", Modified: modified},
		{Name: "large.mp4", Key: "made/1/1/1.mp4", Size: 40<<20 + 7, Modified: modified},
		{Name: "Übung-视频.mp4", Key: "made/2/1/1.mp4", Size: 1000, Modified: modified},
	}, func(done float64) {
		if done < last {
			t.Errorf("progress falls from %g to %g", last, done)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	data := content(t, store, "made/9/1/order.zip")
	hash := sha256.Sum256(data)
	if size != int64(len(data)) || sum != hex.EncodeToString(hash[:]) || last < 0.99 {
		t.Errorf("%d bytes with SHA-256 %s are reported at %g, and %d are stored", size, sum, last, len(data))
	}
	archive, err := zip.NewReader(bytes.NewReader(data), size)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, want[f.Name]) || f.Method != zip.Store || !f.Modified.Equal(modified) {
			t.Errorf("%s: %d bytes, method %d, of %s, %v", f.Name, len(got), f.Method, f.Modified, err)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("%d files are missing", len(want))
	}
	path := filepath.Join(t.TempDir(), "order.zip")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "python3", "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())", path).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "None ") || !strings.Contains(string(out), "Übung-视频.mp4") {
		t.Errorf("another program reads: %s, %v", out, err)
	}
}

// TestArchiveFails ends archives before they are whole: nothing stays.
func TestArchiveFails(t *testing.T) {
	t.Parallel()
	store := open(t)
	upload(t, store, "made/1/1/1.mp4", 39<<20)
	large := storage.Entry{Name: "large.mp4", Key: "made/1/1/1.mp4", Size: 39 << 20}
	reason := errors.New("stopped")
	for name, tt := range map[string]struct {
		entries []storage.Entry
		stopAt  float64
		want    error
	}{
		"an object is gone":  {[]storage.Entry{large, {Name: "b", Key: "made/0", Size: 1}}, 2, storage.ErrNotFound},
		"an object is short": {[]storage.Entry{{Name: "large.mp4", Key: large.Key, Size: 45 << 20}}, 2, io.ErrUnexpectedEOF},
		"it is stopped":      {[]storage.Entry{large}, 0.5, reason},
	} {
		ctx, stop := context.WithCancelCause(t.Context())
		defer stop(nil)
		progress := func(done float64) {
			if done > tt.stopAt {
				stop(reason)
			}
		}
		if _, _, err := store.Archive(ctx, "made/9/1/order.zip", tt.entries, progress); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if left := append(listed(t, store, "made/9/"), unfinished(t, store, "made/9/")...); len(left) > 0 {
			t.Errorf("%s: %v stay", name, left)
		}
	}
}
