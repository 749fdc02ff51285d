package timecode

import (
	"fmt"
	"regexp"
)

// maxTwoDigitRate is the nominal rate above which timecode frames take three
// digits.
const maxTwoDigitRate = 100

// addressForm matches HH:MM:SS:FF and HH:MM:SS;FF. Only the hours may go
// without their leading zero: anywhere else a missing digit is more likely a
// slip than a habit.
var addressForm = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2}):([0-9]{2})([:;])([0-9]{2,3})$`)

// address is a timecode taken apart, the label of one frame of a day.
type address struct {
	hours, minutes, seconds, frames int64

	drop bool // written with a semicolon
}

// readAddress reads the fields of a match of addressForm. The error says that
// one is out of range; whether the address is a dropped one is left to locate.
func (b Base) readAddress(fields []string) (address, error) {
	addr := address{
		hours:   decimal(fields[1]),
		minutes: decimal(fields[2]),
		seconds: decimal(fields[3]),
		frames:  decimal(fields[5]),
		drop:    fields[4] == ";",
	}
	numbers := b.numbering()

	switch {
	case addr.hours >= hoursPerDay:
		return address{}, failf(fields[0], "hour %s does not exist: use 00 to 23", fields[1])
	case addr.minutes >= minutesPerHour:
		return address{}, failf(fields[0], "minute %s does not exist: use 00 to 59", fields[2])
	case addr.seconds >= secondsPerMinute:
		return address{}, failf(fields[0], "second %s does not exist: use 00 to 59", fields[3])
	case addr.frames >= numbers.nominal || len(fields[5]) > numbers.frameDigits():
		return address{}, failf(fields[0], "frame %s does not exist at %s frames a second: use 00 to %02d",
			fields[5], b.Rate, numbers.nominal-1)
	}

	return addr, nil
}

// locate returns the count of frames before an address, read from the input, in
// its day. The error says that the base's numbering leaves the address out.
func (b Base) locate(input string, addr address) (int64, error) {
	numbers := b.numbering()
	if numbers.drops(addr) {
		// The frame that follows the gap, and has the minute that was asked for.
		next := addr
		next.frames = numbers.dropped
		next.drop = true

		return 0, failf(input, "drop-frame timecode leaves this address out: use %s", numbers.format(next))
	}

	return numbers.count(addr), nil
}

// format writes an address as HH:MM:SS:FF, or HH:MM:SS;FF if it is drop-frame.
func (n numbering) format(addr address) string {
	separator := ':'
	if addr.drop {
		separator = ';'
	}

	return fmt.Sprintf("%02d:%02d:%02d%c%0*d",
		addr.hours, addr.minutes, addr.seconds, separator, n.frameDigits(), addr.frames)
}

// frameDigits returns the width of the frames field.
func (n numbering) frameDigits() int {
	if n.nominal > maxTwoDigitRate {
		return 3
	}

	return 2
}
