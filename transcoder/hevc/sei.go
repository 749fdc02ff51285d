package hevc

import (
	"slices"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// Kinds of messages.
const (
	timeCode         = 136
	masteringDisplay = 137
	lightLevel       = 144
	transfer         = 147
)

// static reports whether a message is about all pictures up to the next entry:
// the mastering display, the content light level, the transfer to prefer (HLG).
func static(m bitstream.Message) bool {
	return m.Kind == masteringDisplay || m.Kind == lightLevel || m.Kind == transfer
}

// own reports whether a message is about the one picture beside which it lies:
// captions, the active part, HDR10+ and the like, or its timecode.
func own(m bitstream.Message) bool { return m.Kind == bitstream.UserData || m.Kind == timeCode }

// Metadata returns the static metadata of the master's sample, which should be an
// entry, as NAL units to be put in front of an edge's first sample. It is empty
// where there is none.
func (c *Config) Metadata(sample []byte) ([]byte, error) { return c.messages(sample, static) }

// Carry returns an encoded picture, after [Numbers.Sample], with what lies beside
// another one, from, and is about that picture alone.
func (c *Config) Carry(from, to []byte) ([]byte, error) {
	data, _ := c.messages(from, own) // what cannot be read nobody else can
	if len(data) == 0 {
		return to, nil
	}
	at := 0
	for n, err := range units(to, c.LengthSize()) {
		if err != nil {
			return nil, err
		}
		if n.picture() {
			return slices.Insert(slices.Clone(to), at, data...), nil
		}
		at += c.LengthSize() + len(n)
	}
	return to, nil
}

// messages returns those of a sample that are wanted, as NAL units.
func (c *Config) messages(sample []byte, wanted func(bitstream.Message) bool) ([]byte, error) {
	var found []byte
	for n, err := range units(sample, c.LengthSize()) {
		if err != nil {
			return found, err
		}
		if n.kind() != ff.NALU_SEI_PREFIX || n.layer() != 0 {
			continue
		}
		messages, err := bitstream.Messages(n[headerSize:])
		if err != nil {
			return found, err
		}
		for _, m := range messages {
			if !wanted(m) {
				continue
			}
			if found, err = bitstream.AppendUnit(found, m.Unit(header(ff.NALU_SEI_PREFIX)...), c.LengthSize()); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// header is a NAL unit's header in the base layer and the lowest sub-layer.
func header(t ff.NaluType) nal { return nal{byte(t) << 1, 1} } //nolint:gosec // at most 63
