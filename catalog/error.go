package catalog

import (
	"fmt"
	"time"
)

// Kind says what sort of mistake an Error is; each has one HTTP status.
type Kind int

// The kinds of mistakes.
const (
	Invalid  Kind = iota + 1 // the request can never work: 422
	NotFound                 // there is no such thing: 404
	Conflict                 // it does not fit the state of things: 409
	TooMany                  // it is more than somebody may have: 429
)

// Error is a mistake in a request, told to whoever made it.
type Error struct {
	Kind       Kind
	Field      string        // of the request body, such as "ranges[0].in"; may be empty
	Message    string        // a sentence that says what to do
	RetryAfter time.Duration // of TooMany: when to ask again
}

func (e *Error) Error() string { return e.Message }

func invalid(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &Error{Kind: NotFound, Message: fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &Error{Kind: Conflict, Message: fmt.Sprintf(format, args...)}
}

func tooMany(wait time.Duration, format string, args ...any) error {
	return &Error{Kind: TooMany, Message: fmt.Sprintf(format, args...), RetryAfter: wait}
}
