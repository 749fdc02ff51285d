package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
	"subclip/feeds"
	"subclip/mail"
	"subclip/mail/mailtest"
	"subclip/newsletter"
	"subclip/portal"
	"subclip/queue"
	"subclip/storage"
	"subclip/storage/gateway"
	"subclip/webhooks"

	"github.com/gin-gonic/gin"
)

// shared is the Redis and the store of all tests.
var shared struct {
	redis queue.Config
	store storage.Config
}

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	code, err := withServers(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withServers(run func() int) (int, error) {
	dir, err := os.MkdirTemp("", "subclip-httpapi-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	redis, err := queue.StartServer(filepath.Join(dir, "redis"), &shared.redis)
	if err != nil {
		return 1, err
	}
	defer func() { _ = redis.Stop() }()
	l := httptest.NewServer(http.NotFoundHandler())
	address := l.Listener.Addr().String()
	l.Close()
	shared.store = storage.Config{Bucket: "subclip", Region: "us-east-1", PathStyle: true, URLExpiry: time.Hour}
	store, err := gateway.Start(address, filepath.Join(dir, "store"), &shared.store)
	if err != nil {
		return 1, err
	}
	defer func() { _ = store.Stop() }()
	return run(), nil
}

// site is the API on a database and a mailbox of the test's own.
type site struct {
	url      string
	box      *mailtest.Server
	accounts *accounts.Accounts
	catalog  *catalog.Catalog
	engine   *gin.Engine
	parts    Parts
	log      *journal
}

// generous are limits that are out of the way, since all tests share a Redis, and
// the cheapest hashes there can be.
func generous() accounts.Config {
	return accounts.Config{
		SessionLife: time.Hour, KeepRecord: time.Hour, HashMemory: 8, HashPasses: 1,
		SignInsPerAccount: 10000, SignInsPerAddress: 10000, CodesPerAddress: 10000, RegistrationsPerAddress: 10000,
	}
}

func start(t *testing.T, cfg Config) *site {
	t.Helper()
	return startWith(t, cfg, generous())
}

func startWith(t *testing.T, cfg Config, limits accounts.Config) *site {
	t.Helper()
	s := &site{box: mailtest.Start(t, nil), log: new(journal)}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	q, err := queue.New(shared.redis, log)
	check(t, err)
	db, err := database.Open(database.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "subclip.db")}, catalog.Migrations(), accounts.Migrations(), newsletter.Migrations(), webhooks.Migrations())
	check(t, err)
	check(t, db.Migrate(t.Context()))
	s.catalog, err = catalog.New(catalog.Config{Topics: []string{"culture:fr=Culture et société", "sport-football"}, KeepClips: time.Hour, KeepUploads: time.Hour, StaleAfter: time.Minute}, db, q, log)
	check(t, err)
	mailer := mailer(t, s.box)
	s.accounts, err = accounts.New(limits, db, mailer, q.Redis(), log)
	check(t, err)
	letters, err := newsletter.New(newsletter.Config{Rate: 600, Asks: 3}, newsletter.Parts{DB: db, Catalog: s.catalog, Queue: q, Mailer: mailer, Log: log})
	check(t, err)
	s.accounts.OnDeparture(func(ctx context.Context, left accounts.Departure) error {
		return errors.Join(s.catalog.ForgetPerson(ctx, left.PersonID), letters.Forget(ctx, left.EmailKey, left.At))
	})
	store, err := storage.New(t.Context(), shared.store)
	check(t, err)
	check(t, store.EnsureBucket(t.Context()))
	hooks, err := webhooks.New(webhooks.Config{Timeout: 10 * time.Second, Keep: time.Hour}, db, s.catalog, log)
	check(t, err)
	s.parts = Parts{DB: db, Catalog: s.catalog, Accounts: s.accounts, Newsletter: letters, Webhooks: hooks, Queue: q, Store: store, Log: log}
	keeping := portal.Setting{Name: "SUBCLIP_KEEP_CLIPS", Value: "1h", About: "how long a clip is kept, at least 1 minute"}
	pages, err := portal.New(portal.Parts{Settings: []portal.Setting{keeping}, Catalog: s.catalog, Accounts: s.accounts, Newsletter: letters, Webhooks: hooks, Store: store, SiteName: "Press", Link: mailer.Link, Log: log})
	check(t, err)
	s.parts.ErrorPage = pages.ShowError
	s.engine, err = New(t.Context(), cfg, s.parts, pages.Mount, func(e *gin.Engine) error {
		feeds.Mount(e, feeds.Parts{Catalog: s.catalog, Store: store, SiteName: "Press", Link: mailer.Link, Log: log})
		return nil
	})
	check(t, err)
	server := httptest.NewServer(s.engine)
	s.url = server.URL
	t.Cleanup(func() {
		server.Close()
		s.accounts.Close()
		check(t, db.Close())
		check(t, q.Close())
	})
	return s
}

// journal is a log that many write to, and tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps a line.
func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// client is a browser, or a program with a token.
type client struct {
	*site
	cookie string
	token  string
}

type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

func (a answer) text(field string) string {
	value, _ := a.body[field].(string)
	return value
}

func (a answer) must(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("the answer is %d, not %d: %s", a.status, status, a.raw)
	}
	if status >= 400 && (a.header.Get("Content-Type") != "application/problem+json" || a.text("detail") == "") {
		t.Errorf("the error is no problem: %s: %s", a.header.Get("Content-Type"), a.raw)
	}
	return a
}

// ask sends a request as a client and keeps the cookie that comes back.
func (c *client) ask(t *testing.T, method, path string, body any, header ...string) answer {
	t.Helper()
	var data io.Reader = http.NoBody
	if text, ok := body.(string); ok {
		data = strings.NewReader(text)
	} else if body != nil {
		encoded, err := json.Marshal(body)
		check(t, err)
		data = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.url+path, data)
	check(t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cookie != "" {
		req.Header.Set("Cookie", sessionCookie+"="+c.cookie)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	check(t, err)
	for _, cookie := range res.Cookies() {
		if cookie.Name == sessionCookie {
			c.cookie = cookie.Value
		}
	}
	a := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// mailer sends to a server of the test's, for the site https://press.example.
func mailer(t *testing.T, box *mailtest.Server) *mail.Mailer {
	t.Helper()
	m, err := mail.New(mail.Config{
		SiteURL: "https://press.example", From: "Press <press@example.com>", Host: box.Host, Port: box.Port, TLS: "none", Timeout: time.Minute,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const password = "Correct-Horse-7-Battery"

// fields is a JSON object.
type fields map[string]any

func applicant(email string) fields {
	return fields{"email": email, "password": password, "name": "Zoë Müller", "accept_terms": true, "return_to": "/?in=10:00:01:00"}
}

// person makes somebody with a role, signed in.
func (s *site) person(t *testing.T, email string, role accounts.Role) *client {
	t.Helper()
	_, err := s.accounts.Add(t.Context(), email, password, role, accounts.Profile{Name: "Zoë Müller"})
	check(t, err)
	return s.signedIn(t, email)
}

func (s *site) signedIn(t *testing.T, email string) *client {
	t.Helper()
	c := &client{site: s}
	c.ask(t, "POST", "/v1/sessions", fields{"email": email, "password": password}).must(t, 201)
	return c
}

// program makes a token of somebody who is signed in.
func (c *client) program(t *testing.T, scopes ...string) *client {
	t.Helper()
	a := c.ask(t, "POST", "/v1/tokens", fields{"name": "program", "scopes": scopes}).must(t, 201)
	return &client{site: c.site, token: a.text("token")}
}
