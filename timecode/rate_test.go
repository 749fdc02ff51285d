package timecode_test

import (
	"encoding"
	"encoding/json"
	"testing"

	"subclip/timecode"
)

var (
	_ encoding.TextMarshaler   = timecode.Rate{}
	_ encoding.TextUnmarshaler = (*timecode.Rate)(nil)
)

func TestParseRate(t *testing.T) {
	t.Parallel()

	tests := []struct {
		in          string
		num, den    int64
		text        string
		nominal     int64
		dropAllowed bool
	}{
		{"25", 25, 1, "25", 25, false},
		{"25/1", 25, 1, "25", 25, false},
		{" 50/2 ", 25, 1, "25", 25, false},
		{"24", 24, 1, "24", 24, false},
		{"30", 30, 1, "30", 30, false},
		{"60", 60, 1, "60", 60, false},
		{"120", 120, 1, "120", 120, false},
		{"1000", 1000, 1, "1000", 1000, false},
		{"23.976", 24000, 1001, "24000/1001", 24, false},
		{"23.98", 24000, 1001, "24000/1001", 24, false},
		{"29.97", 30000, 1001, "30000/1001", 30, true},
		{"30000/1001", 30000, 1001, "30000/1001", 30, true},
		{"60000/2002", 30000, 1001, "30000/1001", 30, true},
		{"47.952", 48000, 1001, "48000/1001", 48, false},
		{"59.94", 60000, 1001, "60000/1001", 60, true},
		{"119.88", 120000, 1001, "120000/1001", 120, true},
		{"210000/1001", 30000, 143, "30000/143", 210, true},
		{"2997/100", 2997, 100, "2997/100", 30, false},
		{"25/2", 25, 2, "25/2", 13, false},
		{"1/4", 1, 4, "1/4", 1, false},
		{"25000000000000000/1000000000000000", 25, 1, "25", 25, false},
		{"4294967295/4294967294", 4294967295, 4294967294, "4294967295/4294967294", 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()

			rate := mustRate(t, tt.in)
			if want := (timecode.Rate{Num: tt.num, Den: tt.den}); rate != want {
				t.Errorf("rate is %v, want %v", rate, want)
			}

			if got := rate.String(); got != tt.text {
				t.Errorf("String is %q, want %q", got, tt.text)
			}

			if got := rate.Nominal(); got != tt.nominal {
				t.Errorf("Nominal is %d, want %d", got, tt.nominal)
			}

			if got := rate.DropAllowed(); got != tt.dropAllowed {
				t.Errorf("DropAllowed is %t, want %t", got, tt.dropAllowed)
			}
		})
	}
}

func TestParseRateErrors(t *testing.T) {
	t.Parallel()

	const (
		form     = "write a frame rate as"
		positive = "must be more than 0"
		tooFast  = "goes up to 1000 frames a second"
		tooLong  = "go up to 4294967295"
	)

	tests := []struct{ in, remedy string }{
		{"", form},
		{"NaN", form},
		{"Inf", form},
		{"-25", form},
		{"+25", form},
		{"25.0", form},
		{"29.9", form},
		{"25 fps", form},
		{"25/", form},
		{"/1", form},
		{"1/2/3", form},
		{"２５", form},
		{"30000/-1001", form},
		{"9999999999999999999", form},
		{"0", positive},
		{"0/0", positive},
		{"25/0", positive},
		{"0/1", positive},
		{"1001", tooFast},
		{"1000001/1000", tooFast},
		{"4294967296/4294967295", tooLong},
		{"1/4294967296", tooLong},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()

			_, err := timecode.ParseRate(tt.in)
			wantParseError(t, err, tt.in, tt.remedy)
		})
	}
}

func TestRateJSON(t *testing.T) {
	t.Parallel()

	data, err := json.Marshal(mustRate(t, "29.97"))
	if err != nil || string(data) != `"30000/1001"` {
		t.Fatalf("Marshal is %s, %v", data, err)
	}

	var rate timecode.Rate
	if err := json.Unmarshal(data, &rate); err != nil || rate != mustRate(t, "29.97") {
		t.Errorf("Unmarshal is %v, %v", rate, err)
	}

	before := rate
	err = json.Unmarshal([]byte(`"fast"`), &rate)
	wantParseError(t, err, "fast", "write a frame rate as")

	if rate != before {
		t.Errorf("a failed Unmarshal changed the rate to %v", rate)
	}

	_, err = json.Marshal(timecode.Rate{})
	wantParseError(t, err, "0/0", "must be more than 0")
}
