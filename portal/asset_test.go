package portal

import (
	"slices"
	"testing"

	"subclip/catalog"
	"subclip/timecode"
	"subclip/transcoder"
)

// TestChosenSounds has each box of a video's page stand for the track that the API takes
// its value for: tracks go by their index in the file, where pictures come first.
func TestChosenSounds(t *testing.T) {
	source := &transcoder.Source{
		Timecode: timecode.Base{Rate: timecode.Rate{Num: 25, Den: 1}}, Frames: 100,
		Audio: []transcoder.AudioTrack{{Index: 1, Codec: "aac", Language: "eng"}, {Index: 3, Codec: "aac", Language: "fra"}},
	}
	var of assetPage
	of.fill("en", &catalog.Asset{Source: source})
	for i, sound := range of.Sounds {
		if err := source.CheckAudio([]int{sound.Index}); err != nil || sound.Index != source.Audio[i].Index || sound.Number != i+1 {
			t.Errorf("box %d stands for track %d, and says %d: %v", i, sound.Index, sound.Number, err)
		}
	}
	if len(of.Sounds) != len(source.Audio) {
		t.Errorf("there are boxes for %d tracks of %d", len(of.Sounds), len(source.Audio))
	}
}

// TestTracks lists the sound tracks that can be heard or drawn, of a video whose proxy and
// waveforms are there, of one whose sound was not measured, and of one from before.
func TestTracks(t *testing.T) {
	source := &transcoder.Source{
		Timecode: timecode.Base{Rate: timecode.Rate{Num: 25, Den: 1}}, Frames: 100,
		Audio: []transcoder.AudioTrack{{Index: 1, Language: "eng"}, {Index: 2, Language: "und"}},
	}
	waves := []catalog.Waveform{{Track: 0, Key: "0.dat"}, {Track: 1, Key: "1.dat"}}
	sounds := []catalog.ProxySound{{Track: 1, Key: "1.mp4"}}
	const wave, sound = "/v1/assets/film/waveforms/", "/assets/film/sounds/1"
	for name, c := range map[string]struct {
		aids catalog.Aids
		want []trackChoice
	}{
		"all":      {catalog.Aids{Waveforms: waves, ProxySounds: sounds}, []trackChoice{{1, "eng", wave + "0", ""}, {2, "", wave + "1", sound}}},
		"no waves": {catalog.Aids{ProxySounds: sounds}, []trackChoice{{1, "eng", "", ""}, {2, "", "", sound}}},
		"old":      {catalog.Aids{Waveforms: waves}, []trackChoice{{1, "eng", wave + "0", ""}, {2, "", wave + "1", ""}}},
		"neither":  {catalog.Aids{}, nil},
	} {
		var of assetPage
		of.fill("en", &catalog.Asset{ID: "film", Source: source, Aids: c.aids})
		if !slices.Equal(of.Editor.Tracks, c.want) || of.Editor.Waves != (len(c.aids.Waveforms) > 0) {
			t.Errorf("%s: the tracks are %+v", name, of.Editor.Tracks)
		}
	}
}
