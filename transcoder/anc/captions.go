package anc

import (
	"bytes"
	"slices"
)

// is reports whether a packet is of a kind, and begins as this does.
func (p Packet) is(did, sdid byte, begin ...byte) bool {
	return p.DID == did && p.SDID == sdid && bytes.HasPrefix(p.Data, begin)
}

// CaptionData is what a packet carries of CEA-608 and CEA-708, in the form that pictures
// have it in (ATSC A/53, cc_data): three bytes each, of which the first says what the others
// are. It is nil for other packets.
func (p Packet) CaptionData() []byte {
	if data := p.section(0x72); len(data) > 0 {
		return data[1:]
	}
	const firstField = 0x80
	switch {
	case !p.is(0x61, 0x02) || len(p.Data) < 3: // ST 334-1, of line 21 alone
		return nil
	case p.Data[0]&firstField != 0:
		return []byte{0xfc, p.Data[1], p.Data[2]}
	}
	return []byte{0xfd, p.Data[1], p.Data[2]}
}

// CaptionLanguage is the language of the first service of captions, as ISO 639-2 has it, if
// the packet tells.
func (p Packet) CaptionLanguage() string {
	services := p.section(0x73)
	if len(services) == 0 {
		return ""
	}
	for about := range slices.Chunk(services[1:], serviceLength) {
		const first, number = 1, 0x1f
		if language := about[1:4]; about[0]&number <= first && !bytes.ContainsFunc(language, noLetter) {
			return string(language)
		}
	}
	return ""
}

func noLetter(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' }

// serviceLength is how many bytes tell of a service.
const serviceLength = 7

// section is a section of a caption distribution packet (ST 334-2), less the byte that names
// it: a byte with a count in its low bits, and what is counted. It is nil where there is none.
// The packet's checksum is not looked at, since some who count packets anew leave it as it was.
func (p Packet) section(name byte) []byte {
	const header = 7
	if !p.is(0x61, 0x01, 0x96, 0x69) || len(p.Data) < header {
		return nil
	}
	for rest := p.Data[header:]; len(rest) >= 2; {
		length := 2
		switch id := rest[0]; {
		case id == 0x71: // timecode
			length = 5
		case id == 0x72: // caption data
			length += int(rest[1]&0x1f) * 3
		case id == 0x73: // services
			length += int(rest[1]&0x0f) * serviceLength
		case id > 0x74: // yet to come
			length += int(rest[1])
		default: // the end
			return nil
		}
		if length > len(rest) {
			return nil
		}
		if rest[0] == name {
			return rest[1:length]
		}
		rest = rest[length:]
	}
	return nil
}

// TeletextLength is how many bytes a packet of teletext has.
const TeletextLength = 42

// Teletext are the packets of teletext that a packet carries (OP-47, RDD 8), each of its
// address and what follows that (EN 300 706, 7.1), the bit that is sent first being the
// lowest.
func (p Packet) Teletext() [][]byte {
	const (
		subtitles   = 0x02
		lines       = 5
		synchronous = 3 // run-in and framing code
	)
	if !p.is(0x43, 0x02, 0x51, 0x15) || len(p.Data) < 4+lines || p.Data[3] != subtitles {
		return nil
	}
	var packets [][]byte
	rest := p.Data[4+lines:]
	for _, line := range p.Data[4 : 4+lines] {
		if line == 0 { // nothing there
			continue
		}
		if len(rest) < synchronous+TeletextLength {
			break
		}
		packets = append(packets, rest[synchronous:synchronous+TeletextLength])
		rest = rest[synchronous+TeletextLength:]
	}
	return packets
}
