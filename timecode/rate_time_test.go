package timecode_test

import (
	"math"
	"testing"
	"time"
)

func TestFrameAt(t *testing.T) {
	t.Parallel()

	const day = 24 * time.Hour

	tests := []struct {
		rate string
		d    time.Duration
		want int64
	}{
		{"25", 0, 0},
		{"25", 20*time.Millisecond - 1, 0},
		{"25", 20 * time.Millisecond, 1},
		{"25", 40 * time.Millisecond, 1},
		{"25", -20 * time.Millisecond, 0},
		{"25", -20*time.Millisecond - 1, -1},
		{"25", day, 2160000},
		{"29.97", 1001 * time.Second, 30000},
		{"29.97", day, 2589411},
		{"120", 10 * day, 103680000},
		{"119.88", 10 * day, 103576424},
		{"1000", math.MaxInt64, 9223372036855},
	}
	for _, tt := range tests {
		if got := mustRate(t, tt.rate).FrameAt(tt.d); got != tt.want {
			t.Errorf("%s: FrameAt(%d ns) is %d, want %d", tt.rate, tt.d, got, tt.want)
		}
	}
}

func TestTimeOf(t *testing.T) {
	t.Parallel()

	tests := []struct {
		rate  string
		frame int64
		want  time.Duration
	}{
		{"25", 0, 0},
		{"25", 1, 40 * time.Millisecond},
		{"25", -1, -40 * time.Millisecond},
		{"29.97", 1, 33366667},
		{"29.97", 2, 66733333},
		{"29.97", 30000, 1001 * time.Second},
		{"119.88", 120000 * 1000, 1001000 * time.Second},
		{"120", 120 * 86400 * 10, 240 * time.Hour},
		{"512", 1, 1953125},
		{"1/4294967295", math.MaxInt64, math.MaxInt64},
		{"1/4294967295", math.MinInt64, math.MinInt64},
	}
	for _, tt := range tests {
		if got := mustRate(t, tt.rate).TimeOf(tt.frame); got != tt.want {
			t.Errorf("%s: TimeOf(%d) is %d ns, want %d ns", tt.rate, tt.frame, got, tt.want)
		}
	}
}

func TestFrameAtInvertsTimeOf(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"23.976", "25", "29.97", "59.94", "119.88", "120", "1000"} {
		rate := mustRate(t, name)
		for frame := int64(0); frame < 48*3600*rate.Nominal(); frame += 997 {
			if got := rate.FrameAt(rate.TimeOf(frame)); got != frame {
				t.Fatalf("%s: FrameAt(TimeOf(%d)) is %d", name, frame, got)
			}
		}
	}
}
