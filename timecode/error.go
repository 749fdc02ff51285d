package timecode

import "fmt"

// quotedBytes bounds how much of the input an error message repeats.
const quotedBytes = 64

// ParseError says what is wrong with a frame rate, a start timecode or a mark.
type ParseError struct {
	Input  string // the text at fault, without the spaces around it
	Reason string // what is wrong with it and, where there is one, the remedy
}

// Error returns a sentence that quotes the input and can be shown to a user.
func (e *ParseError) Error() string {
	input := e.Input
	if len(input) > quotedBytes {
		input = input[:quotedBytes] + "…"
	}

	return fmt.Sprintf("cannot read %q: %s", input, e.Reason)
}

// failf returns a *ParseError about the input, its reason made as by Sprintf.
func failf(input, format string, args ...any) error {
	return &ParseError{Input: input, Reason: fmt.Sprintf(format, args...)}
}
