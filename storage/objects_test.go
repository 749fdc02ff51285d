package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/storage"

	"golang.org/x/sync/errgroup"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key string
		size      int
	}{
		{"empty", "made/1/1/empty.mp4", 0},
		{"small", "made/1/1/small.mp4", 1000},
		{"just one part", "made/1/1/one.mp4", 16 << 20},
		{"in parts", "made/1/1/parts.mp4", 16<<20 + 1},
		{"many parts", "made/1/1/many.mp4", 40<<20 + 5},
		{"key of many scripts", "masters/1/Übung-ελ-视频 a+b&c=d%20e.mp4", 10},
	}
	store := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			started := time.Now().Add(-time.Minute)
			want := upload(t, store, tt.key, tt.size)
			object, err := store.Stat(t.Context(), tt.key)
			if err != nil {
				t.Fatal(err)
			}
			if object.Key != tt.key || object.Size != int64(tt.size) || object.ETag == "" || object.Modified.Before(started) {
				t.Errorf("Stat gives %+v", object)
			}
			if got := content(t, store, tt.key); !bytes.Equal(got, want) {
				t.Errorf("%d bytes came back, not the %d that were sent", len(got), len(want))
			}
			if left := unfinished(t, store, tt.key); len(left) > 0 {
				t.Errorf("unfinished uploads are left: %v", left)
			}
		})
	}
}

func TestUploadNoFile(t *testing.T) {
	t.Parallel()
	store := open(t)
	err := store.Upload(t.Context(), "made/1/1/a.mp4", filepath.Join(t.TempDir(), "missing"), "video/mp4")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	store := open(t)
	ctx := t.Context()
	_, statErr := store.Stat(ctx, "no/such")
	_, partsErr := store.Parts(ctx, "no/such", "00000000-0000-4000-8000-000000000000")
	for what, err := range map[string]error{"Stat": statErr, "Parts": partsErr} {
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
	if err := store.Delete(ctx, "no/such"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if err := store.AbortUpload(ctx, "no/such", "00000000-0000-4000-8000-000000000000"); err != nil {
		t.Errorf("AbortUpload: %v", err)
	}
	if err := store.DeletePrefix(ctx, "no/"); err != nil {
		t.Errorf("DeletePrefix: %v", err)
	}
}

func TestNoBucket(t *testing.T) {
	t.Parallel()
	store, err := storage.New(t.Context(), config(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "reach bucket test-") {
		t.Errorf("Ping: %v", err)
	}
	if _, err := store.CreateUpload(t.Context(), "a", "video/mp4"); err == nil || errors.Is(err, storage.ErrNotFound) {
		t.Errorf("CreateUpload: %v", err)
	}
	var group errgroup.Group
	for range 4 {
		group.Go(func() error { return store.EnsureBucket(t.Context()) })
	}
	if err := group.Wait(); err != nil {
		t.Errorf("EnsureBucket by several at once: %v", err)
	}
	if err := store.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestListAndDeletePrefix(t *testing.T) {
	t.Parallel()
	store := open(t)
	keys := []string{"made/1/1/a.mp4", "made/1/2/a.mp4", "made/10/1/a.mp4", "masters/1/a.mp4"}
	for _, key := range keys {
		upload(t, store, key, 3)
	}
	open := []string{"made/1/3/a.mp4", "made/10/1/b.mp4", "masters/2/a.mp4"}
	for _, key := range open {
		if _, err := store.CreateUpload(t.Context(), key, "video/mp4"); err != nil {
			t.Fatal(err)
		}
	}
	if got := listed(t, store, ""); !slices.Equal(got, keys) {
		t.Errorf("List gives %v, want %v", got, keys)
	}
	if got := listed(t, store, "made/1/"); !slices.Equal(got, keys[:2]) {
		t.Errorf("List of made/1/ gives %v, want %v", got, keys[:2])
	}
	if got := unfinished(t, store, "made/"); !slices.Equal(got, open[:2]) {
		t.Errorf("Unfinished gives %v, want %v", got, open[:2])
	}
	if err := store.DeletePrefix(t.Context(), "made/1/"); err != nil {
		t.Fatal(err)
	}
	if got := listed(t, store, ""); !slices.Equal(got, keys[2:]) {
		t.Errorf("after DeletePrefix: %v, want %v", got, keys[2:])
	}
	if got := unfinished(t, store, ""); !slices.Equal(got, open[1:]) {
		t.Errorf("after DeletePrefix, unfinished: %v, want %v", got, open[1:])
	}
}

// TestManyPages looks beyond the thousand that a store lists at once.
func TestManyPages(t *testing.T) {
	t.Parallel()
	const many = 1003
	store := open(t)
	path, _ := file(t, 1)
	var group errgroup.Group
	group.SetLimit(8)
	for i := range many {
		group.Go(func() error { return store.Upload(t.Context(), fmt.Sprintf("made/o/1/%d", i), path, "video/mp4") })
		group.Go(func() error {
			_, err := store.CreateUpload(t.Context(), fmt.Sprintf("made/u/1/%d", i), "video/mp4")
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string][]string{"List": listed(t, store, "made/"), "Unfinished": unfinished(t, store, "made/")} {
		if len(got) != many || !slices.IsSorted(got) || len(slices.Compact(got)) != many {
			t.Errorf("%s yields %d of %d, or not in order", what, len(got), many)
		}
	}
	if err := store.DeletePrefix(t.Context(), "made/"); err != nil {
		t.Fatal(err)
	}
	if left := append(listed(t, store, ""), unfinished(t, store, "")...); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}
