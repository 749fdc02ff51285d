package timecode_test

import (
	"errors"
	"math"
	"testing"

	"subclip/timecode"
)

// FuzzParse checks that no mark makes Parse panic, return a negative frame, or
// fail with another error than a *ParseError, and that every frame's address
// leads back to the frame.
func FuzzParse(f *testing.F) {
	days := map[timecode.Base]int64{
		mustBase(f, "23.976", "01:00:00:00"): 24 * 86400,
		mustBase(f, "25", "10:00:00:00"):     25 * 86400,
		mustBase(f, "29.97", "01:00:00:00"):  30 * 86400,
		mustBase(f, "29.97", "01:00:00;00"):  2589408,
		mustBase(f, "59.94", "23:59:59;59"):  5178816,
		mustBase(f, "119.88", "00:00:00;00"): 10357632,
		mustBase(f, "120", ""):               120 * 86400,
		mustBase(f, "25/2", ""):              13 * 86400,
	}

	for _, mark := range []string{"90", "1:30.5", "00:01:00:00", "00:01:00;02", "-1", "999999:59:59.999999999", "", ";"} {
		f.Add(mark, int64(1800))
	}

	f.Add("0", int64(math.MaxInt64))
	f.Add("0", int64(math.MinInt64))

	f.Fuzz(func(t *testing.T, mark string, frame int64) {
		for base, day := range days {
			got, err := base.Parse(mark)

			var parseErr *timecode.ParseError
			if err != nil && !errors.As(err, &parseErr) {
				t.Errorf("Parse(%q) fails with a %T", mark, err)
			}

			if got < 0 {
				t.Errorf("Parse(%q) is %d", mark, got)
			}

			want := (frame%day + day) % day
			if got, err := base.Parse(base.Timecode(frame)); err != nil || got != want {
				t.Errorf("Parse(%s) is %d, %v, want %d", base.Timecode(frame), got, err, want)
			}
		}
	})
}
