package timecode_test

import (
	"strings"
	"testing"

	"subclip/timecode"
)

func TestParse(t *testing.T) {
	t.Parallel()

	tests := []struct {
		rate, start, mark string
		want              int64
	}{
		// Media times, which do not depend on the start.
		{"25", "10:00:00:00", "0", 0},
		{"25", "10:00:00:00", "90", 2250},
		{"25", "10:00:00:00", "1:30", 2250},
		{"25", "10:00:00:00", "90:00", 135000},
		{"25", "10:00:00:00", "00:01:30", 2250},
		{"25", "10:00:00:00", "00:01:30.5", 2263},
		{"25", "10:00:00:00", "100:00:00.000", 9000000},
		{"25", "", " 1.5\t", 38},
		{"25", "", "0.019999999", 0},
		{"25", "", "0.02", 1},
		{"25", "", "0.059", 1},
		{"25", "", "00.060", 2},
		{"29.97", "01:00:00;00", "1001", 30000},
		{"29.97", "01:00:00;00", "60", 1798},
		{"29.97", "01:00:00;00", "3600.0", 107892},
		{"120", "", "0.004166666", 0},
		{"120", "", "0.004166667", 1},
		{"1000", "", "999999:59:59.999999999", 3600000000000},

		// Timecodes, counted from the start.
		{"25", "10:00:00:00", "10:00:01:05", 30},
		{"25", "", "1:00:00:00", 90000},
		{"120", "", "00:00:00:05", 5},
		{"120", "", "00:00:00:005", 5},

		// A colon means the same address in a drop-frame base.
		{"29.97", "00:00:00;00", "00:01:00:02", 1800},
		{"29.97", "00:00:00;00", "00:10:00:00", 17982},
		{"29.97", "01:00:00;00", "01:00:00:00", 0},

		// The same address is another frame in a non-drop base.
		{"29.97", "00:00:00:00", "00:01:00:02", 1802},

		// Past midnight, or before the start.
		{"25", "23:59:59:00", "00:00:00:00", 25},
		{"25", "10:00:00:00", "09:59:59:24", 2159999},
		{"29.97", "23:59:59;00", "00:00:00;00", 30},
		{"29.97", "10:00:00;00", "09:59:59;29", 2589407},
	}
	for _, tt := range tests {
		t.Run(tt.rate+" "+tt.mark, func(t *testing.T) {
			t.Parallel()

			got, err := mustBase(t, tt.rate, tt.start).Parse(tt.mark)
			if err != nil || got != tt.want {
				t.Errorf("Parse is %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

// markError is a mark that is an error in a base, and how its error helps.
type markError struct{ rate, start, mark, remedy string }

func (e markError) check(t *testing.T) {
	t.Helper()

	_, err := mustBase(t, e.rate, e.start).Parse(e.mark)
	wantParseError(t, err, e.mark, e.remedy)
}

func TestParseTimecodeErrors(t *testing.T) {
	t.Parallel()

	tests := []markError{
		{"25", "", "00:00:00:25", "frame 25 does not exist at 25 frames a second: use 00 to 24"},
		{"25", "", "00:00:00:005", "frame 005 does not exist at 25 frames a second: use 00 to 24"},
		{"120", "", "00:00:00:120", "use 00 to 119"},
		{"29.97", "", "00:00:00:30", "at 30000/1001 frames a second: use 00 to 29"},
		{"25", "", "00:00:60:00", "second 60 does not exist: use 00 to 59"},
		{"25", "", "00:60:00:00", "minute 60 does not exist: use 00 to 59"},
		{"25", "", "24:00:00:00", "hour 24 does not exist: use 00 to 23"},
		{"25", "", "00:01:00;02", "not drop-frame: write 00:01:00:02"},
		{"29.97", "", "00:01:00;02", "not drop-frame: write 00:01:00:02"},

		{"29.97", "00:00:00;00", "00:01:00;00", "use 00:01:00;02"},
		{"29.97", "00:00:00;00", "00:01:00;01", "use 00:01:00;02"},
		{"29.97", "00:00:00;00", "23:59:00:01", "use 23:59:00;02"},
		{"59.94", "00:00:00;00", "00:01:00;00", "use 00:01:00;04"},
		{"59.94", "00:00:00;00", "00:01:00;03", "use 00:01:00;04"},
		{"119.88", "00:00:00;00", "00:01:00;00", "use 00:01:00;008"},
		{"119.88", "00:00:00;00", "00:01:00;007", "use 00:01:00;008"},
	}
	for _, tt := range tests {
		t.Run(tt.rate+" "+tt.mark, func(t *testing.T) {
			t.Parallel()
			tt.check(t)
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()

	const (
		form    = "write a timecode as HH:MM:SS:FF, or a time"
		below60 = "minutes and seconds go from 00 to 59"
	)

	tests := []markError{
		{"25", "", "1:60", below60},
		{"25", "", "1:00:60.5", below60},
		{"25", "", "1:60:00", below60},

		{"25", "", "", "it is empty"},
		{"25", "", "-5", "it is negative"},
		{"25", "", "-00:00:01:00", "it is negative"},
		{"25", "", strings.Repeat("0", 33), "longer than 32 characters"},
		{"25", "", strings.Repeat("1", 32), form},
		{"25", "", "1000000", form},
		{"25", "", "1.0123456789", form},
		{"25", "", "1.", form},
		{"25", "", ".5", form},
		{"25", "", "1,5", form},
		{"25", "", "+1", form},
		{"25", "", "1e3", form},
		{"25", "", "1:5", form},
		{"25", "", "00:00:00:5", form},
		{"25", "", "00:00:00:1000", form},
		{"25", "", "00:00:00.00.00", form},
		{"25", "", "00:00:00:00.5", form},
		{"25", "", "00:00:00:00:00", form},
		{"25", "", "00:01;02", form},
		{"29.97", "00:00:00;00", "00;01;00;02", form},
		{"25", "", "::", form},
		{"25", "", "00: 00:01", form},
		{"25", "", "１：３０", form},
		{"25", "", "\xff", form},
		{"25", "", "tomorrow", form},
	}
	for _, tt := range tests {
		t.Run(tt.rate+" "+tt.mark, func(t *testing.T) {
			t.Parallel()
			tt.check(t)
		})
	}

	_, err := timecode.Base{}.Parse("1")
	wantParseError(t, err, "0/0", "must be more than 0")
}

func TestErrorText(t *testing.T) {
	t.Parallel()

	_, err := mustBase(t, "25", "").Parse(" 00:00:00:25 ")

	want := `cannot read "00:00:00:25": frame 25 does not exist at 25 frames a second: use 00 to 24`
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}

	_, err = mustBase(t, "25", "").Parse(strings.Repeat("7", 1000))
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("error repeats a long input: %v", err)
	}
}
