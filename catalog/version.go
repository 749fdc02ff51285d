package catalog

import "slices"

// Versions are those of which a change may be made, which its editor has seen; nil are all.
type Versions []int

// Check is an Error of kind Stale if the version that there is now is none of them.
func (v Versions) Check(now int) error {
	if v == nil || slices.Contains(v, now) {
		return nil
	}
	return &Error{Kind: Stale, Message: "somebody else has changed this meanwhile: read it again, then change it"}
}
