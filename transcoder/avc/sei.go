package avc

import "subclip/transcoder/bitstream"

// recoveryPoint is the payload type of a recovery point (D.1.8).
const recoveryPoint = 6

// readRecovery looks for a recovery point in a unit of supplemental information.
func readRecovery(nal []byte) (frames uint32, exact, found bool) {
	data := bitstream.Unescape(nal)[1:]
	for len(data) > 2 { // a payload's type and length, and the bits that end the unit
		var kind, length int
		kind, data = readSum(data)
		length, data = readSum(data)
		if length > len(data) {
			return 0, false, false
		}
		if kind == recoveryPoint {
			r := &bitReader{bitstream.Reader{Data: data[:length]}}
			frames, exact = r.UE(), r.Flag()
			return frames, exact, !r.Short
		}
		data = data[length:]
	}
	return 0, false, false
}

// readSum reads a number that is told as a sum of bytes, all but the last 255.
func readSum(data []byte) (sum int, rest []byte) {
	for i, b := range data {
		sum += int(b)
		if b != 0xff {
			return sum, data[i+1:]
		}
	}
	return sum, nil
}
