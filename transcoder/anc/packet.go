package anc

import (
	"encoding/binary"
	"fmt"
)

// Packet is one of ancillary data (ST 291-1), less parity and checksum.
type Packet struct {
	Line int  // of the picture; 0 where it is not told
	DID  byte // what it is,
	SDID byte // and which of that
	Data []byte
}

// split returns the packets of an element (ST 436, 6), on an error those before it.
func split(element []byte) ([]Packet, error) {
	const head = 14 // line, wrapping, coding, samples, and bytes of an array by count and size
	if len(element) < 2 {
		return nil, nil
	}
	count, rest := int(binary.BigEndian.Uint16(element)), element[2:]
	packets := make([]Packet, 0, min(count, len(rest)/head))
	for i := range count {
		if len(rest) < head {
			return packets, fmt.Errorf("%w: %d of %d packets are there", ErrDamaged, i, count)
		}
		length, size := binary.BigEndian.Uint32(rest[6:]), binary.BigEndian.Uint32(rest[10:])
		if int64(length) > int64(len(rest)-head) || size != 1 && length > 0 {
			return packets, fmt.Errorf("%w: packet %d is to have %d bytes, more than there are", ErrDamaged, i, length)
		}
		p := Packet{Line: int(binary.BigEndian.Uint16(rest))}
		if p.fill(samples(rest[3], rest[head:head+length])) {
			packets = append(packets, p)
		}
		rest = rest[head+length:]
	}
	return packets, nil
}

// samples are the low eight bits of a packet's words (ST 436, table 7), none where the coding
// is not one of packets. Words of ten bits lie three to four bytes.
func samples(coding byte, payload []byte) []byte {
	switch coding {
	case 4, 5, 6, 10, 11, 12: // eight bits: luma, colour, both; the same with errors of parity
		return payload
	case 7, 8, 9:
		words := make([]byte, 0, len(payload)/4*3)
		for ; len(payload) >= 4; payload = payload[4:] {
			three := binary.BigEndian.Uint32(payload)
			words = append(words, byte(three>>22&0xff), byte(three>>12&0xff), byte(three>>2&0xff))
		}
		return words
	}
	return nil
}

// fill takes over what the words of a packet are: two of identification, how many follow, and
// these. It reports whether all are there.
func (p *Packet) fill(words []byte) bool {
	if len(words) < 3 || len(words)-3 < int(words[2]) {
		return false
	}
	p.DID, p.SDID, p.Data = words[0], words[1], words[3:3+int(words[2])]
	return true
}
