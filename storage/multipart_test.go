package storage_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"
	"time"

	"subclip/storage"
)

func TestPartSize(t *testing.T) {
	t.Parallel()
	const mib, gib, tib = 1 << 20, 1 << 30, 1 << 40
	tests := []struct {
		name                  string
		size, preferred, want int64
	}{
		{"one byte", 1, 16 * mib, 16 * mib},
		{"as preferred", gib, 16 * mib, 16 * mib},
		{"never below the least", gib, mib, storage.MinPart},
		{"just as many parts as may be", 16 * mib * storage.MaxParts, 16 * mib, 16 * mib},
		{"one byte too many", 16*mib*storage.MaxParts + 1, 16 * mib, 32 * mib},
		{"the largest object", 5 * tib, 16 * mib, gib},
		{"the largest object in least parts", 5 * tib, 0, 640 * mib},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := storage.PartSize(tt.size, tt.preferred)
			if got != tt.want {
				t.Errorf("part size is %d MiB, want %d MiB", got/mib, tt.want/mib)
			}
			if parts := (tt.size + got - 1) / got; parts > storage.MaxParts || got > storage.MaxPart {
				t.Errorf("that makes %d parts of %d bytes", parts, got)
			}
		})
	}
}

// TestClientUpload sends a file as a browser does: parts to signed URLs, in any
// order, one of them twice.
func TestClientUpload(t *testing.T) {
	t.Parallel()
	const key = "masters/1/film.mp4"
	store := open(t)
	_, content1 := file(t, storage.MinPart)
	_, content2 := file(t, 1000)
	id, err := store.CreateUpload(t.Context(), key, "application/octet-stream")
	if err != nil {
		t.Fatal(err)
	}
	putPart(t, store, key, id, 2, content2)
	putPart(t, store, key, id, 1, content1[:storage.MinPart-1])
	putPart(t, store, key, id, 1, content1)
	parts, err := store.Parts(t.Context(), key, id)
	if err != nil {
		t.Fatal(err)
	}
	want := []storage.Part{{Number: 1, Size: storage.MinPart}, {Number: 2, Size: 1000}}
	if !slices.EqualFunc(parts, want, func(a, b storage.Part) bool { return a.Number == b.Number && a.Size == b.Size }) {
		t.Fatalf("parts are %+v", parts)
	}
	if got := unfinished(t, store, "masters/"); !slices.Equal(got, []string{key}) {
		t.Errorf("unfinished: %v", got)
	}
	for upload, err := range store.Unfinished(t.Context(), "masters/") {
		if err != nil || upload.ID != id || time.Since(upload.Started).Abs() > time.Minute {
			t.Errorf("unfinished: %+v, %v", upload, err)
		}
	}
	if err := store.CompleteUpload(t.Context(), key, id, parts); err != nil {
		t.Fatal(err)
	}
	if got, want := content(t, store, key), slices.Concat(content1, content2); !bytes.Equal(got, want) {
		t.Errorf("%d bytes came back, not the %d that were sent", len(got), len(want))
	}
	if got := unfinished(t, store, ""); len(got) > 0 {
		t.Errorf("unfinished: %v", got)
	}
}

func putPart(t *testing.T, store *storage.Store, key, id string, number int32, body []byte) {
	t.Helper()
	signed, err := store.PartURL(t.Context(), key, id, number)
	if err != nil {
		t.Fatal(err)
	}
	if signed.ExpiresAt.Before(time.Now()) {
		t.Errorf("the URL of part %d has expired", number)
	}
	if got := request(t, http.MethodPut, signed.URL, body); got.code != http.StatusOK || got.header.Get("ETag") == "" {
		t.Fatalf("PUT part %d: %d: %s", number, got.code, got.body)
	}
}

func TestAbortUpload(t *testing.T) {
	t.Parallel()
	const key = "masters/2/other.mp4"
	store := open(t)
	id, err := store.CreateUpload(t.Context(), key, "application/octet-stream")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := store.PartURL(t.Context(), key, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	putPart(t, store, key, id, 1, []byte("abc"))
	for range 2 {
		if err := store.AbortUpload(t.Context(), key, id); err != nil {
			t.Errorf("AbortUpload: %v", err)
		}
	}
	if got := request(t, http.MethodPut, signed.URL, []byte("abc")); got.code != http.StatusNotFound {
		t.Errorf("PUT to an aborted upload: %d, want 404", got.code)
	}
	if left := append(listed(t, store, ""), unfinished(t, store, "")...); len(left) > 0 {
		t.Errorf("left in the store: %v", left)
	}
}
