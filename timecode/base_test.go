package timecode_test

import (
	"encoding/json"
	"testing"

	"subclip/timecode"
)

func TestNewBaseErrors(t *testing.T) {
	t.Parallel()

	tests := []struct {
		rate         timecode.Rate
		start, input string
		remedy       string
	}{
		{timecode.Rate{}, "", "0/0", "must be more than 0"},
		{timecode.Rate{Num: 25, Den: -1}, "", "25/-1", "must be more than 0"},
		{mustRate(t, "25"), "10:00:00;00", "10:00:00;00", "no drop-frame timecode at 25 frames a second: write 10:00:00:00"},
		{mustRate(t, "30"), "10:00:00;00", "10:00:00;00", "write 10:00:00:00"},
		{mustRate(t, "23.976"), "00:00:00;00", "00:00:00;00", "write 00:00:00:00"},
		{mustRate(t, "29.97"), "00:01:00;00", "00:01:00;00", "use 00:01:00;02"},
		{mustRate(t, "25"), "10:00:00:25", "10:00:00:25", "use 00 to 24"},
		{mustRate(t, "25"), "24:00:00:00", "24:00:00:00", "use 00 to 23"},
		{mustRate(t, "25"), "10:00:00.00", "10:00:00.00", "write a start timecode as HH:MM:SS:FF"},
		{mustRate(t, "25"), "90", "90", "write a start timecode as HH:MM:SS:FF"},
	}
	for _, tt := range tests {
		t.Run(tt.rate.String()+" "+tt.start, func(t *testing.T) {
			t.Parallel()

			_, err := timecode.NewBase(tt.rate, tt.start)
			wantParseError(t, err, tt.input, tt.remedy)
		})
	}
}

func TestBaseJSON(t *testing.T) {
	t.Parallel()

	tests := []struct{ rate, start, want string }{
		{"25", "10:00:00:00", `{"rate":"25","drop":false,"start":"10:00:00:00"}`},
		{"29.97", "01:00:00;00", `{"rate":"30000/1001","drop":true,"start":"01:00:00;00"}`},
		{"120", "", `{"rate":"120","drop":false,"start":"00:00:00:000"}`},
	}
	for _, tt := range tests {
		t.Run(tt.rate, func(t *testing.T) {
			t.Parallel()

			base := mustBase(t, tt.rate, tt.start)

			data, err := json.Marshal(base)
			if err != nil || string(data) != tt.want {
				t.Fatalf("Marshal is %s, %v, want %s", data, err, tt.want)
			}

			var got timecode.Base
			if err := json.Unmarshal(data, &got); err != nil || got != base {
				t.Errorf("Unmarshal is %+v, %v, want %+v", got, err, base)
			}
		})
	}
}

func TestBaseJSONErrors(t *testing.T) {
	t.Parallel()

	tests := []struct{ in, input, remedy string }{
		{`{}`, "", "write a frame rate as"},
		{`null`, "", "write a frame rate as"},
		{`7`, "7", "write a timecode base as"},
		{`{"rate":25}`, `{"rate":25}`, "write a timecode base as"},
		{`{"rate":"0"}`, "0", "must be more than 0"},
		{`{"rate":"25","start":"10:00:00:25"}`, "10:00:00:25", "use 00 to 24"},
		{`{"rate":"29.97","drop":true,"start":"10:00:00:00"}`, "10:00:00:00", "drop is true, but"},
		{`{"rate":"29.97","drop":false,"start":"10:00:00;00"}`, "10:00:00;00", "drop is false, but"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()

			var base timecode.Base

			err := json.Unmarshal([]byte(tt.in), &base)
			wantParseError(t, err, tt.input, tt.remedy)

			if base != (timecode.Base{}) {
				t.Errorf("a failed Unmarshal left %+v", base)
			}
		})
	}

	_, err := json.Marshal(timecode.Base{})
	wantParseError(t, err, "0/0", "must be more than 0")
}
