// Package anctest writes ancillary data into MXF masters, for tests: ffmpeg's muxer has
// no room for them. It is written by the standards and not by what reads them.
package anctest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"slices"
)

// Packet is one of ancillary data (ST 291-1).
type Packet struct {
	DID, SDID byte
	Data      []byte
}

func (p Packet) words() []byte {
	return append([]byte{p.DID, p.SDID, byte(len(p.Data))}, p.Data...)
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
	out := append([]byte{0, 9, 1, coding}, binary.BigEndian.AppendUint16(nil, uint16(samples))...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(payload)))
	return append(binary.BigEndian.AppendUint32(out, 1), payload...)
}

// Element is what lies beside a picture.
func Element(packets ...[]byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(packets))), bytes.Join(packets, nil)...)
}

// CDP is a caption distribution packet (ST 334-2) with a timecode, with caption data (ATSC
// A/53, cc_data) and, in that of number 0, with French as the language of the first service.
func CDP(n int, data []byte) Packet {
	out := []byte{0x96, 0x69, 0, 0x3f, 0xc3, byte(n >> 8), byte(n), 0x71, 0xc0, 0x80, 0x80, byte(n % 10), 0x72, 0xe0 | byte(len(data)/3)}
	out = append(out, data...)
	if n == 0 {
		out = append(out, 0x73, 0xf1, 0xe1, 'f', 'r', 'a', 0xc1, 0x7f, 0xff)
	}
	return Packet{0x61, 0x01, numbered(out, n)}
}

// SDP is a subtitling distribution packet (OP-47) with packets of teletext, of 42 bytes each.
func SDP(n int, packets ...[]byte) Packet {
	out := []byte{0x51, 0x15, 0, 0x02, 0, 0, 0, 0, 0}
	for i, packet := range packets {
		out[4+i] = 0x80 | byte(7+i)
		out = append(append(out, 0x55, 0x55, 0x27), packet...)
	}
	return Packet{0x43, 0x02, numbered(out, n)}
}

// numbered ends a packet as both kinds do, and puts its length into the third byte.
func numbered(packet []byte, n int) []byte {
	packet = append(packet, 0x74, byte(n>>8), byte(n), 0)
	last := len(packet) - 1
	packet[2] = byte(len(packet))
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
	length := len(value)
	return append(append([]byte(key), 0x83, byte(length>>16), byte(length>>8), byte(length)), value...)
}

// Put writes a copy of an MXF file that ffmpeg made, with an element of ancillary data behind
// the sound of each content package, in the place of what fills it up: so nothing else moves.
func Put(from, to string, element func(unit int) []byte) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read the master: %w", err)
	}
	unit, item := 0, byte(0)
	for pos := 0; pos < len(data); {
		key, whole := data[pos:pos+16], length(data[pos:])
		if string(key) == fill && (item == 0x16 || item == 0x06) { // what lies behind sound
			klv := KLV(Ancillary, element(unit))
			rest := whole - len(klv) - len(KLV(fill, nil))
			if rest < 0 {
				return fmt.Errorf("package %d has room for %d bytes, not for %d", unit, whole, len(klv))
			}
			copy(data[pos:], append(klv, KLV(fill, make([]byte, rest))...))
			unit++
		}
		item = key[12]
		pos += whole
	}
	if unit == 0 {
		return errors.New("the file has no room behind its sound")
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		return fmt.Errorf("write the master: %w", err)
	}
	return nil
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
