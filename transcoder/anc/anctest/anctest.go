// Package anctest writes ancillary data into MXF masters, for tests: ffmpeg's muxer has
// no room for them. It is written by the standards and not by what reads them.
package anctest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// Packet is one of ancillary data (ST 291-1).
type Packet struct {
	DID, SDID byte
	Data      []byte
}

func (p Packet) words() []byte {
	return slices.Concat([]byte{p.DID, p.SDID}, number(len(p.Data), 1), p.Data)
}

// Eight is a packet as an element has it, in words of eight bits.
func (p Packet) Eight() []byte { return line(4, len(p.words()), p.words()) }

// Ten is a packet as an element has it, in words of ten bits: above the others these have a
// parity and its opposite, and behind them is a sum of all.
func (p Packet) Ten() []byte {
	var words []uint32
	sum := uint32(0)
	for _, b := range p.words() {
		word := 0x200 | uint32(b)
		if bits.OnesCount8(b)%2 == 1 {
			word = 0x100 | uint32(b)
		}
		words, sum = append(words, word), sum+word&0x1ff
	}
	words = append(words, sum&0x1ff|^sum<<1&0x200)
	var payload []byte
	for three := range slices.Chunk(words, 3) {
		three = append(slices.Clone(three), 0, 0)
		payload = binary.BigEndian.AppendUint32(payload, three[0]<<22|three[1]<<12|three[2]<<2)
	}
	return line(7, len(words), payload)
}

// line is what an element has of a packet in a coding, on line 9 of the frame (ST 436).
func line(coding byte, samples int, payload []byte) []byte {
	payload = append(payload, make([]byte, (4-len(payload)%4)%4)...)
	return slices.Concat([]byte{0, 9, 1, coding}, number(samples, 2), number(len(payload), 4), number(1, 4), payload)
}

// number is one of so many bytes.
func number(n, size int) []byte {
	out := make([]byte, size)
	for i := range out {
		out[i] = byte(n >> (8 * (size - 1 - i)) & 0xff)
	}
	return out
}

// Element is what lies beside a picture.
func Element(packets ...[]byte) []byte {
	return append(number(len(packets), 2), bytes.Join(packets, nil)...)
}

// CDP is a caption distribution packet (ST 334-2) with a timecode, with caption data (ATSC
// A/53, cc_data) and, in that of number 0, with French as the language of the first service.
func CDP(n int, data []byte) Packet {
	out := slices.Concat([]byte{0x96, 0x69, 0, 0x3f, 0xc3}, number(n, 2), []byte{0x71, 0xc0, 0x80, 0x80, 0}, []byte{0x72}, number(0xe0|len(data)/3, 1), data)
	if n == 0 {
		out = append(out, 0x73, 0xf1, 0xe1, 'f', 'r', 'a', 0xc1, 0x7f, 0xff)
	}
	return Packet{0x61, 0x01, numbered(out, n)}
}

// SDP is a subtitling distribution packet (OP-47) with packets of teletext, of 42 bytes each.
func SDP(n int, packets ...[]byte) Packet {
	out := []byte{0x51, 0x15, 0, 0x02, 0, 0, 0, 0, 0}
	for i, packet := range packets {
		out[4+i] = number(0x87+i, 1)[0]
		out = slices.Concat(out, []byte{0x55, 0x55, 0x27}, packet)
	}
	return Packet{0x43, 0x02, numbered(out, n)}
}

// numbered ends a packet as both kinds do, and puts its length into the third byte.
func numbered(packet []byte, n int) []byte {
	packet = slices.Concat(packet, []byte{0x74}, number(n, 2), []byte{0})
	last := len(packet) - 1
	packet[2] = number(len(packet), 1)[0]
	for _, b := range packet[:last] {
		packet[last] -= b
	}
	return packet
}

const (
	label = "\x06\x0e\x2b\x34"
	fill  = label + "\x01\x01\x01\x02\x03\x01\x02\x10\x01\x00\x00\x00"
	// Ancillary is the key of elements of ancillary data.
	Ancillary = label + "\x01\x02\x01\x01\x0d\x01\x03\x01\x17\x01\x02\x01"
)

// KLV is an element with its key and length.
func KLV(key string, value []byte) []byte {
	return slices.Concat([]byte(key), []byte{0x83}, number(len(value), 3), value)
}

// Put is an MXF file that ffmpeg made, with an element of ancillary data behind the sound of
// each content package, in the place of what fills it up: so nothing else moves.
func Put(file []byte, element func(unit int) []byte) ([]byte, error) {
	data := bytes.Clone(file)
	unit, item := 0, byte(0)
	for pos := 0; pos < len(data); {
		key, whole := data[pos:pos+16], length(data[pos:])
		if string(key) == fill && (item == 0x16 || item == 0x06) { // what lies behind sound
			klv := KLV(Ancillary, element(unit))
			rest := whole - len(klv) - len(KLV(fill, nil))
			if rest < 0 {
				return nil, fmt.Errorf("package %d has room for %d bytes, not for %d", unit, whole, len(klv))
			}
			copy(data[pos:], append(klv, KLV(fill, make([]byte, rest))...))
			unit++
		}
		item = key[12]
		pos += whole
	}
	if unit == 0 {
		return nil, errors.New("the file has no room behind its sound")
	}
	return data, nil
}

// length is how long an element is, with its key and length.
func length(element []byte) int {
	const head = 17
	n := int(element[head-1])
	if n < 0x80 {
		return head + n
	}
	digits := n & 0x7f
	n = 0
	for _, b := range element[head : head+digits] {
		n = n<<8 | int(b)
	}
	return head + digits + n
}
