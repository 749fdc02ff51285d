package catalog

import (
	"slices"
	"strings"
)

// Aids help to find one's way in an asset; they are made after it is ready. A field
// is nil until its step is done.
type Aids struct {
	Storyboard *Storyboard
	Waveforms  []Waveform // of the sound tracks, in their order
	Loudness   []Loudness // likewise

	// ProxySounds are the proxy's sound tracks but the first; nil where its proxy was made
	// before there were such, until that step is restarted.
	ProxySounds []ProxySound

	StepsAsked bool // the jobs of all steps that it can have are stored; see askMissingSteps
}

// Storyboard is small pictures of a video, evenly spaced, laid out row by row in
// sheets. The first picture is of time 0.
type Storyboard struct {
	Sheets   []string `json:"sheets"`   // keys of JPEG files in the store
	Interval float64  `json:"interval"` // seconds from one picture to the next
	Columns  int      `json:"columns"`  // of a full sheet
	Rows     int      `json:"rows"`     // likewise
	Width    int      `json:"width"`    // of a picture, pixels
	Height   int      `json:"height"`   // likewise
	Count    int      `json:"count"`    // of pictures in all sheets
}

// Waveform is the peaks of one sound track, in a file as BBC's audiowaveform makes
// it (.dat, version 2, 8 bits). The first is of the first picture's time.
type Waveform struct {
	Track     int     `json:"track"` // of the sound tracks, from 0
	Key       string  `json:"key"`   // of the file in the store
	Channels  int     `json:"channels"`
	PerSecond float64 `json:"per_second"` // peaks a second
}

// ProxySound is one sound track of the proxy as a file of its own, for browsers, most of
// which play a file's first track alone. Its time is the proxy's.
type ProxySound struct {
	Track int    `json:"track"` // of the sound tracks, from 0
	Key   string `json:"key"`   // of an MP4 file in the store
}

// ProxySound is the key of a sound track's own file, empty where there is none.
func (a *Asset) ProxySound(track int) string {
	for _, sound := range a.ProxySounds {
		if sound.Track == track {
			return sound.Key
		}
	}
	return ""
}

// Loudness is how loud a sound track is, as EBU R 128 measures it. Silence is
// -70 LUFS with a peak of -100 dBTP.
type Loudness struct {
	Track      int     `json:"track" doc:"of the sound tracks, from 0"`
	Integrated float64 `json:"integrated" doc:"LUFS"`
	Range      float64 `json:"range" doc:"LU"`
	TruePeak   float64 `json:"true_peak" doc:"dBTP"`
}

// uses reports whether the asset shows an object under a prefix of the store.
func (a *Asset) uses(prefix string) bool {
	keys := []string{a.ProxyKey, a.PosterKey}
	if a.Storyboard != nil {
		keys = append(keys, a.Storyboard.Sheets...)
	}
	for _, w := range a.Waveforms {
		keys = append(keys, w.Key)
	}
	for _, s := range a.ProxySounds {
		keys = append(keys, s.Key)
	}
	return slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(key, prefix) })
}
