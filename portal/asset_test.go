package portal

import (
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
