package httpapi

import (
	"strconv"
	"strings"

	"subclip/catalog"
)

// Precondition is the If-Match of RFC 9110; huma reads embedded inputs only if exported.
type Precondition struct {
	IfMatch string `header:"If-Match" maxLength:"1000" doc:"the ETag of what you have read, or several: if it has another one by now, nothing is changed, and the answer is 412" example:"\"3\""`
}

// versions are those that the header names. What it names and is no tag of ours, as a
// weak one, matches none.
func (p Precondition) versions() catalog.Versions {
	switch strings.TrimSpace(p.IfMatch) {
	case "", "*":
		return nil
	}
	versions := catalog.Versions{}
	for tag := range strings.SplitSeq(p.IfMatch, ",") {
		quoted := strings.TrimSpace(tag)
		number, err := strconv.Atoi(strings.Trim(quoted, `"`))
		if err == nil && quoted == tagOf(number) {
			versions = append(versions, number)
		}
	}
	return versions
}

// tagOf is the ETag of a version: of what editors say, not of the signed URLs beside it.
func tagOf(version int) string { return strconv.Quote(strconv.Itoa(version)) }
