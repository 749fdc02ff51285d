package database

import (
	"slices"
	"testing"
)

func TestPage(t *testing.T) {
	for _, tt := range []struct {
		rows, page []string
		next       string
	}{
		{nil, nil, ""},
		{[]string{"c", "b"}, []string{"c", "b"}, ""},
		{[]string{"c", "b", "a"}, []string{"c", "b"}, "b"},
	} {
		page, next := Page(tt.rows, 2, func(row *string) string { return *row })
		if !slices.Equal(page, tt.page) || next != tt.next {
			t.Errorf("of %v the page is %v and leads to %q", tt.rows, page, next)
		}
	}
}
