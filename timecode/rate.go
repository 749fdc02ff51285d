package timecode

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// maxRate is the fastest rate accepted, in frames a second. It keeps the
	// frames field of a timecode within three digits.
	maxRate = 1000

	// maxTerm bounds both terms of a rate. Media files store them in 32 bits;
	// the bound keeps a denominator in nanoseconds within an int64.
	maxTerm = math.MaxUint32

	// A rate is NTSC when it is a whole rate slowed down by 1000/1001.
	ntscNum, ntscDen = 1000, 1001

	// dropMultiple is what a nominal rate must be a multiple of for drop-frame
	// timecode. ST 12-1 drops at 30; faster rates drop in proportion.
	dropMultiple = 30
)

// rateForm is a whole number or a fraction, each term short enough for an int64.
var rateForm = regexp.MustCompile(`^([0-9]{1,18})(?:/([0-9]{1,18}))?$`)

// Rate is an exact frame rate, Num/Den frames a second.
//
// Rates come from [ParseRate]. The zero Rate is not a rate: encoding it is an
// error, and calculating with it panics.
type Rate struct{ Num, Den int64 }

// ParseRate reads a frame rate above 0 and up to 1000 frames a second. It takes
// a whole number ("25"), a fraction ("30000/1001", "25/1"), or one of the
// decimals that by custom stand for an NTSC rate: 23.976, 23.98, 29.97, 47.952,
// 59.94 and 119.88. Other decimals are refused, as which fraction they stand
// for would be a guess. The result is in lowest terms.
//
// The error is a [*ParseError].
func ParseRate(s string) (Rate, error) {
	s = strings.TrimSpace(s)

	fraction := s

	switch s {
	case "23.976", "23.98":
		fraction = "24000/1001"
	case "29.97":
		fraction = "30000/1001"
	case "47.952":
		fraction = "48000/1001"
	case "59.94":
		fraction = "60000/1001"
	case "119.88":
		fraction = "120000/1001"
	}

	terms := rateForm.FindStringSubmatch(fraction)
	if terms == nil {
		return Rate{}, failf(s, "write a frame rate as a whole number such as 25, "+
			"a fraction such as 30000/1001, or 23.976, 23.98, 29.97, 47.952, 59.94 or 119.88")
	}

	rate := Rate{Num: decimal(terms[1]), Den: 1}
	if terms[2] != "" {
		rate.Den = decimal(terms[2])
	}

	rate = rate.reduced()
	if err := rate.check(s); err != nil {
		return Rate{}, err
	}

	return rate, nil
}

// String returns the rate as ParseRate reads it: "25" or "30000/1001".
func (r Rate) String() string {
	if r.Den == 1 {
		return strconv.FormatInt(r.Num, 10)
	}

	return strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
}

// Nominal returns how many frames a timecode second counts: the rate rounded to
// the nearest whole number, halves up, and at least 1. It is 30 at 30000/1001.
func (r Rate) Nominal() int64 {
	return max(1, (r.Num+r.Den/2)/r.Den)
}

// DropAllowed reports whether drop-frame timecode exists at the rate: whether
// it is NTSC and its nominal rate is a multiple of 30.
func (r Rate) DropAllowed() bool {
	nominal := r.Nominal()

	return nominal%dropMultiple == 0 && r.Num*ntscDen == nominal*ntscNum*r.Den
}

// FrameAt returns the index of the frame whose start is nearest to media time d.
// A time halfway between two frames gives the later one.
func (r Rate) FrameAt(d time.Duration) int64 {
	return scale(int64(d), r.Num, r.Den*int64(time.Second))
}

// TimeOf returns the media time at which a frame starts, to the nearest
// nanosecond, halves up. Times that a Duration cannot hold, beyond 292 years,
// give the longest Duration of their sign.
func (r Rate) TimeOf(frame int64) time.Duration {
	return time.Duration(scale(frame, r.Den*int64(time.Second), r.Num))
}

// MarshalText writes the rate as [Rate.String] does, which JSON shows as a
// string. The error, for a rate that ParseRate would refuse, is a [*ParseError].
func (r Rate) MarshalText() ([]byte, error) {
	text := r.String()
	if err := r.check(text); err != nil {
		return nil, err
	}

	return []byte(text), nil
}

// UnmarshalText reads the rate as [ParseRate] does, with its errors.
func (r *Rate) UnmarshalText(text []byte) error {
	rate, err := ParseRate(string(text))
	if err != nil {
		return err
	}

	*r = rate

	return nil
}

// reduced returns the rate in lowest terms.
func (r Rate) reduced() Rate {
	divisor, rest := r.Num, r.Den
	for rest != 0 {
		divisor, rest = rest, divisor%rest
	}

	if divisor == 0 {
		return r
	}

	return Rate{Num: r.Num / divisor, Den: r.Den / divisor}
}

// check returns a *ParseError about the input if the rate is outside what
// ParseRate accepts.
func (r Rate) check(input string) error {
	switch {
	case r.Num <= 0 || r.Den <= 0:
		return failf(input, "a frame rate must be more than 0")
	case r.Num > maxTerm || r.Den > maxTerm:
		return failf(input, "the numbers of a frame rate go up to %d", maxTerm)
	case r.Num > maxRate*r.Den:
		return failf(input, "a frame rate goes up to %d frames a second", maxRate)
	}

	return nil
}
