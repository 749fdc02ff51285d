package accounts

import (
	"fmt"
	"time"
)

// Kind says what sort of refusal an Error is; each has one HTTP status.
type Kind int

// The kinds of refusals.
const (
	Invalid      Kind = iota + 1 // the request can never work: 422
	Unauthorized                 // nobody known is asking: 401
	NotFound                     // there is no such thing: 404
	Conflict                     // it does not fit the state of things: 409
	TooMany                      // too often: 429
)

// Error is a refusal, told to whoever asked.
type Error struct {
	Kind       Kind
	Field      string        // of the request body, such as "password"; may be empty
	Message    string        // a sentence that says what to do
	Parts      []string      // what is wrong one by one, where it is several things
	RetryAfter time.Duration // of TooMany: when it may be tried again
}

func (e *Error) Error() string { return e.Message }

func invalid(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

func unauthorized(field, message string) error {
	return &Error{Kind: Unauthorized, Field: field, Message: message}
}

func notFound(message string) error { return &Error{Kind: NotFound, Message: message} }

func conflict(message string) error { return &Error{Kind: Conflict, Message: message} }

func tooMany(wait time.Duration) error {
	wait = max(wait.Round(time.Second), time.Second)
	return &Error{Kind: TooMany, RetryAfter: wait, Message: fmt.Sprintf("too many tries: wait %s and try again", wait)}
}
