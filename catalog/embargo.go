package catalog

import "time"

// Unending is the end of an embargo that lasts until somebody lifts it: until then, what
// it lies on is kept back.
func Unending() time.Time { return time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC) }

// KeptBack reports whether an embargo ends only when it is lifted.
func KeptBack(until time.Time) bool { return !until.Before(Unending()) }
