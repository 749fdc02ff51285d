package mp4

import "encoding/binary"

// visualFields is how long a description of pictures is before its inner boxes,
// its header included (ISO/IEC 14496-12, VisualSampleEntry).
const visualFields = 86

// descriptions returns the sample descriptions among a track's tables. They are kept
// as bytes: nearly all are taken over unread.
func descriptions(stbl []byte) [][]byte {
	body := find(stbl, "stsd")
	if len(body) < 8 {
		return nil
	}
	var all [][]byte
	for b := range boxes(body[8:]) {
		if len(all) < int(word(body, 1)) {
			all = append(all, b.raw)
		}
	}
	return all
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
	return find(t.entry[visualFields:], kind)
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

// Config is a box inside a video track's sample description.
type Config struct {
	Kind    string
	Payload []byte
}

// within returns a sample description with this box in place of its own one of
// that kind, if it is any.
func (c Config) within(entry []byte) []byte {
	if c.Kind == "" || len(entry) < visualFields {
		return entry
	}
	changed := &writer{data: append([]byte(nil), entry[:visualFields]...)}
	rest := entry[visualFields:]
	for b := range boxes(rest) {
		rest = rest[len(b.raw):]
		if b.kind == c.Kind {
			changed.box(b.kind, func() { changed.bytes(c.Payload) })
			continue
		}
		changed.bytes(b.raw)
	}
	changed.bytes(rest)                                                 // QuickTime ends lists with four zero bytes
	binary.BigEndian.PutUint32(changed.data, uint32(len(changed.data))) //nolint:gosec // a few parameter sets
	return changed.data
}
