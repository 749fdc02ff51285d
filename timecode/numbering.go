package timecode

const (
	secondsPerMinute = 60
	minutesPerHour   = 60
	hoursPerDay      = 24

	// Drop-frame timecode leaves out addresses in every minute but each tenth.
	minutesPerDropCycle = 10

	// dropRatio is the addresses of a second for each one dropped from a minute:
	// 2 are dropped at a nominal 30, and in proportion 4 at 60 and 8 at 120.
	dropRatio = 15
)

// numbering is the order of a day's addresses at one rate, which makes each
// address a count of frames since 00:00:00:00.
type numbering struct {
	nominal int64 // addresses in a second
	dropped int64 // addresses left out of a minute that drops any; 0 if none do
}

func newNumbering(rate Rate, drop bool) numbering {
	n := numbering{nominal: rate.Nominal()}
	if drop {
		n.dropped = n.nominal / dropRatio
	}

	return n
}

// count returns how many frames come before an address in its day.
func (n numbering) count(a address) int64 {
	minutes := a.hours*minutesPerHour + a.minutes
	labels := (minutes*secondsPerMinute+a.seconds)*n.nominal + a.frames

	return labels - n.dropped*dropMinutes(minutes)
}

// address returns the address that has count frames before it in its day, where
// count is at least 0 and less than n.day().
func (n numbering) address(count int64) address {
	perMinute := secondsPerMinute*n.nominal - n.dropped
	perCycle := minutesPerDropCycle*perMinute + n.dropped

	// The first minute of a cycle drops nothing, so it is longer than the other
	// nine; once that excess is taken off, all ten are of one length.
	minutes := count/perCycle*minutesPerDropCycle + (count%perCycle-n.dropped)/perMinute
	labels := count + n.dropped*dropMinutes(minutes)
	seconds := labels / n.nominal

	return address{
		hours:   minutes / minutesPerHour,
		minutes: minutes % minutesPerHour,
		seconds: seconds % secondsPerMinute,
		frames:  labels % n.nominal,
		drop:    n.dropped > 0,
	}
}

// dropMinutes returns how many of the first minutes of a day drop addresses.
func dropMinutes(minutes int64) int64 {
	return minutes - minutes/minutesPerDropCycle
}

// drops reports whether drop-frame numbering leaves the address out.
func (n numbering) drops(a address) bool {
	return a.frames < n.dropped && a.seconds == 0 && a.minutes%minutesPerDropCycle != 0
}

// day returns how many addresses 24 hours have.
func (n numbering) day() int64 {
	return n.count(address{hours: hoursPerDay})
}

// wrap brings a count of frames, of either sign, into one day.
func (n numbering) wrap(count int64) int64 {
	day := n.day()

	return (count%day + day) % day
}
