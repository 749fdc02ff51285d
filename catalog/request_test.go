package catalog

import (
	"context"
	"errors"
	"strings"
	"testing"

	"subclip/transcoder"
)

func wantError(t *testing.T, err error, kind Kind, field, message string) {
	t.Helper()
	mistake, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error is %v (%T), want an *Error", err, err)
	}
	if mistake.Kind != kind || mistake.Field != field || !strings.Contains(mistake.Message, message) {
		t.Errorf("error is kind %d, field %q, %q; want kind %d, field %q, %q", mistake.Kind, mistake.Field, mistake.Message, kind, field, message)
	}
}

func TestCreateClipErrors(t *testing.T) {
	t.Parallel()
	many := make([]Marks, transcoder.MaxRanges+1)
	for i := range many {
		many[i] = Marks{"0", "1"}
	}
	good := Marks{"10:00:01:00", "10:00:02:00"}
	runs := "The video runs from 10:00:00:00 to 10:05:00:00"
	tests := []struct {
		name    string
		ranges  []Marks
		format  string
		field   string
		message string
	}{
		{"no range", nil, "", "ranges", "give 1 to 50 ranges"},
		{"too many ranges", many, "", "ranges", "give 1 to 50 ranges"},
		{"empty mark in", []Marks{{"", "1"}}, "", "ranges[0].in", runs},
		{"empty mark out", []Marks{{"0", " "}}, "", "ranges[0].out", runs},
		{"words", []Marks{good, {"soon", "1"}}, "", "ranges[1].in", "write a timecode as HH:MM:SS:FF"},
		{"no such frame", []Marks{{"10:00:00:25", "1"}}, "", "ranges[0].in", runs},
		{"no such second", []Marks{{"0", "10:00:60:00"}}, "", "ranges[0].out", runs},
		{"drop-frame", []Marks{{"10:00:00;00", "1"}}, "", "ranges[0].in", "not drop-frame"},
		{"negative", []Marks{{"-1", "1"}}, "", "ranges[0].in", "negative"},
		{"very long", []Marks{{strings.Repeat("1", 1000), "1"}}, "", "ranges[0].in", runs},
		{"before the start", []Marks{{"09:59:59:24", "10:00:01:00"}}, "", "ranges[0].in", "use 10:00:00:00 to 10:04:59:24"},
		{"in at the end", []Marks{{"10:05:00:00", "10:05:00:01"}}, "", "ranges[0].in", "use 10:00:00:00 to 10:04:59:24"},
		{"out past the end", []Marks{good, {"10:04:00:00", "10:05:00:01"}}, "", "ranges[1].out", "use 10:04:00:01 to 10:05:00:00"},
		{"no frame", []Marks{{"10:00:01:00", "1"}}, "", "ranges[0].out", "leaves no frame: use 10:00:01:01 to"},
		{"half a frame", []Marks{{"1", "1.019"}}, "", "ranges[0].out", "leaves no frame"},
		{"out before in", []Marks{{"2", "1"}}, "", "ranges[0].out", "before mark in: use 10:00:02:01 to 10:05:00:00"},
		{"no such format", []Marks{good}, "h265", "format", "choose one of source"},
	}
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) {
					_, err := h.CreateClip(t.Context(), ClipRequest{AssetID: asset.ID, Ranges: tt.ranges, Format: tt.format})
					wantError(t, err, Invalid, tt.field, tt.message)
				})
			}
			if clips := h.recent(t, Asker{}); len(clips) > 0 {
				t.Errorf("%d clips were stored", len(clips))
			}
		})
	}
}

func TestCreateClipNotReady(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			_, err := h.CreateClip(t.Context(), wish("nothing", 1))
			wantError(t, err, NotFound, "", `there is no asset "nothing"`)
			_, err = h.Clip(t.Context(), Asker{}, "it's % \x00 none")
			wantError(t, err, NotFound, "", "there is no clip")
			asset, waiting := h.newAsset(t, Metadata{Title: "Film"})
			_, err = h.CreateClip(t.Context(), wish(asset.ID, 1))
			wantError(t, err, Conflict, "", "still being processed")
			_, _, err = h.Rendition(t.Context(), House(), asset.ID, "h264-720p")
			wantError(t, err, Conflict, "", "still being processed")
			job := h.claim(t, waiting)
			if err := h.Fail(t.Context(), &job, "the file has no video track"); err != nil {
				t.Fatal(err)
			}
			_, err = h.CreateClip(t.Context(), wish(asset.ID, 1))
			wantError(t, err, Conflict, "", "the file has no video track")
		})
	}
}

// TestCreateClip checks what is stored, and that the job is queued.
func TestCreateClip(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			clip := h.clip(t, ClipRequest{AssetID: asset.ID, Ranges: []Marks{{"10:00:01:00", "2"}, {"00:00", "0.04"}}, Separate: true})
			if clip.Status() != ClipQueued || clip.Asset.ID != asset.ID || clip.Job.Claims != 1 || clip.Job.Attempt != 1 {
				t.Errorf("the clip is %+v, its job %+v", clip, clip.Job)
			}
			want := []transcoder.Range{{In: 25, Out: 50}, {In: 0, Out: 1}}
			got := clip.Job.Request
			if got.Format != transcoder.SourceFormat || !got.Separate || len(got.Ranges) != 2 || got.Ranges[0] != want[0] || got.Ranges[1] != want[1] {
				t.Errorf("the job is to make %+v", got)
			}
			if !h.hasTicket(t, *clip.Job) {
				t.Error("the job was not queued")
			}
		})
	}
}

// TestSameJob checks which requests are for the same thing.
func TestSameJob(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset, other := h.asset(t), h.asset(t)
			ranges := []Marks{{"10:00:01:00", "10:00:02:00"}}
			two := []Marks{ranges[0], {"3", "4"}}
			first := h.clip(t, ClipRequest{AssetID: asset.ID, Ranges: ranges})
			tests := []struct {
				name    string
				request ClipRequest
				same    bool
			}{
				{"equal", ClipRequest{AssetID: asset.ID, Ranges: ranges}, true},
				{"format by name", ClipRequest{AssetID: asset.ID, Ranges: ranges, Format: "source"}, true},
				{"marks as media time", ClipRequest{AssetID: asset.ID, Ranges: []Marks{{"1", "2.0"}}}, true},
				{"one range apart", ClipRequest{AssetID: asset.ID, Ranges: ranges, Separate: true}, true},
				{"another format", ClipRequest{AssetID: asset.ID, Ranges: ranges, Format: "h264-360p"}, false},
				{"another asset", ClipRequest{AssetID: other.ID, Ranges: ranges}, false},
				{"another mark", ClipRequest{AssetID: asset.ID, Ranges: []Marks{{"1", "2.04"}}}, false},
				{"more ranges", ClipRequest{AssetID: asset.ID, Ranges: two}, false},
				{"more ranges apart", ClipRequest{AssetID: asset.ID, Ranges: two, Separate: true}, false},
				{"other order", ClipRequest{AssetID: asset.ID, Ranges: []Marks{two[1], two[0]}}, false},
			}
			jobs := map[string]string{first.JobID: "first"}
			for _, tt := range tests {
				clip := h.clip(t, tt.request)
				if clip.ID == first.ID || (clip.JobID == first.JobID) != tt.same {
					t.Errorf("%s: same job %v, want %v", tt.name, clip.JobID == first.JobID, tt.same)
				}
				if earlier := jobs[clip.JobID]; !tt.same && earlier != "" {
					t.Errorf("%s shares its job with %s", tt.name, earlier)
				}
				jobs[clip.JobID] = tt.name
			}
			if got := h.job(t, first.JobID).Claims; got != 5 {
				t.Errorf("the first job has %d claims, want 5", got)
			}
		})
	}
}

func TestManyEqualRequests(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			const many = 20
			asset := h.asset(t)
			clips, errs := together(t.Context(), many, func(ctx context.Context, _ int) (*Clip, error) {
				return h.CreateClip(ctx, wish(asset.ID, 1))
			})
			ids, jobs := map[string]bool{}, map[string]bool{}
			for i, clip := range clips {
				if errs[i] != nil {
					t.Fatal(errs[i])
				}
				ids[clip.ID], jobs[clip.JobID] = true, true
			}
			if len(ids) != many || len(jobs) != 1 {
				t.Errorf("%d requests are %d clips on %d jobs", many, len(ids), len(jobs))
			}
			if got := h.job(t, clips[0].JobID); got.Claims != many {
				t.Errorf("the job has %d claims, want %d", got.Claims, many)
			}
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			const many = 12
			asset := h.asset(t)
			// Half of the requests have one body and half another, under one key.
			clips, errs := together(t.Context(), many, func(ctx context.Context, i int) (*Clip, error) {
				request := wish(asset.ID, i%2)
				request.Idempotency = Idempotency{"key", []string{"even", "odd"}[i%2]}
				return h.CreateClip(ctx, request)
			})
			winner := -1
			for i := range clips {
				if errs[i] == nil {
					winner = i
				}
			}
			if winner < 0 {
				t.Fatal(errs)
			}
			for i := range clips {
				if i%2 != winner%2 {
					wantError(t, errs[i], Invalid, "", "this Idempotency-Key was used for another request")
				} else if errs[i] != nil || clips[i].ID != clips[winner].ID {
					t.Errorf("request %d: %v, %v, want clip %s", i, clips[i], errs[i], clips[winner].ID)
				}
			}
			if job := h.job(t, clips[winner].JobID); job.Claims != 1 {
				t.Errorf("the job has %d claims, want 1", job.Claims)
			}
			if all := h.recent(t, Asker{}); len(all) != 1 {
				t.Errorf("%d clips are stored", len(all))
			}
			counts, err := h.JobCounts(t.Context())
			if err != nil || counts[JobClip][JobQueued] != 1 {
				t.Errorf("jobs: %v, %v", counts, err)
			}
		})
	}
}
