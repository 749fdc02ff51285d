package transcoder

import (
	"bytes"
	"slices"

	"subclip/transcoder/mp4"
)

// carry gives an edge's pictures what lies beside those of the master that are shown at
// the same moments: captions, the active part of the picture, HDR10+.
func (c *cut) carry(e *edge, span mp4.Span) error {
	for _, samples := range [][]edgeSample{e.samples, e.leading} {
		for i := range samples {
			s := &samples[i]
			from, err := c.read(c.video.Shown[span.From+s.shown])
			if err != nil {
				return err
			}
			if s.data, err = c.codec.carry(from, s.data); err != nil {
				return unsupported("%w", err)
			}
		}
	}
	return nil
}

// Codes of MPEG-2 that begin parts of a stream.
const (
	mpeg2Picture   = 0x00
	mpeg2LastSlice = 0xaf
	mpeg2UserData  = 0xb2
)

// carry puts the user data of a picture before the other one's first slice.
func (mpeg2) carry(from, to []byte) ([]byte, error) {
	var data []byte
	pictured := false
	for _, part := range mpeg2Parts(from) {
		pictured = pictured || part[3] == mpeg2Picture
		if pictured && part[3] == mpeg2UserData {
			data = append(data, part...)
		}
	}
	at := 0
	for _, part := range mpeg2Parts(to) {
		if part[3] > mpeg2Picture && part[3] <= mpeg2LastSlice {
			return slices.Insert(slices.Clone(to), at, data...), nil
		}
		at += len(part)
	}
	return to, nil
}

// mpeg2Parts are the parts of a sample, each with the code that begins it.
func mpeg2Parts(sample []byte) [][]byte {
	var parts [][]byte
	code := []byte{0, 0, 1}
	for len(sample) > len(code) {
		next := bytes.Index(sample[len(code):], code)
		if next < 0 || next+2*len(code) >= len(sample) {
			return append(parts, sample)
		}
		parts = append(parts, sample[:len(code)+next])
		sample = sample[len(code)+next:]
	}
	return parts
}
