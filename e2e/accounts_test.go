package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"subclip/mail/mailtest"
)

// browser is a service seen with the cookie of a session.
type browser struct {
	*service
	cookie string
}

func (b *browser) ask(method, path string, body any) answer {
	b.t.Helper()
	a := b.service.ask(method, path, body, "Cookie", b.cookie)
	if set := a.header.Get("Set-Cookie"); set != "" {
		b.cookie, _, _ = strings.Cut(set, ";")
	}
	return a
}

// TestAccounts registers with the code of a real message, signs in, resets, comes
// back to the marks, takes a token, makes a clip with it, and is refused what the
// role forbids.
func TestAccounts(t *testing.T) {
	box := mailtest.Start(t, nil)
	for name, value := range map[string]string{
		"SUBCLIP_SMTP_HOST": "127.0.0.1", "SUBCLIP_SMTP_PORT": strconv.Itoa(box.Port), "SUBCLIP_SMTP_TLS": "none", "SUBCLIP_MAIL_FROM": "Press <press@example.com>",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	s, _ := startUp(t, dir, "--no-sample")
	asset := s.ingest(tools.short, "Film")
	const email, first, second = "Zoe.O'Hara+press@example.com", "Correct-Horse-7-Battery", "Another-Password-1!"
	page := "/?asset=" + asset + "&in=10:00:01:00&out=10:00:02:00"
	stranger := &service{t: t, url: s.url}
	zoe := &browser{service: stranger}
	clip := clipBody(asset, nil, "10:00:01:00", "10:00:02:00")

	if watched := stranger.ask(http.MethodGet, "/v1/assets/"+asset, nil).must(t, http.StatusOK); watched.text("proxy_url") == "" {
		t.Error("a stranger cannot watch")
	}
	mustBeProblem(t, stranger.ask(http.MethodPost, "/v1/clips", clip).must(t, http.StatusUnauthorized))
	ticket := zoe.ask(http.MethodPost, "/v1/registrations", map[string]any{
		"email": email, "password": first, "name": "Zoë O'Hara", "organisation": "Ö1", "media_role": "journalist", "country": "AT", "language": "fr",
		"accept_terms": true, "return_to": page,
	}).must(t, http.StatusAccepted)
	message := box.Await(t, email, 1)
	in := zoe.ask(http.MethodPost, "/v1/registrations/"+ticket.text("id")+"/confirm", map[string]string{"code": message.Code(t)}).must(t, http.StatusOK)
	if in.text("return_to") != page {
		t.Errorf("the marks are lost: %s", in.raw)
	}
	zoe.ask(http.MethodDelete, "/v1/sessions/current", nil).must(t, http.StatusNoContent)

	reset := zoe.ask(http.MethodPost, "/v1/password-resets", map[string]string{"email": strings.ToLower(email), "return_to": page}).must(t, http.StatusAccepted)
	if a := zoe.ask(http.MethodPost, "/v1/codes/"+reset.text("id")+"/resend", nil).must(t, http.StatusTooManyRequests); a.header.Get("Retry-After") == "" {
		t.Error("it is not said when a new code can be sent")
	}
	zoe.ask(http.MethodPost, "/v1/password-resets/"+reset.text("id")+"/confirm", map[string]string{"code": "0", "password": second}).must(t, http.StatusUnprocessableEntity)
	back := zoe.ask(http.MethodPost, "/v1/password-resets/"+reset.text("id")+"/confirm",
		map[string]string{"code": box.Await(t, email, 2).Code(t), "password": second}).must(t, http.StatusOK)
	zoe.ask(http.MethodPost, "/v1/sessions", map[string]string{"email": email, "password": first}).must(t, http.StatusUnauthorized)
	in = zoe.ask(http.MethodPost, "/v1/sessions", map[string]string{"email": email, "password": second, "return_to": back.text("return_to")}).must(t, http.StatusCreated)
	if in.text("return_to") != page {
		t.Errorf("the marks are lost: %s", in.raw)
	}

	wanted := map[string]any{"name": "newsroom", "scopes": []string{"read", "download"}}
	program := &service{t: t, url: s.url, token: zoe.ask(http.MethodPost, "/v1/tokens", wanted).must(t, http.StatusCreated).text("token")}
	made := program.clip(asset, nil, "10:00:01:00", "10:00:02:00")
	path, _ := fetch(t, made.text("url"))
	mustShow(t, path, 25, 50)
	zoe.ask(http.MethodGet, "/v1/clips/"+made.text("id"), nil).must(t, http.StatusOK)
	for _, other := range []*service{s, stranger} {
		if a := other.ask(http.MethodGet, "/v1/clips/"+made.text("id"), nil); a.status != http.StatusNotFound && a.status != http.StatusUnauthorized {
			t.Errorf("another person's clip is %d", a.status)
		}
	}
	mustBeProblem(t, program.ask(http.MethodPost, "/v1/uploads", map[string]any{"title": "x", "filename": "x.mp4", "size": 1}).must(t, http.StatusForbidden))
	mustBeProblem(t, program.ask(http.MethodGet, "/v1/people", nil).must(t, http.StatusForbidden))
	if out := s.command(0, "user", "list", "--data", dir); !strings.Contains(out, "Zoe.O'Hara+press@example.com  professional") {
		t.Errorf("the list of people is %s", out)
	}
	s.command(0, "user", "role", strings.ToUpper(email), "editor", "--data", dir)
	zoe.ask(http.MethodGet, "/v1/me", nil).must(t, http.StatusUnauthorized) // a new role begins with a new sign-in
	s.command(2, "user", "add", "--role", "owner", "--email", "x@example.com", "--data", dir)
	s.command(1, "user", "add", "--role", "editor", "--email", email, "--data", dir)
}
