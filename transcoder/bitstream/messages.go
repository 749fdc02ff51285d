package bitstream

import "errors"

// Message is supplemental enhancement information (SEI): something told beside the
// pictures, of a kind that the standards number.
type Message struct {
	Kind    int
	Payload []byte
}

// UserData is the kind of messages whose content is registered (ITU-T T.35): captions
// (CEA-608 and 708), the active part of the picture (AFD, bars), HDR10+.
const UserData = 4

// maxMessages is how long a unit of messages may be to be read. Those that are sought
// have some hundred bytes.
const maxMessages = 1 << 16

var errMessages = errors.New("supplemental information that ends too early")

// Messages reads those in a unit's payload, which has emulation prevention.
func Messages(payload []byte) ([]Message, error) {
	if len(payload) > maxMessages {
		return nil, nil
	}
	var messages []Message
	for rest := Unescape(payload); len(rest) > 1; { // the last byte only marks the end
		kind, after, ok := messageNumber(rest)
		if !ok {
			return messages, errMessages
		}
		size, after, ok := messageNumber(after)
		if !ok || size > len(after) {
			return messages, errMessages
		}
		messages = append(messages, Message{kind, after[:size]})
		rest = after[size:]
	}
	return messages, nil
}

// messageNumber reads a message's kind or size: bytes of 255, then one less.
func messageNumber(data []byte) (v int, rest []byte, ok bool) {
	for i, b := range data {
		if v += int(b); b != 255 {
			return v, data[i+1:], true
		}
	}
	return 0, nil, false
}

// Unit is a unit with nothing but the message, after a header.
func (m Message) Unit(header ...byte) []byte {
	plain := appendMessageNumber(nil, m.Kind)
	plain = appendMessageNumber(plain, len(m.Payload))
	return Escape(header, append(append(plain, m.Payload...), 0x80))
}

func appendMessageNumber(to []byte, v int) []byte {
	for ; v >= 255; v -= 255 {
		to = append(to, 255)
	}
	return append(to, byte(v)) //nolint:gosec // below 255
}
