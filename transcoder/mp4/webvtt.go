package mp4

// VTTCue is a cue of a sample of WebVTT.
type VTTCue struct {
	// Source is the same in all samples that one cue goes through; it may be empty where
	// a single one has all of it.
	Source string
	Text   string // as in WebVTT, with tags and escapes
}

// VTTCues reads a sample of WebVTT (ISO/IEC 14496-30): the cues that are shown while it
// lasts. Settings, identifiers and comments are left out.
func VTTCues(sample []byte) []VTTCue {
	var cues []VTTCue
	for b := range boxes(sample) {
		if b.kind != "vttc" {
			continue
		}
		if text := find(b.body, "payl"); len(text) > 0 {
			cues = append(cues, VTTCue{string(find(b.body, "vsid")), string(text)})
		}
	}
	return cues
}
