package mp4

import (
	"encoding/binary"

	"github.com/Eyevinn/mp4ff/mp4"
)

// hidden is what sample descriptions are called while an index is read.
const hidden = "xtsd"

// visualFields is how long a description of pictures is before its inner boxes,
// its header included (ISO/IEC 14496-12, VisualSampleEntry).
const visualFields = 86

// hideDescriptions renames the sample descriptions of all tracks, so that they are
// kept as bytes: nearly all are taken over unread, and those of QuickTime come in
// versions that the box reader does not know.
func hideDescriptions(moov []byte) {
	for trak := range children(moov[8:], "trak") {
		for mdia := range children(trak[8:], "mdia") {
			hideIn(mdia, "minf", "stbl", "stsd")
		}
	}
}

// hideIn renames the boxes at the end of a path.
func hideIn(box []byte, path ...string) {
	for child := range children(box[8:], path[0]) {
		if len(path) > 1 {
			hideIn(child, path[1:]...)
			continue
		}
		copy(child[4:8], hidden)
	}
}

// children yields the boxes of a kind among boxes that follow one another, header
// included; no kind yields them all. It stops where lengths make no sense; reading
// the index says what is wrong there.
func children(boxes []byte, kind string) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for rest := boxes; len(rest) >= 8; {
			length := binary.BigEndian.Uint32(rest)
			if length < 8 || int64(length) > int64(len(rest)) {
				return
			}
			if (kind == "" || string(rest[4:8]) == kind) && !yield(rest[:length]) {
				return
			}
			rest = rest[length:]
		}
	}
}

// description returns the bytes of a track's only sample description, and how
// many there are.
func description(stbl *mp4.StblBox) (entry []byte, count int) {
	payload := hiddenPayload(stbl)
	if len(payload) < 8 {
		return nil, 0
	}
	for entry = range children(payload[8:], "") {
		return entry, int(binary.BigEndian.Uint32(payload[4:]))
	}
	return nil, 0
}

func hiddenPayload(stbl *mp4.StblBox) []byte {
	for _, child := range stbl.Children {
		if box, ok := child.(*mp4.UnknownBox); ok && box.Type() == hidden {
			return box.Payload()
		}
	}
	return nil
}

// Coding is the four letters by which the file names the track's coding, such as
// avc1, apcn or mp4a.
func (t *Track) Coding() string {
	if len(t.entry) < 8 {
		return ""
	}
	return string(t.entry[4:8])
}

// Config returns what a box of that kind inside a video track's sample
// description holds, nil if there is none: avcC, hvcC.
func (t *Track) Config(kind string) []byte {
	if len(t.entry) < visualFields {
		return nil
	}
	for box := range children(t.entry[visualFields:], kind) {
		return box[8:]
	}
	return nil
}

// TimecodeRate is how many frames a second, num/den, a timecode track counts; 0 where
// it does not say (QuickTime File Format, Timecode Sample Description).
func (t *Track) TimecodeRate() (num, den int64) {
	const scale, length, after = 24, 28, 32
	if t.Coding() != "tmcd" || len(t.entry) < after {
		return 0, 0
	}
	return int64(binary.BigEndian.Uint32(t.entry[scale:])), int64(binary.BigEndian.Uint32(t.entry[length:]))
}

// descriptions returns the new track's sample descriptions: the source's, with
// another configuration where one is given.
func (t *NewTrack) descriptions() mp4.Box {
	payload := hiddenPayload(t.Of.box.Mdia.Minf.Stbl)
	if t.Config.Kind != "" {
		payload = append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, t.Config.within(t.Of.entry)...)
	}
	return mp4.CreateUnknownBox("stsd", uint64(len(payload))+8, payload)
}

// Config is a box inside a video track's sample description.
type Config struct {
	Kind    string
	Payload []byte
}

// within returns a sample description with this box in place of its own one of
// that kind.
func (c Config) within(entry []byte) []byte {
	if len(entry) < visualFields {
		return entry
	}
	changed := append([]byte(nil), entry[:visualFields]...)
	rest := entry[visualFields:]
	for box := range children(rest, "") {
		rest = rest[len(box):]
		if string(box[4:8]) == c.Kind {
			box = binary.BigEndian.AppendUint32(nil, uint32(len(c.Payload))+8) //nolint:gosec // a few parameter sets
			box = append(append(box, c.Kind...), c.Payload...)
		}
		changed = append(changed, box...)
	}
	changed = append(changed, rest...)                        // QuickTime ends lists with four zero bytes
	binary.BigEndian.PutUint32(changed, uint32(len(changed))) //nolint:gosec // as above
	return changed
}
