package mailtest

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// patience bounds a hang; nothing is said about how fast a message comes.
const patience = time.Minute

// To are the messages for an address that were taken so far.
func (s *Server) To(address string) []Message {
	var all []Message
	for _, m := range s.Received() {
		if strings.EqualFold(m.To, address) {
			all = append(all, m)
		}
	}
	return all
}

// Await waits for the n-th message, from 1, for an address.
func (s *Server) Await(t *testing.T, address string, n int) Message {
	t.Helper()
	late := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if all := s.To(address); len(all) >= n {
			return all[n-1]
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("message %d for %s has not come", n, address)
		}
	}
}

// Text is a message's body for readers that show plain text.
func (m Message) Text(t *testing.T) string {
	t.Helper()
	return m.Parts(t)["text/plain"]
}

// Code is the six digits in a message's text, or empty.
func (m Message) Code(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`\b\d{6}\b`).FindString(m.Text(t))
}
