package main

import (
	"slices"
	"testing"
)

func TestPageOrigins(t *testing.T) {
	t.Parallel()
	for site, want := range map[string][]string{
		"https://press.example.com/portal": {"https://press.example.com"},
		"https://press.example.com:8443":   {"https://press.example.com:8443"},
		"http://127.0.0.1:8080":            {"http://127.0.0.1:8080", "http://localhost:8080"},
		"http://:8080":                     {"http://127.0.0.1:8080", "http://localhost:8080"},
		"http://localhost":                 {"http://127.0.0.1", "http://localhost"},
		"http://0.0.0.0:80":                {"http://127.0.0.1", "http://localhost"},
		"https://press.example.com:443":    {"https://press.example.com"},
		"https://[2001:db8::1]:8443":       {"https://[2001:db8::1]:8443"},
		"http://[::]:8080":                 {"http://127.0.0.1:8080", "http://localhost:8080"},
	} {
		if got, err := pageOrigins(site); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", site, got, err, want)
		}
	}
}
