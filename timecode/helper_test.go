package timecode_test

import (
	"errors"
	"strings"
	"testing"

	"subclip/timecode"
)

func mustRate(tb testing.TB, s string) timecode.Rate {
	tb.Helper()

	rate, err := timecode.ParseRate(s)
	if err != nil {
		tb.Fatalf("ParseRate(%q): %v", s, err)
	}

	return rate
}

func mustBase(tb testing.TB, rate, start string) timecode.Base {
	tb.Helper()

	base, err := timecode.NewBase(mustRate(tb, rate), start)
	if err != nil {
		tb.Fatalf("NewBase(%s, %q): %v", rate, start, err)
	}

	return base
}

// wantParseError checks that err is or wraps a *ParseError that is about the
// input and contains the remedy.
func wantParseError(t *testing.T, err error, input, remedy string) {
	t.Helper()

	var parseErr *timecode.ParseError
	if !errors.As(err, &parseErr) {
		t.Fatalf("error is %T (%v), want *ParseError", err, err)
	}

	if parseErr.Input != input {
		t.Errorf("Input is %q, want %q", parseErr.Input, input)
	}

	if !strings.Contains(parseErr.Reason, remedy) {
		t.Errorf("Reason is %q, want it to contain %q", parseErr.Reason, remedy)
	}
}
