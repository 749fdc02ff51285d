package timecode

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Base is how the frames of an asset are addressed in SMPTE ST 12-1 timecode.
//
// Bases come from [NewBase] or from JSON. The zero Base has no rate and
// addresses nothing.
type Base struct {
	Rate  Rate  // frames a second
	Drop  bool  // whether the numbering is drop-frame
	Start int64 // address of the first frame, in frames counted from 00:00:00:00; less than a day
}

// baseJSON is the JSON form of a Base.
type baseJSON struct {
	Rate  string `json:"rate"`
	Drop  bool   `json:"drop"`
	Start string `json:"start"`
}

// NewBase returns the addressing of an asset at a rate, whose first frame has
// the timecode start. A start written HH:MM:SS;FF makes the base drop-frame, one
// written HH:MM:SS:FF non-drop; an empty start is a non-drop 00:00:00:00.
//
// The error, a [*ParseError], says that the rate is outside what [ParseRate]
// accepts, that the start is not a timecode, that its address does not exist at
// the rate, or that it is drop-frame at a rate that has no drop-frame timecode.
func NewBase(rate Rate, start string) (Base, error) {
	if err := rate.check(rate.String()); err != nil {
		return Base{}, err
	}

	start = strings.TrimSpace(start)
	if start == "" {
		return Base{Rate: rate}, nil
	}

	fields := addressForm.FindStringSubmatch(start)
	if fields == nil {
		return Base{}, failf(start, "write a start timecode as HH:MM:SS:FF, or HH:MM:SS;FF if it is drop-frame")
	}

	base := Base{Rate: rate}

	first, err := base.readAddress(fields)
	if err != nil {
		return Base{}, err
	}

	if first.drop && !rate.DropAllowed() {
		return Base{}, failf(start, "there is no drop-frame timecode at %s frames a second: write %s",
			rate, strings.Replace(start, ";", ":", 1))
	}

	base.Drop = first.drop

	base.Start, err = base.locate(start, first)
	if err != nil {
		return Base{}, err
	}

	return base, nil
}

// Timecode returns the address of a frame, counted from 0 at the first frame of
// the asset: HH:MM:SS:FF, or HH:MM:SS;FF in a drop-frame base, with three digits
// of frames at nominal rates above 100. Addresses wrap at 24 hours, in both
// directions.
func (b Base) Timecode(frame int64) string {
	numbers := b.numbering()

	// The frame is brought into a day first, as the sum could overflow.
	count := numbers.wrap(b.Start + numbers.wrap(frame))

	return numbers.format(numbers.address(count))
}

// MarshalJSON writes the base as {"rate":"25","drop":false,"start":"10:00:00:00"}.
// The error, for a base without a valid rate, is a [*ParseError].
func (b Base) MarshalJSON() ([]byte, error) {
	rate, err := b.Rate.MarshalText()
	if err != nil {
		return nil, err
	}

	data, err := json.Marshal(baseJSON{Rate: string(rate), Drop: b.Drop, Start: b.Timecode(0)})
	if err != nil {
		return nil, fmt.Errorf("encode timecode base: %w", err)
	}

	return data, nil
}

// UnmarshalJSON reads what [Base.MarshalJSON] writes. The start may be left out
// as in [NewBase]. The error, a [*ParseError], is that of [ParseRate] or
// [NewBase], or says that the JSON has another shape, null included, or that
// drop and the start's separator disagree.
func (b *Base) UnmarshalJSON(data []byte) error {
	var fields baseJSON
	if err := json.Unmarshal(data, &fields); err != nil {
		return failf(string(data), `write a timecode base as {"rate":"25","drop":false,"start":"10:00:00:00"}`)
	}

	rate, err := ParseRate(fields.Rate)
	if err != nil {
		return err
	}

	base, err := NewBase(rate, fields.Start)
	if err != nil {
		return err
	}

	if base.Drop != fields.Drop {
		return failf(fields.Start, "drop is %t, but a start is drop-frame only if written HH:MM:SS;FF", fields.Drop)
	}

	*b = base

	return nil
}

func (b Base) numbering() numbering {
	return newNumbering(b.Rate, b.Drop)
}
