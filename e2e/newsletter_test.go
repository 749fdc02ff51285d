package e2e

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"subclip/mail/mailtest"
)

// TestNewsletter goes the way of a reader and of an editor, with a real mail server:
// subscribe, confirm by the link, get an issue, leave by the link.
func TestNewsletter(t *testing.T) {
	server := mailtest.Start(t, nil)
	for name, value := range map[string]string{
		"SUBCLIP_SMTP_HOST": server.Host, "SUBCLIP_SMTP_PORT": strconv.Itoa(server.Port), "SUBCLIP_SMTP_TLS": "none",
		"SUBCLIP_MAIL_FROM": "Press <press@example.com>", "SUBCLIP_SITE_URL": "https://press.example.com",
		"SUBCLIP_TOPICS": "politics,culture",
	} {
		t.Setenv(name, value)
	}
	s, _ := startUp(t, t.TempDir(), "--no-sample")
	asset := s.ingest(tools.short, "Arrivée à l'aéroport")

	// Letters and feeds lead to the asset's page, and feeds to what it shows.
	if page := s.ask(http.MethodGet, "/assets/"+asset, nil).must(t, http.StatusOK); !strings.Contains(page.raw, "Arrivée") {
		t.Errorf("the asset's page is\n%s", page.raw)
	}
	s.ask(http.MethodGet, "/assets/nothing", nil).must(t, http.StatusNotFound)
	if feed := s.ask(http.MethodGet, "/feeds/assets.rss", nil).must(t, http.StatusOK); !strings.Contains(feed.raw, "https://press.example.com/feeds/assets/"+asset+"/proxy") {
		t.Errorf("the feed is\n%s", feed.raw)
	}
	proxy, _ := fetch(t, s.url+"/feeds/assets/"+asset+"/proxy")
	mustShow(t, proxy, 0, shortFrames)

	// A reader asks; the answer is the same for everyone.
	wish := map[string]any{"address": "jo@example.org", "language": "fr", "topics": []string{"culture"}}
	first := s.ask(http.MethodPost, "/v1/newsletter/subscriptions", wish).must(t, http.StatusAccepted)
	confirm := pageOf(t, server.Only(t), "/newsletter/confirm")
	if page := s.ask(http.MethodGet, confirm, nil).must(t, http.StatusOK); !strings.Contains(page.raw, "Oui, envoyez-la") {
		t.Errorf("the page is not French:\n%s", page.raw)
	}
	s.ask(http.MethodPost, "/v1/newsletter/subscriptions", map[string]string{"address": "not an address"}).must(t, http.StatusUnprocessableEntity)

	draft := map[string]any{"topics": []string{"culture"}, "editions": []map[string]string{
		{"language": "en", "subject": "The week", "intro": "Hello."}, {"language": "fr", "subject": "La semaine", "intro": "Bonjour."},
	}}
	issue := s.ask(http.MethodPost, "/v1/newsletter/issues", draft).must(t, http.StatusCreated).text("id")
	// Opening the link has changed nothing: scanners open links.
	s.ask(http.MethodPost, "/v1/newsletter/issues/"+issue+"/send", nil).must(t, http.StatusConflict)
	for range 2 {
		if page := s.send(http.MethodPost, confirm, nil, form(s)...).must(t, http.StatusOK); !strings.Contains(page.raw, "vous recevrez la lettre") {
			t.Errorf("the page says\n%s", page.raw)
		}
	}
	if again := s.ask(http.MethodPost, "/v1/newsletter/subscriptions", wish).must(t, http.StatusAccepted); again.raw != first.raw {
		t.Errorf("the answer tells that the address is known: %s, %s", first.raw, again.raw)
	}
	server.Only(t)

	// An editor looks at the issue and sends it.
	preview := s.ask(http.MethodGet, "/v1/newsletter/issues/"+issue+"/preview?language=fr", nil).must(t, http.StatusOK)
	if preview.text("subject") != "La semaine" || !strings.Contains(preview.text("text"), "Arrivée à l'aéroport") || !strings.Contains(preview.text("html"), asset) {
		t.Errorf("the preview is %s", preview.raw)
	}
	if out := s.command(0, "newsletter", "send", issue, "--wait", "--server", s.url); !strings.Contains(out, "sent: 1 of 1 sent") {
		t.Errorf("newsletter send says %s", out)
	}
	if out := s.command(0, "newsletter", "list", "--server", s.url); !strings.Contains(out, issue) || !strings.Contains(out, "1/1") {
		t.Errorf("newsletter list says %s", out)
	}
	letter := server.Only(t)
	entity := letter.Entity(t)
	if subject, _ := entity.Header.Text("Subject"); subject != "La semaine" || letter.To != "jo@example.org" {
		t.Errorf("%s got %q", letter.To, subject)
	}

	// A mail program leaves by itself (RFC 8058), and the reader clicks as well.
	leave := pageOf(t, letter, "/newsletter/unsubscribe")
	if got := entity.Header.Get("List-Unsubscribe"); got != "<https://press.example.com"+leave+">" || entity.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe is %s", got)
	}
	if page := s.ask(http.MethodGet, leave, nil).must(t, http.StatusOK); !strings.Contains(page.raw, "Se désabonner") {
		t.Errorf("the page says\n%s", page.raw)
	}
	s.mustReaders(t, "active", 1)
	oneClick := s.send(http.MethodPost, leave, strings.NewReader("List-Unsubscribe=One-Click"), "Content-Type", "application/x-www-form-urlencoded").must(t, http.StatusOK)
	byHand := s.send(http.MethodPost, leave, nil, form(s)...).must(t, http.StatusOK)
	if oneClick.raw != byHand.raw || !strings.Contains(byHand.raw, "ne recevra plus") {
		t.Errorf("the second answer differs:\n%s\n%s", oneClick.raw, byHand.raw)
	}
	s.mustReaders(t, "unsubscribed", 1)
	s.send(http.MethodPost, "/newsletter/unsubscribe?token=nobody", nil).must(t, http.StatusNotFound)
	s.send(http.MethodPost, leave, nil, "Origin", "https://evil.example.com", "Sec-Fetch-Site", "cross-site").must(t, http.StatusForbidden)
}

// form is what a browser adds to a form of the site's own.
func form(s *service) []string {
	return []string{"Origin", s.url, "Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"}
}

func (s *service) mustReaders(t *testing.T, status string, want int) {
	t.Helper()
	list := s.ask(http.MethodGet, "/v1/newsletter/subscribers?status="+status, nil).must(t, http.StatusOK)
	if readers, _ := list.body["subscribers"].([]any); len(readers) != want {
		t.Errorf("%d readers are %s, want %d: %s", len(readers), status, want, list.raw)
	}
}

// pageOf finds a link to a page in a message.
func pageOf(t *testing.T, m mailtest.Message, path string) string {
	t.Helper()
	found := regexp.MustCompile(`https://press\.example\.com(` + path + `\?token=[A-Z0-9]+)`).FindStringSubmatch(m.Parts(t)["text/plain"])
	if found == nil {
		t.Fatalf("there is no link to %s in\n%s", path, m.Data)
	}
	return found[1]
}
