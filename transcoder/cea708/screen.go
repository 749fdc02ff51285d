package cea708

import (
	"cmp"
	"slices"
	"strings"
)

// screen is eight windows with text, of which some are seen.
type screen struct {
	windows [8]window
	now     int // the window that is written to
}

// Codes (CEA-708, 7.1).
const (
	backspace, formFeed, carriageReturn, clearRow, extended, wide = 0x08, 0x0c, 0x0d, 0x0e, 0x10, 0x18

	firstWindow, lastWindow                                  = 0x80, 0x87
	clearWindows, displayWindows, hideWindows, toggleWindows = 0x88, 0x89, 0x8a, 0x8b
	deleteWindows, reset, setPen, defineWindow, lastDefine   = 0x8c, 0x8f, 0x92, 0x98, 0x9f
)

// lengths are how many bytes the codes from 0x80 to 0x9f have, with what belongs to them.
const lengths = "\x01\x01\x01\x01\x01\x01\x01\x01\x02\x02\x02\x02\x02\x02\x01\x01" +
	"\x03\x04\x03\x01\x01\x01\x01\x05\x07\x07\x07\x07\x07\x07\x07\x07"

// length is how many bytes a code has, with what belongs to it; 0 where the next byte
// tells and is not there yet.
func length(code []byte) int {
	c := code[0]
	switch {
	case c == extended && len(code) < 2:
		return 0
	case c == extended:
		return extendedLength(code[1])
	case c >= firstWindow && c <= lastDefine:
		return int(lengths[c-firstWindow])
	case c < 0x10 || c >= 0x20:
		return 1
	case c < wide:
		return 2
	}
	return 3
}

// extendedLength is how many bytes a code has that follows another one.
func extendedLength(c byte) int {
	switch {
	case c < 0x20:
		return 2 + int(c>>3)
	case c >= 0x80 && c < 0x88:
		return 6
	case c >= 0x88 && c < 0x90:
		return 7
	}
	return 2
}

// obey does what the first code says and returns how long it is, 0 if it is not complete.
func (s *screen) obey(codes []byte) int {
	if len(codes) == 0 {
		return 0
	}
	n := length(codes)
	if n == 0 || n > len(codes) {
		return 0
	}
	switch c := codes[0]; {
	case c < 0x20:
		s.windows[s.now].control(codes[:n])
	case c >= firstWindow && c <= lastDefine:
		s.command(codes[:n])
	case c == 0x7f:
		s.windows[s.now].write('♪')
	default:
		s.windows[s.now].write(rune(c))
	}
	return n
}

// command does what concerns windows.
func (s *screen) command(code []byte) {
	switch c := code[0]; {
	case c <= lastWindow:
		s.now = int(c - firstWindow)
	case c <= deleteWindows:
		s.change(c, code[1])
	case c == reset:
		*s = screen{}
	case c == setPen:
		s.windows[s.now].row, s.windows[s.now].column = int(code[1]&0x0f), int(code[2]&0x3f)
	case c >= defineWindow:
		s.now = int(c - defineWindow)
		s.windows[s.now].define(code[1:])
	}
}

// change does something to the windows of a map, a bit each.
func (s *screen) change(code, windows byte) {
	for i := range s.windows {
		if windows>>i&1 == 0 {
			continue
		}
		switch w := &s.windows[i]; code {
		case clearWindows:
			w.clear()
		case displayWindows:
			w.seen = w.defined
		case hideWindows:
			w.seen = false
		case toggleWindows:
			w.seen = w.defined && !w.seen
		case deleteWindows:
			*w = window{}
		}
	}
}

// text is what the windows say that are seen, from top to bottom.
func (s *screen) text() string {
	var seen []*window
	for i := range s.windows {
		if s.windows[i].seen {
			seen = append(seen, &s.windows[i])
		}
	}
	slices.SortStableFunc(seen, func(a, b *window) int { return cmp.Compare(a.top, b.top) })
	var lines []string
	for _, w := range seen {
		for _, row := range w.rows {
			if line := strings.Join(strings.Fields(string(row)), " "); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// extendedRune is a character of the second set; those that are not letters of one are a
// space, and what is no character is 0.
func extendedRune(c byte) rune {
	if c < 0x20 || c >= 0x80 && c < 0xa0 {
		return 0
	}
	letters := map[byte]rune{
		0x25: '…', 0x2a: 'Š', 0x2c: 'Œ', 0x30: '█', 0x31: '‘', 0x32: '’', 0x33: '“', 0x34: '”', 0x35: '•',
		0x39: '™', 0x3a: 'š', 0x3c: 'œ', 0x3d: '℠', 0x3f: 'Ÿ', 0x76: '⅛', 0x77: '⅜', 0x78: '⅝', 0x79: '⅞',
	}
	if letter, known := letters[c]; known {
		return letter
	}
	return ' '
}
