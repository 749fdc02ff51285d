package httpapi

import (
	"strings"
	"testing"

	"subclip/accounts"
)

// TestIssueIsOnRecord publishes an issue of the newsletter: the record says who did.
func TestIssueIsOnRecord(t *testing.T) {
	s := start(t, Config{})
	editor, admin := s.person(t, "ed@example.com", accounts.Editor), s.person(t, "admin@example.com", accounts.Admin)
	draft := fields{"editions": []fields{{"language": "en", "subject": "Our news", "intro": "There is news."}}, "asset_ids": []string{}}
	path := "/v1/newsletter/issues/" + editor.ask(t, "POST", "/v1/newsletter/issues", draft).must(t, 201).text("id") + "/send"
	editor.ask(t, "POST", path, nil).must(t, 409) // nobody reads it
	editor.ask(t, "POST", "/v1/newsletter/subscriptions", fields{"address": "ed@example.com"}).must(t, 202)
	editor.ask(t, "POST", path, nil).must(t, 202)
	record := admin.ask(t, "GET", "/v1/audit", nil).must(t, 200).raw
	if strings.Count(record, `"action":"issue-sent"`) != 1 || !strings.Contains(record, `"detail":"Our news"`) {
		t.Errorf("the record is %s", record)
	}
}
