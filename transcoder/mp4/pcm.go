package mp4

import "encoding/binary"

// A description of sound has fields that grow with its version (QuickTime File Format,
// Sound Sample Description).
const (
	soundVersion   = 16
	soundChannels  = 24
	soundBits      = 26
	soundPacket    = 36 // version 1: samples in a packet
	soundV1        = 52
	soundChannels2 = 48 // version 2
	soundBits2     = 56
	soundV2        = 72
)

// sampleBytes is how long a sample of sound is for which the size table says 1: old
// QuickTime files count samples there, whatever their length. Uncompressed sound has
// as many bytes as all its channels need. Sound in packets is not told by the tables.
func sampleBytes(entry []byte) (uint32, error) {
	if len(entry) < soundPacket {
		return 1, nil
	}
	number := func(at int) uint32 { return uint32(binary.BigEndian.Uint16(entry[at:])) }
	channels, bits := number(soundChannels), number(soundBits)
	switch version := number(soundVersion); {
	case version == 2 && len(entry) >= soundV2:
		channels, bits = binary.BigEndian.Uint32(entry[soundChannels2:]), binary.BigEndian.Uint32(entry[soundBits2:])
	case version == 1 && len(entry) >= soundV1 && binary.BigEndian.Uint32(entry[soundPacket:]) > 1:
		return 0, unsupported("a sound is coded in packets that its tables do not count")
	}
	bits, uncompressed := bitsOf(string(entry[4:8]), bits)
	switch {
	case !uncompressed:
		return 1, nil
	case channels == 0 || channels > 255 || bits == 0 || bits > 64:
		return 0, unsupported("a sound of %d channels of %d bits", channels, bits)
	}
	return channels * ((bits + 7) / 8), nil
}

// bitsOf is how many bits a sample of uncompressed sound has, where the coding's name
// does not leave that to the description.
func bitsOf(coding string, described uint32) (bits uint32, uncompressed bool) {
	switch coding {
	case "ulaw", "alaw":
		return 8, true
	case "in24":
		return 24, true
	case "in32", "fl32":
		return 32, true
	case "fl64":
		return 64, true
	case "raw ", "twos", "sowt", "NONE", "lpcm":
		return described, true
	}
	return 0, false
}
