package avc

import (
	"slices"

	"subclip/transcoder/bitstream"
)

// recoveryPoint is the kind of message that marks one (D.1.8).
const recoveryPoint = 6

// readRecovery looks for a recovery point in a unit of supplemental information.
func readRecovery(nal []byte) (frames uint32, exact, found bool) {
	messages, _ := bitstream.Messages(nal[1:]) // what is readable of it counts
	for _, m := range messages {
		if m.Kind == recoveryPoint {
			r := &bitReader{bitstream.Reader{Data: m.Payload}}
			frames, exact = r.UE(), r.Flag()
			return frames, exact, !r.Short
		}
	}
	return 0, false, false
}

// Carry returns an encoded picture with the user data of another one, from: captions,
// the active part of the picture and the like, instead of its own.
func Carry(from, to []byte, lengthSize int) ([]byte, error) {
	var data []byte
	err := eachNAL(from, lengthSize, func(nal []byte, _ int) error {
		if nalType(nal) != nalSEI {
			return nil
		}
		messages, _ := bitstream.Messages(nal[1:]) // what cannot be read nobody else can
		for _, m := range messages {
			if m.Kind != bitstream.UserData {
				continue
			}
			var err error
			if data, err = bitstream.AppendUnit(data, m.Unit(nalSEI), lengthSize); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(data) == 0 {
		return to, err
	}
	return insert(to, data, lengthSize)
}

// insert puts units before a picture's first slice.
func insert(sample, units []byte, lengthSize int) ([]byte, error) {
	at := -1
	err := eachNAL(sample, lengthSize, func(nal []byte, end int) error {
		if t := nalType(nal); at < 0 && (t == nalSlice || t == nalPartitionA || t == nalIDR) {
			at = end - lengthSize - len(nal)
		}
		return nil
	})
	if err != nil || at < 0 {
		return sample, err
	}
	return slices.Insert(slices.Clone(sample), at, units...), nil
}
