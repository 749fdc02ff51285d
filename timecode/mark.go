package timecode

import (
	"regexp"
	"strings"
	"time"
)

const (
	// maxMark is the longest mark read, in bytes.
	maxMark = 32

	// markHelp tells a user what a mark looks like.
	markHelp = "write a timecode as HH:MM:SS:FF, " +
		"or a time from the start of the media as SS.mmm, MM:SS.mmm or HH:MM:SS.mmm"

	// nanoDigits is how many decimals of a second make nanoseconds.
	nanoDigits = 9
)

// mediaForm matches SS, MM:SS and HH:MM:SS, each with or without a fraction.
// Six digits in the first field, 114 years of hours, fit a Duration.
var mediaForm = regexp.MustCompile(`^([0-9]{1,6})(?::([0-9]{2}))?(?::([0-9]{2}))?(?:\.([0-9]{1,9}))?$`)

// Parse returns the frame that a mark points at, counted from 0 at the first
// frame of the asset. Spaces around the mark do not matter. A mark is either
//
//   - a timecode, HH:MM:SS:FF or HH:MM:SS;FF, the address of a frame. In a
//     drop-frame base both forms mean the drop-frame address; in a non-drop base
//     the semicolon is an error. An address before the base's start is taken to
//     come after midnight, which gives an index near the end of the day; or
//   - a media time, SS, MM:SS or HH:MM:SS, with or without a decimal fraction
//     of up to nine digits, from the first frame of the asset. It is rounded to
//     the nearest frame, halves up. The first field takes up to six digits and
//     any value, the others are 00 to 59.
//
// The result is never negative, but may well be past the end of the asset, which
// Parse does not know. The error, a [*ParseError], says how to write the mark.
func (b Base) Parse(mark string) (int64, error) {
	mark = strings.TrimSpace(mark)

	if err := b.Rate.check(b.Rate.String()); err != nil {
		return 0, err
	}

	switch {
	case mark == "":
		return 0, failf(mark, "it is empty; %s", markHelp)
	case len(mark) > maxMark:
		return 0, failf(mark, "it is longer than %d characters; %s", maxMark, markHelp)
	case mark[0] == '-':
		return 0, failf(mark, "it is negative; %s", markHelp)
	}

	if fields := addressForm.FindStringSubmatch(mark); fields != nil {
		return b.parseTimecode(fields)
	}

	if fields := mediaForm.FindStringSubmatch(mark); fields != nil {
		return b.parseMediaTime(fields)
	}

	return 0, failf(mark, "%s", markHelp)
}

// parseTimecode returns the frame at the address in a match of addressForm.
func (b Base) parseTimecode(fields []string) (int64, error) {
	mark := fields[0]

	addr, err := b.readAddress(fields)
	if err != nil {
		return 0, err
	}

	if addr.drop && !b.Drop {
		return 0, failf(mark, "the timecode of this media is not drop-frame: write %s",
			strings.Replace(mark, ";", ":", 1))
	}

	count, err := b.locate(mark, addr)
	if err != nil {
		return 0, err
	}

	return b.numbering().wrap(count - b.Start), nil
}

// parseMediaTime returns the frame nearest to the time in a match of mediaForm.
func (b Base) parseMediaTime(fields []string) (int64, error) {
	mark, first, rest, fraction := fields[0], fields[1], fields[2:4], fields[4]

	seconds := decimal(first)

	for _, field := range rest {
		if field == "" {
			continue
		}

		value := decimal(field)
		if value >= secondsPerMinute {
			return 0, failf(mark, "%s is too much after a colon: minutes and seconds go from 00 to 59", field)
		}

		seconds = seconds*secondsPerMinute + value
	}

	nanos := decimal(fraction + strings.Repeat("0", nanoDigits-len(fraction)))

	return b.Rate.FrameAt(time.Duration(seconds)*time.Second + time.Duration(nanos)), nil
}
