package catalog

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"subclip/database"
)

func TestNewUpload(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		about          Metadata
		size           int64
		field, message string // of the error
		file           string // at the end of the key
		parts          int
	}{
		{"no title", Metadata{Title: " \t"}, 1, "title", "the title is empty", "", 0},
		{"no byte", Metadata{Title: "A"}, 0, "size", "1 byte to 5 TiB", "", 0},
		{"negative", Metadata{Title: "A"}, -1, "size", "1 byte to 5 TiB", "", 0},
		{"too large", Metadata{Title: "A"}, MaxMasterSize + 1, "size", "1 byte to 5 TiB", "", 0},
		{"one byte", Metadata{Title: "A", Filename: "Film 1.MP4"}, 1, "", "", "Film-1.mp4", 1},
		{"one part", Metadata{Title: "A", Filename: "a.mov"}, 16 << 20, "", "", "a.mov", 1},
		{"two parts", Metadata{Title: "A", Filename: "../../a.mxf"}, 16<<20 + 1, "", "", "a.mxf", 2},
		{"the largest", Metadata{Title: "A", Filename: "视频.mkv"}, MaxMasterSize, "", "", "视频.mkv", 5120},
		{"no extension", Metadata{Title: "A", Filename: "film"}, 1, "", "", "film", 1},
		{"odd extension", Metadata{Title: "A", Filename: "film.a b/c"}, 1, "", "", "film-a-b-c", 1},
		{"long extension", Metadata{Title: "A", Filename: "film.extension"}, 1, "", "", "film", 1},
		{"dots alone", Metadata{Title: "A", Filename: "..."}, 1, "", "", "video", 1},
		{"zero bytes", Metadata{Title: "A\x00B", Filename: "a\x00.mp4"}, 1, "", "", "a.mp4", 1},
	}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) {
					upload, exists, err := h.NewUpload(t.Context(), "", tt.about, tt.size, Idempotency{})
					if tt.field != "" {
						wantError(t, err, Invalid, tt.field, tt.message)
						return
					}
					if err != nil || exists {
						t.Fatal(exists, err)
					}
					if want := "masters/" + upload.ID + "/" + tt.file; upload.Key != want {
						t.Errorf("key is %q, want %q", upload.Key, want)
					}
					if last := upload.PartLength(upload.Parts()); upload.Parts() != tt.parts || last < 1 || last > upload.PartSize ||
						int64(tt.parts-1)*upload.PartSize+last != tt.size {
						t.Errorf("%d parts of %d bytes, the last of %d", upload.Parts(), upload.PartSize, last)
					}
					stored := must[*Upload](t)(h.StoreUpload(t.Context(), upload))
					got := must[*Upload](t)(h.Upload(t.Context(), "", stored.ID))
					if got.Status != UploadOpen || got.Size != tt.size || got.Title != strings.ReplaceAll(tt.about.Title, "\x00", "") {
						t.Errorf("stored is %+v", got)
					}
				})
			}
		})
	}
}

// TestCompleteTwice completes one upload many times, some of them at once.
func TestCompleteTwice(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			about := Metadata{
				Title: "Title", Description: "Description", Language: "fr", Filename: "film.mp4",
				Topics: []string{"politics"}, Keywords: []string{}, People: []string{"Ann Example"}, Places: []string{"Geneva"}, ShotOn: "2026-11-20",
			}
			upload := h.upload(t, about)
			assets, errs := together(t.Context(), 8, func(ctx context.Context, _ int) (Asset, error) { return h.CompleteUpload(ctx, "", upload.ID) })
			for i, asset := range assets {
				if errs[i] != nil || asset.ID != assets[0].ID {
					t.Fatalf("%+v, %v, want asset %s", asset, errs[i], assets[0].ID)
				}
				if !reflect.DeepEqual(asset.Metadata, about) || asset.Status != AssetProcessing || asset.MasterKey != upload.Key || asset.Size != upload.Size {
					t.Errorf("the asset is %+v", asset)
				}
			}
			again := must[Asset](t)(h.CompleteUpload(t.Context(), "", upload.ID))
			if again.ID != assets[0].ID {
				t.Errorf("completing again gives asset %s, want %s", again.ID, assets[0].ID)
			}
			got := must[*Upload](t)(h.Upload(t.Context(), "", upload.ID))
			if got.Status != UploadComplete || got.AssetID != again.ID {
				t.Errorf("the upload is %+v", got)
			}
			counts, err := h.JobCounts(t.Context())
			if err != nil || counts[JobIngest][JobQueued] != 1 {
				t.Errorf("jobs: %v, %v, want one ingest", counts, err)
			}
			_, err = h.OpenUpload(t.Context(), "", upload.ID)
			wantError(t, err, Conflict, "", "the upload is complete")
			wantError(t, h.AbortUpload(t.Context(), "", upload.ID), Conflict, "", "complete or aborted already")
		})
	}
}

func TestUploadAborted(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			aborted, expired, open := h.upload(t, Metadata{Title: "A"}), h.upload(t, Metadata{Title: "B"}), h.upload(t, Metadata{Title: "C"})
			if err := h.AbortUpload(t.Context(), "", aborted.ID); err != nil {
				t.Fatal(err)
			}
			h.exec(t, "UPDATE uploads SET expires_at = ? WHERE id = ?", database.Now().Add(-time.Second), expired.ID)
			gone := must[[]Upload](t)(h.ExpireUploads(t.Context()))
			if len(gone) != 1 || gone[0].ID != expired.ID || gone[0].Key != expired.Key || gone[0].StoreID != expired.StoreID {
				t.Errorf("expired uploads are %+v", gone)
			}
			if again := must[[]Upload](t)(h.ExpireUploads(t.Context())); len(again) > 0 {
				t.Errorf("they expire again: %+v", again)
			}
			for _, upload := range []*Upload{aborted, expired} {
				_, err := h.CompleteUpload(t.Context(), "", upload.ID)
				wantError(t, err, Conflict, "", "the upload is aborted: begin a new one")
				_, err = h.OpenUpload(t.Context(), "", upload.ID)
				wantError(t, err, Conflict, "", "the upload is aborted: begin a new one")
				wantError(t, h.AbortUpload(t.Context(), "", upload.ID), Conflict, "", "already")
				if must[bool](t)(h.UploadKnown(t.Context(), upload.ID)) || !must[bool](t)(h.MasterLeft(t.Context(), upload.ID, upload.Key)) {
					t.Error("an upload that was given up is not known as such")
				}
			}
			if got := must[*Upload](t)(h.OpenUpload(t.Context(), "", open.ID)); got.ID != open.ID || !must[bool](t)(h.UploadKnown(t.Context(), open.ID)) {
				t.Error("the open upload is not")
			}
			for _, id := range []string{open.ID, "nothing"} {
				if must[bool](t)(h.MasterLeft(t.Context(), id, "elsewhere")) {
					t.Errorf("upload %s was not given up", id)
				}
			}
			_, err := h.CompleteUpload(t.Context(), "", "nothing")
			wantError(t, err, NotFound, "", "there is no upload")
			if page, _, err := h.Assets(t.Context(), AssetQuery{Limit: 10}); err != nil || len(page) > 0 {
				t.Errorf("assets: %v, %v", page, err)
			}
		})
	}
}

func TestUploadIdempotency(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			key, about := Idempotency{"key", "hash"}, Metadata{Title: "A"}
			// All have looked before any has stored, as requests at once may.
			var prepared []*Upload
			for range 4 {
				upload, exists, err := h.NewUpload(t.Context(), "", about, 10, key)
				if exists || err != nil {
					t.Fatal(exists, err)
				}
				prepared = append(prepared, upload)
			}
			stored, errs := together(t.Context(), len(prepared), func(ctx context.Context, i int) (*Upload, error) {
				return h.StoreUpload(ctx, prepared[i])
			})
			for i := range stored {
				if errs[i] != nil || stored[i].ID != stored[0].ID {
					t.Fatalf("%+v, %v, want upload %s", stored[i], errs[i], stored[0].ID)
				}
			}
			if again, exists, err := h.NewUpload(t.Context(), "", about, 10, key); err != nil || !exists || again.ID != stored[0].ID {
				t.Errorf("%+v, exists %v, %v", again, exists, err)
			}
			_, _, err := h.NewUpload(t.Context(), "", about, 11, Idempotency{"key", "other"})
			wantError(t, err, Invalid, "", "used for another request")
		})
	}
}
