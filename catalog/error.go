package catalog

import "fmt"

// Kind says what sort of mistake an Error is; each has one HTTP status.
type Kind int

// The kinds of mistakes.
const (
	Invalid  Kind = iota + 1 // the request can never work: 422
	NotFound                 // there is no such thing: 404
	Conflict                 // it does not fit the state of things: 409
)

// Error is a mistake in a request, told to whoever made it.
type Error struct {
	Kind    Kind
	Field   string // of the request body, such as "ranges[0].in"; may be empty
	Message string // a sentence that says what to do
}

func (e *Error) Error() string { return e.Message }

func invalid(field, format string, args ...any) error {
	return &Error{Invalid, field, fmt.Sprintf(format, args...)}
}

func notFound(what, id string) error {
	return &Error{NotFound, "", fmt.Sprintf("there is no %s %q", what, id)}
}

func conflict(format string, args ...any) error {
	return &Error{Conflict, "", fmt.Sprintf(format, args...)}
}
