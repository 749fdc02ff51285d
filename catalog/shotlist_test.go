package catalog

import (
	"slices"
	"strings"
	"testing"

	"subclip/timecode"
)

func TestParseShotlist(t *testing.T) {
	t.Parallel()
	base := source(t).Timecode
	tests := []struct {
		text  string
		want  []Shot
		error string
	}{
		{"", []Shot{}, ""},
		{"\n \r\n", []Shot{}, ""},
		{"10:00:05:12 Exterior, headquarters", []Shot{{In: 137, Text: "Exterior, headquarters"}}, ""},
		{"00:12 - 00:15 SOUNDBITE (English) Ann", []Shot{{In: 300, Out: 375, Text: "SOUNDBITE (English) Ann"}}, ""},
		{"1. 10:00:00:00-10:00:05:00 Wide", []Shot{{In: 0, Out: 125, Text: "Wide"}}, ""},
		{"[10:00:01:00] - Close-up", []Shot{{In: 25, Text: "Close-up"}}, ""},
		{"0:01,48 –0:02.5: Hands", []Shot{{In: 37, Out: 63, Text: "Hands"}}, ""},
		{"12) 00:00:01.000 --> 00:00:02.000 | Two", []Shot{{In: 25, Out: 50, Text: "Two"}}, ""},
		{"00:01 to 00:02 Three", []Shot{{In: 25, Out: 50, Text: "Three"}}, ""},
		{"00:01 together", []Shot{{In: 25, Text: "together"}}, ""},
		{"\r\n00:01\r\n\r\n  Late   text\r\n2 people walk, 10:30 sharp\n00:02\tNext", []Shot{{In: 25, Text: "Late text 2 people walk, 10:30 sharp"}, {In: 50, Text: "Next"}}, ""},
		{"Headquarters\n00:01 Wide", nil, "line 1 has no time"},
		{"00:01 Wide\n00:02\n00:03 Close", nil, "line 2 has a time and no text"},
		{"00:01 Wide\n00:02", nil, "line 2 has a time and no text"},
		{"00:01 Wide\n\n10:00:05:30 Close", nil, "line 3: "},
		{"00:01 Wide\n00:61 Close", nil, "line 2: "},
		{"00:05 - 00:02 Wide", nil, "exchange the times"},
		{"10:00:05;12 Wide", nil, "line 1: "},
	}
	for _, tt := range tests {
		got, err := ParseShotlist(base, tt.text)
		if tt.error != "" {
			wantError(t, err, Invalid, "text", tt.error)
			continue
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q gives %+v, %v", tt.text, got, err)
		}
	}
	drop, err := timecode.NewBase(timecode.Rate{Num: 30000, Den: 1001}, "00:59:59;00")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseShotlist(drop, "01:00:00;00 On the hour\n01:00:00:02 Later"); err != nil || got[0].In != 30 || got[1].In != 32 {
		t.Errorf("drop-frame gives %+v, %v", got, err)
	}
}

func TestShotlist(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := start(t, kind)
			asset := h.asset(t)
			put := func(shots ...Shot) error {
				_, err := h.PutShotlist(t.Context(), editor, asset.ID, shots, nil)
				return err
			}
			if got := must[[]Shot](t)(h.Shotlist(t.Context(), Asker{}, asset.ID)); len(got) != 0 {
				t.Errorf("there are %v", got)
			}
			if err := put(Shot{In: 50, Text: " two\r\n"}, Shot{In: 25, Out: 7500, Text: "one", Language: "en"}, Shot{In: 50, Text: "three"}); err != nil {
				t.Fatal(err)
			}
			want := []Shot{{In: 25, Out: 7500, Text: "one", Language: "en"}, {In: 50, Text: "two"}, {In: 50, Text: "three"}}
			for i := range want {
				want[i].AssetID, want[i].Number = asset.ID, i
			}
			for field, shot := range map[string]Shot{
				"shots[0].in":   {In: 7500, Text: "late"},
				"shots[0].out":  {In: 1, Out: 7501, Text: "long"},
				"shots[0].text": {In: 1, Text: " "},
			} {
				wantError(t, put(shot), Invalid, field, "")
			}
			wantError(t, put(Shot{In: -1, Text: "early"}), Invalid, "shots[0].in", "goes from 10:00:00:00 to 10:04:59:24")
			wantError(t, put(Shot{In: 9, Out: 9, Text: "empty"}), Invalid, "shots[0].out", "exchange")
			wantError(t, put(Shot{Text: strings.Repeat("x", maxShotText+1)}), Invalid, "shots[0].text", "shorten")
			wantError(t, put(make([]Shot, maxShots+1)...), Invalid, "shots", "2000")
			if got := must[[]Shot](t)(h.Shotlist(t.Context(), Asker{}, asset.ID)); !slices.Equal(got, want) {
				t.Errorf("there are %+v, want %+v", got, want)
			}
			must[Asset](t)(h.Withdraw(t.Context(), editor, asset.ID))
			_, err := h.Shotlist(t.Context(), Asker{}, asset.ID)
			wantError(t, err, NotFound, "", "there is no asset")
			waiting, _ := h.newAsset(t, Metadata{Title: "Waits"})
			_, err = h.PutShotlist(t.Context(), editor, waiting.ID, nil, nil)
			wantError(t, err, Conflict, "", "still being processed")
		})
	}
}
