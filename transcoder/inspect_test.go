package transcoder_test

import (
	"encoding/json"
	"errors"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	for name, test := range map[string]struct {
		change func(o *sample.Options)
		want   transcoder.GOPs
		method transcoder.Method
	}{
		"avc.mp4": {
			func(o *sample.Options) { o.GOP = 30 },
			transcoder.GOPs{Count: 4, Shortest: 10, Longest: 30},
			transcoder.MethodSmart,
		},
		"intra.mxf": {
			withPCM("-c:v", "mpeg2video", "-g", "1", "-bf", "0", "-b:v", "8M"),
			transcoder.GOPs{Count: 100, Shortest: 1, Longest: 1, AllIntra: true},
			transcoder.MethodSmart,
		},
		"avc.ts": {
			func(o *sample.Options) { o.GOP = 40 },
			transcoder.GOPs{Count: 3, Shortest: 20, Longest: 40},
			transcoder.MethodSmart,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := small()
			o.Frames = 100
			test.change(&o)
			input := makeSample(t, name, o)
			got, err := tr.Inspect(t.Context(), input)
			if err != nil {
				t.Fatal(err)
			}
			if got.GOPs != test.want {
				t.Errorf("GOPs %+v, want %+v", got.GOPs, test.want)
			}
			plan, err := transcoder.NewPlan(got.Source, transcoder.Request{Ranges: []transcoder.Range{{In: 5, Out: 95}}})
			if err != nil {
				t.Fatal(err)
			}
			if want := (transcoder.SourceCut{Method: plan.Method, Reason: plan.Reason}); got.SourceCut != want || want.Method != test.method {
				t.Errorf("source cuts %+v, want %+v by method %s", got.SourceCut, want, test.method)
			}
			if got.Frames != 100 {
				t.Errorf("%+v", got.Source)
			}
		})
	}
}

// What scripts read of `subclip probe`.
func TestInspectionAsJSON(t *testing.T) {
	t.Parallel()
	tr := newTranscoder(t)
	o := small()
	o.Frames, o.Rate, o.Timecode = 1, "30000/1001", "10:00:00;02"
	found, err := tr.Inspect(t.Context(), makeSample(t, "video.mp4", o))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Container string         `json:"container"`
		Frames    int            `json:"frames"`
		Timecode  map[string]any `json:"timecode"`
		Video     map[string]any `json:"video"`
		Audio     []any          `json:"audio"`
		GOPs      map[string]any `json:"gops"`
		SourceCut map[string]any `json:"source_cut"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]bool{
		"container":  read.Container != "mp4",
		"frames":     read.Frames != 1,
		"timecode":   read.Timecode["rate"] != "30000/1001" || read.Timecode["start"] != "10:00:00;02" || read.Timecode["drop"] != true,
		"video":      read.Video["codec"] != "h264",
		"audio":      len(read.Audio) != 1,
		"gops":       read.GOPs["count"] != 1.0 || read.GOPs["shortest"] != 1.0 || read.GOPs["longest"] != 1.0 || read.GOPs["all_intra"] != true,
		"source_cut": read.SourceCut["method"] == nil || read.SourceCut["reason"] == "",
	} {
		if wrong {
			t.Errorf("%s is wrong in %s", name, data)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	_, err := newTranscoder(t).Inspect(t.Context(), write(t, "video.mp4", "No video."))
	if !errors.Is(err, transcoder.ErrMedia) {
		t.Errorf("error %v", err)
	}
}
