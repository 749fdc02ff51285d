package accounts

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"subclip/database"
	"subclip/database/databasetest"
	"subclip/mail"
	"subclip/mail/mailtest"
	"subclip/queue/queuetest"

	"github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) {
	queuetest.Main(func() (int, error) { return databasetest.Run(m.Run) })
}

// house is accounts on a database, a Redis key space and a mailbox of the test's own.
type house struct {
	*Accounts
	box *mailtest.Server
}

// Config with the cheapest hashes there can be, and limits that are out of the way.
func config() Config {
	return Config{
		SessionLife: time.Hour, KeepRecord: time.Hour, HashMemory: 8, HashPasses: 1,
		SignInsPerAccount: 1000, SignInsPerAddress: 1000, CodesPerAddress: 1000, RegistrationsPerAddress: 1000,
	}
}

// at is an origin that no other test shares, since all share a Redis.
func at(t *testing.T) Origin {
	return Origin{Address: t.Name(), Agent: "Test/1.0"}
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	for _, kind := range databasetest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, kind, config()))
		})
	}
}

func open(t *testing.T, kind string, cfg Config) *house {
	t.Helper()
	db, err := database.Open(databasetest.New(t, kind), Migrations())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(queuetest.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	box := mailtest.Start(t, nil)
	a, err := New(cfg, db, mailer(t, box), client, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		a.Close()
		_ = client.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &house{a, box}
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

func registration(email string) Registration {
	return Registration{
		Email: email, Password: password, AcceptTerms: true, ReturnTo: "/assets/7?in=10:00:01:00&out=10:00:02:00",
		Profile: Profile{Name: "Zoë Müller", Organisation: "Ö1", MediaRole: "journalist", Country: "at", Language: "fr-ca"},
	}
}

// member makes somebody who has confirmed their address.
func (h *house) member(t *testing.T, email string) SignedIn {
	t.Helper()
	ticket := must[Ticket](t)(h.Register(t.Context(), registration(email), at(t)))
	return must[SignedIn](t)(h.ConfirmRegistration(t.Context(), ticket.ID, h.box.Await(t, email, 1).Code(t), at(t)))
}

// later brings all waits of codes to an end, as time would.
func (h *house) later(t *testing.T) {
	t.Helper()
	if _, err := h.db.ExecContext(t.Context(), "UPDATE code_waits SET next_at = ?", database.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
}

func (h *house) count(t *testing.T, table string) int {
	t.Helper()
	n, err := h.db.NewSelect().Table(table).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func must[T any](t *testing.T) func(value T, err error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// refused checks that an Error is of a kind and has words.
func refused(t *testing.T, err error, kind Kind, field, words string) {
	t.Helper()
	refusal, ok := errors.AsType[*Error](err)
	if !ok || refusal.Kind != kind || refusal.Field != field || !strings.Contains(refusal.Message, words) {
		t.Errorf("the error is %#v (%v), want kind %d, field %q, words %q", refusal, err, kind, field, words)
	}
}

// together calls f n times at once and returns the errors.
func together(ctx context.Context, n int, f func(ctx context.Context, i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = f(ctx, i)
		})
	}
	close(start)
	all.Wait()
	return errs
}
