package hevc

import (
	"errors"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// message is a supplemental enhancement information message.
type message struct {
	kind    int
	payload []byte
}

// static reports whether a message is about all pictures up to the next entry:
// the mastering display, the content light level, the transfer to prefer (HLG).
func (m message) static() bool { return m.kind == 137 || m.kind == 144 || m.kind == 147 }

// maxMessages is how long a unit of messages may be to be looked at. Those that
// are sought have a few bytes.
const maxMessages = 1 << 16

// Metadata returns the static metadata of the master's sample, which should be an
// entry, as NAL units to be put in front of an edge's first sample. It is empty
// where there is none.
func (c *Config) Metadata(sample []byte) ([]byte, error) {
	var found []byte
	for n, err := range units(sample, c.LengthSize()) {
		if err != nil {
			return nil, err
		}
		if n.kind() != ff.NALU_SEI_PREFIX || n.layer() != 0 || len(n) > maxMessages {
			continue
		}
		messages, err := readMessages(n)
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			if !m.static() {
				continue
			}
			if found, err = bitstream.AppendUnit(found, m.unit(), c.LengthSize()); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// readMessages reads the messages in a unit.
func readMessages(n nal) ([]message, error) {
	rest := bitstream.Unescape(n[headerSize:])
	var messages []message
	for len(rest) > 1 { // the last byte only marks the end
		kind, after, ok := messageNumber(rest)
		if !ok {
			return nil, errMessages
		}
		size, after, ok := messageNumber(after)
		if !ok || size > len(after) {
			return nil, errMessages
		}
		messages = append(messages, message{kind, after[:size]})
		rest = after[size:]
	}
	return messages, nil
}

var errMessages = errors.New("supplemental information that ends too early")

// messageNumber reads a message's kind or size: bytes of 255, then one less.
func messageNumber(data []byte) (v int, rest []byte, ok bool) {
	for i, b := range data {
		if v += int(b); b != 255 {
			return v, data[i+1:], true
		}
	}
	return 0, nil, false
}

// unit is a NAL unit with nothing but the message.
func (m message) unit() nal {
	plain := []byte{byte(m.kind)} //nolint:gosec // one of those that are static
	size := len(m.payload)
	for ; size >= 255; size -= 255 {
		plain = append(plain, 255)
	}
	plain = append(append(plain, byte(size)), m.payload...) //nolint:gosec // below 255
	return bitstream.Escape(header(ff.NALU_SEI_PREFIX), append(plain, 0x80))
}

// header is a NAL unit's header in the base layer and the lowest sub-layer.
func header(t ff.NaluType) nal { return nal{byte(t) << 1, 1} } //nolint:gosec // at most 63
