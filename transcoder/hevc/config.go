package hevc

import (
	"bytes"
	"errors"
	"fmt"

	ff "github.com/Eyevinn/mp4ff/hevc"

	"subclip/transcoder/bitstream"
)

// Config is what an hvcC box holds (ISO/IEC 14496-15, 8.3.2): how long the lengths
// of units are, and the parameter sets with which the pictures are decoded.
type Config struct {
	record    ff.DecConfRec
	sets      map[ff.NaluType]map[uint]nal // by kind and number
	sequences []*sps                       // in the order of the box
}

// ReadConfig reads an hvcC box's payload. An error says what keeps its pictures
// from being joined to others.
func ReadConfig(payload []byte) (*Config, error) {
	const lengthAt, lengthMask, whole = 21, 3, 23
	if len(payload) < whole {
		return nil, errors.New("the H.265 configuration is cut short")
	}
	size := payload[lengthAt] & lengthMask
	payload = bytes.Clone(payload)
	payload[lengthAt] |= lengthMask // mp4ff refuses lengths that have not four bytes
	record, err := ff.DecodeHEVCDecConfRec(payload)
	if err != nil {
		return nil, fmt.Errorf("the H.265 configuration cannot be read: %w", err)
	}
	record.LengthSizeMinusOne = size
	c := &Config{record: record, sets: map[ff.NaluType]map[uint]nal{ff.NALU_VPS: {}, ff.NALU_SPS: {}, ff.NALU_PPS: {}}}
	for _, array := range record.NaluArrays {
		for _, unit := range array.Nalus {
			if err := c.read(unit); err != nil {
				return nil, err
			}
		}
	}
	for _, sets := range c.sets {
		if len(sets) == 0 {
			return nil, errors.New("the H.265 parameter sets are not beside the pictures")
		}
	}
	return c, nil
}

// LengthSize is how many bytes the length before each unit has.
func (c *Config) LengthSize() int { return int(c.record.LengthSizeMinusOne) + 1 }

// Payload is what an hvcC box of this configuration holds.
func (c *Config) Payload() ([]byte, error) {
	var payload bytes.Buffer
	if err := c.record.Encode(&payload); err != nil {
		return nil, fmt.Errorf("write the H.265 configuration: %w", err)
	}
	return payload.Bytes(), nil
}

// read takes note of a parameter set; other units are left alone.
func (c *Config) read(unit nal) error {
	if len(unit) <= headerSize {
		return errors.New("an H.265 parameter set is empty")
	}
	if unit.layer() != 0 {
		return errors.New("its H.265 pictures have more than one layer")
	}
	r := &reader{bitstream.Reader{Data: bitstream.Unescape(unit[headerSize:])}}
	switch unit.kind() {
	case ff.NALU_VPS:
		c.sets[ff.NALU_VPS][uint(r.Bits(4))] = unit
	case ff.NALU_SPS:
		s, err := readSPS(unit)
		if err != nil {
			return fmt.Errorf("the H.265 sequence parameters cannot be read: %w", err)
		}
		c.sequences = append(c.sequences, s)
		c.sets[ff.NALU_SPS][s.id] = unit
	case ff.NALU_PPS:
		id := r.ue()
		if id > maxPPS || r.Short {
			return errors.New("the H.265 picture parameters cannot be read")
		}
		c.sets[ff.NALU_PPS][id] = unit
	}
	return nil
}

// add puts a parameter set beside those of its kind.
func (c *Config) add(id uint, unit nal) {
	c.sets[unit.kind()][id] = unit
	for i := range c.record.NaluArrays {
		if array := &c.record.NaluArrays[i]; array.NaluType() == unit.kind() {
			array.Nalus = append(array.Nalus, unit)
			return
		}
	}
}
