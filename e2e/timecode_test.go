package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"subclip/timecode"
)

// counts compares the timecode of the page's editor with the service's: addresses of
// frames, and frames at addresses and media times, at the usual rates.
func (b *tab) counts(t *testing.T) {
	const tries = 300
	for _, at := range []struct{ rate, start string }{
		{"25", "10:00:00:00"},
		{"24000/1001", "00:00:00:00"},
		{"30000/1001", "00:59:30;00"},
		{"30000/1001", "23:59:00:00"},
		{"60000/1001", "09:58:00;04"},
		{"50", "10:00:00:00"},
		{"30", "01:00:00:00"},
		{"120", "00:00:00:000"},
	} {
		rate, err := timecode.ParseRate(at.rate)
		if err != nil {
			t.Fatal(err)
		}
		base, err := timecode.NewBase(rate, at.start)
		if err != nil {
			t.Fatal(err)
		}
		var frames []int64
		var marks, texts []string
		for range tries {
			frame := rand.Int64N(base.Rate.Nominal() * 3600 * 25)
			frames, texts = append(frames, frame), append(texts, base.Timecode(frame))
			marks = append(marks, base.Timecode(frame))
		}
		marks = append(marks, "10:00:60:00", "1:2", "00:01:00;00", "00:01:00;02", "24:00:00:00", "61:00.5", "12.34", "1:02:03.04", "5", "x", "", "00:00:01:99")
		input, err := json.Marshal(map[string]any{"frames": frames, "marks": marks, "base": map[string]any{
			"num": base.Rate.Num, "den": base.Rate.Den, "drop": base.Drop, "start": base.Start, "frames": 1,
		}})
		if err != nil {
			t.Fatal(err)
		}
		got := asked[struct {
			Texts  []string
			Frames []*int64
		}](b, `(({base, frames, marks}) => {
			const timecode = new subclip.timecode.constructor(base);
			return {Texts: frames.map((f) => timecode.text(f)), Frames: marks.map((m) => timecode.parse(m))};
		})(%s)`, input)
		for i, want := range texts {
			if got.Texts[i] != want {
				t.Errorf("frame %d at %s from %s is %s, not %s", frames[i], at.rate, at.start, got.Texts[i], want)
			}
		}
		for i, mark := range marks {
			want, err := base.Parse(mark)
			if (err != nil) != (got.Frames[i] == nil) || (err == nil && *got.Frames[i] != want) {
				t.Errorf("mark %q at %s is %v, not %d, %v", mark, at.rate, got.Frames[i], want, err)
			}
		}
	}
}
