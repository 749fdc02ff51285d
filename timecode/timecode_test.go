package timecode_test

import (
	"math"
	"testing"
)

// TestTimecode checks addresses in both directions.
func TestTimecode(t *testing.T) {
	t.Parallel()

	tests := []struct {
		rate, start string
		frame       int64
		want        string
	}{
		{"29.97", "00:00:00;00", 0, "00:00:00;00"},
		{"29.97", "00:00:00;00", 1799, "00:00:59;29"},
		{"29.97", "00:00:00;00", 1800, "00:01:00;02"},
		{"29.97", "00:00:00;00", 3597, "00:01:59;29"},
		{"29.97", "00:00:00;00", 3598, "00:02:00;02"},
		{"29.97", "00:00:00;00", 17981, "00:09:59;29"},
		{"29.97", "00:00:00;00", 17982, "00:10:00;00"},
		{"29.97", "00:00:00;00", 19781, "00:10:59;29"},
		{"29.97", "00:00:00;00", 19782, "00:11:00;02"},
		{"29.97", "00:00:00;00", 107892, "01:00:00;00"},
		{"29.97", "00:00:00;00", 2589407, "23:59:59;29"},
		{"29.97", "01:00:00;00", 1800, "01:01:00;02"},
		{"29.97", "23:59:59;29", 1, "00:00:00;00"},
		{"29.97", "", 1800, "00:01:00:00"},
		{"29.97", "", 107892, "00:59:56:12"},
		{"29.97", "", 2591999, "23:59:59:29"},
		{"59.94", "00:00:00;00", 3599, "00:00:59;59"},
		{"59.94", "00:00:00;00", 3600, "00:01:00;04"},
		{"59.94", "00:00:00;00", 35964, "00:10:00;00"},
		{"59.94", "00:00:00;00", 215784, "01:00:00;00"},
		{"59.94", "00:00:00;00", 5178815, "23:59:59;59"},

		{"119.88", "00:00:00;00", 7199, "00:00:59;119"},
		{"119.88", "00:00:00;00", 7200, "00:01:00;008"},
		{"119.88", "00:00:00;000", 71928, "00:10:00;000"},
		{"119.88", "00:00:00;00", 10357631, "23:59:59;119"},

		{"23.976", "", 23, "00:00:00:23"},
		{"23.976", "", 86400, "01:00:00:00"},
		{"25", "10:00:00:00", 0, "10:00:00:00"},
		{"25", "10:00:00:00", 24, "10:00:00:24"},
		{"25", " 9:59:59:24 ", 1, "10:00:00:00"},
		{"25", "23:59:58:00", 50, "00:00:00:00"},
		{"50", "", 90049, "00:30:00:49"},
		{"100", "", 99, "00:00:00:99"},
		{"120", "", 105, "00:00:00:105"},
		{"120", "", 120, "00:00:01:000"},
		{"1000", "", 1999, "00:00:01:999"},
	}
	for _, tt := range tests {
		t.Run(tt.rate+" "+tt.want, func(t *testing.T) {
			t.Parallel()

			base := mustBase(t, tt.rate, tt.start)
			if got := base.Timecode(tt.frame); got != tt.want {
				t.Errorf("Timecode(%d) is %s", tt.frame, got)
			}

			if got, err := base.Parse(tt.want); err != nil || got != tt.frame {
				t.Errorf("Parse(%s) is %d, %v, want %d", tt.want, got, err, tt.frame)
			}
		})
	}
}

func TestTimecodeWraps(t *testing.T) {
	t.Parallel()

	tests := []struct {
		rate, start string
		frame       int64
		want        string
	}{
		{"25", "", 2160000, "00:00:00:00"},
		{"25", "", -1, "23:59:59:24"},
		{"25", "10:00:00:00", 3 * 2160000, "10:00:00:00"},
		{"29.97", "00:00:00;00", 2589408, "00:00:00;00"},
		{"29.97", "00:00:00;00", -1, "23:59:59;29"},
		{"25", "23:59:59:24", math.MaxInt64, "00:37:12:06"},
		{"25", "00:00:00:00", math.MinInt64, "23:22:47:17"},
	}
	for _, tt := range tests {
		if got := mustBase(t, tt.rate, tt.start).Timecode(tt.frame); got != tt.want {
			t.Errorf("%s from %q: Timecode(%d) is %s, want %s", tt.rate, tt.start, tt.frame, got, tt.want)
		}
	}
}

// TestDropFrameDay visits every frame of a drop-frame day. Addresses of fixed
// width sort as text, so ascending ones are in order and never repeat.
func TestDropFrameDay(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("takes half a minute under the race detector")
	}

	const day = 2589408

	base := mustBase(t, "29.97", "00:00:00;00")
	previous := ""

	for frame := range int64(day) {
		address := base.Timecode(frame)
		if address <= previous {
			t.Fatalf("frame %d is %s, after %s", frame, address, previous)
		}

		previous = address

		if got, err := base.Parse(address); err != nil || got != frame {
			t.Fatalf("Parse(%s) is %d, %v, want %d", address, got, err, frame)
		}
	}

	if got := base.Timecode(day); got != "00:00:00;00" {
		t.Errorf("the day after begins at %s", got)
	}
}
