package newsletter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/database/databasetest"
	"subclip/mail"
	"subclip/mail/mailtest"
	"subclip/queue"
	"subclip/queue/queuetest"
	"subclip/timecode"
	"subclip/transcoder"

	"github.com/caarlos0/env/v11"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// doomedSender, in the environment, makes the test binary a sender, to be killed.
const doomedSender = "NEWSLETTER_TEST_DOOMED_SENDER"

func TestMain(m *testing.M) {
	if os.Getenv(doomedSender) == "" {
		queuetest.Main(func() (int, error) { return databasetest.Run(m.Run) })
	}
	code, err := sendUntilKilled(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// settings are a newsletter's, as a process reads them.
type settings struct {
	Database   database.Config
	Queue      queue.Config
	Mail       mail.Config
	Newsletter Config
	Catalog    catalog.Config
}

// harness is a newsletter with a database of the test's own, and a mail server.
type harness struct {
	*Newsletter
	settings settings
	server   *mailtest.Server
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, h *harness)) {
	t.Helper()
	for _, kind := range databasetest.Kinds() {
		t.Run(kind, func(t *testing.T) { test(t, start(t, kind)) })
	}
}

func start(t *testing.T, kind string) *harness {
	t.Helper()
	s, err := env.ParseAs[settings]()
	if err != nil {
		t.Fatal(err)
	}
	server := mailtest.Start(t, nil)
	s.Database = databasetest.New(t, kind)
	s.Queue.URL = queuetest.URL()
	s.Mail.SiteURL, s.Mail.From, s.Mail.Host, s.Mail.Port, s.Mail.TLS = "https://press.example.com", "Press <press@example.com>", server.Host, server.Port, "none"
	s.Catalog.Topics, s.Newsletter.Rate = []string{"politics", "culture"}, 60_000
	n, closeAll, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closeAll(); err != nil {
			t.Error(err)
		}
	})
	if err := n.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &harness{n, s, server}
}

// open makes a newsletter as a process does.
func open(s settings) (*Newsletter, func() error, error) {
	log := slog.New(slog.DiscardHandler)
	q, err := queue.New(s.Queue, log)
	if err != nil {
		return nil, nil, err
	}
	db, err := database.Open(s.Database, catalog.Migrations(), Migrations())
	if err != nil {
		return nil, nil, err
	}
	closeAll := func() error { return errors.Join(db.Close(), q.Close()) }
	c, err := catalog.New(s.Catalog, db, q, log)
	if err != nil {
		return nil, closeAll, err
	}
	mailer, err := mail.New(s.Mail, log)
	if err != nil {
		return nil, closeAll, err
	}
	n, err := New(s.Newsletter, Parts{DB: db, Catalog: c, Queue: q, Mailer: mailer, Log: log})
	return n, closeAll, err
}

// exec changes rows behind the newsletter's back.
func (h *harness) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	res, err := h.db.ExecContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("no row was changed: %v", err)
	}
}

// link finds a link's token in a message.
func link(t *testing.T, m mailtest.Message, path string) string {
	t.Helper()
	text := m.Parts(t)["text/plain"]
	found := regexp.MustCompile(`https://press\.example\.com` + path + `\?token=([A-Z0-9]+)`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no link to %s in\n%s", path, text)
	}
	return found[1]
}

// ask subscribes and returns the token of the link that comes.
func (h *harness) ask(t *testing.T, wish Wish) string {
	t.Helper()
	if err := h.Subscribe(t.Context(), wish); err != nil {
		t.Fatal(err)
	}
	return link(t, h.server.Only(t), ConfirmPath)
}

// subscribe makes a reader.
func (h *harness) subscribe(t *testing.T, wish Wish) Subscriber {
	t.Helper()
	reader, err := h.Confirm(t.Context(), h.ask(t, wish))
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// crowd makes many readers at once, behind the newsletter's back.
func (h *harness) crowd(t *testing.T, count int) []string {
	t.Helper()
	var rows []Subscriber
	var addresses []string
	now := database.Now()
	for i := range count {
		address := fmt.Sprintf("reader%04d@example.org", i)
		addresses = append(addresses, address)
		rows = append(rows, Subscriber{
			ID: database.NewID(), Address: address, AddressKey: address, Status: SubscriberActive, Language: "en",
			LeaveToken: "LEAVE" + strconv.Itoa(i), AskedAt: "[]", ConfirmUntil: now, CreatedAt: now, ChangedAt: now,
		})
	}
	for part := range slices.Chunk(rows, 500) {
		if _, err := h.db.NewInsert().Model(&part).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return addresses
}

// asset publishes an asset; it is ready, or still being processed.
func (h *harness) asset(t *testing.T, title string, ready bool) catalog.Asset {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	upload, _, err := h.catalog.NewUpload(t.Context(), "editor", catalog.Metadata{Title: title, Description: "What <it> shows", Filename: "film.mp4"}, 40<<20, catalog.Idempotency{})
	check(err)
	upload.StoreID = upload.ID
	upload, err = h.catalog.StoreUpload(t.Context(), upload)
	check(err)
	asset, err := h.catalog.CompleteUpload(t.Context(), "editor", upload.ID)
	check(err)
	if !ready {
		return asset
	}
	var jobID string
	check(h.db.NewSelect().Table("jobs").Column("id").Where("asset_id = ?", asset.ID).Scan(t.Context(), &jobID))
	job, claimed, err := h.catalog.Claim(t.Context(), jobID, 1, "worker")
	if err != nil || !claimed {
		t.Fatal(claimed, err)
	}
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	check(err)
	check(h.catalog.FinishStep(t.Context(), &job, catalog.Made{
		Source: &transcoder.Source{Timecode: base, Frames: 2250, Duration: 90}, ProxyKey: "proxy", PosterKey: "poster",
	}))
	asset, err = h.catalog.Asset(t.Context(), catalog.House(), asset.ID)
	check(err)
	return asset
}

func (h *harness) issue(t *testing.T, draft Draft) Issue {
	t.Helper()
	issue, err := h.CreateIssue(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	return issue
}

// news is a draft that needs no assets.
func news() Draft {
	return Draft{Editions: []Edition{{Language: "en", Subject: "News", Intro: "There is news."}}, AssetIDs: []string{}}
}

// send begins to send an issue.
func (h *harness) send(t *testing.T, id string) {
	t.Helper()
	if _, err := h.Send(t.Context(), id, nil); err != nil {
		t.Fatal(err)
	}
}

// run sends until the test ends, or stop is called.
func (h *harness) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- NewSender(h.Newsletter).Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("the sender does not stop")
		}
	}
	t.Cleanup(stop)
	return stop
}

// await waits until an issue is as wanted.
func (h *harness) await(t *testing.T, id, what string, so func(Issue, Progress) bool) Progress {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		issue, err := h.Issue(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		progress, err := h.Progress(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if so(issue, progress) {
			return progress
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s; the issue is %+v, %+v", patience, what, issue, progress)
		}
	}
}

func isSent(i Issue, _ Progress) bool { return i.Status == IssueSent }

// recipients counts how often each address got a message.
func recipients(received []mailtest.Message) map[string]int {
	count := map[string]int{}
	for _, m := range received {
		count[m.To]++
	}
	return count
}

func kindOf(err error) catalog.Kind {
	if mistake, ok := errors.AsType[*catalog.Error](err); ok {
		return mistake.Kind
	}
	return 0
}
