// Package accounts knows people: who they are, how they sign in, and what they
// may do. It keeps them in SQL and tells them their codes by mail.
//
// Three things keep secrets. A password or a six-digit code is stored as argon2id
// with its parameters; a session's or token's random text as SHA-256, which is
// enough where nothing can be guessed.
//
// Nothing here tells whether an address has an account. What begins with an
// address that anybody can type (a registration, a reset, a sign-in) does the same
// work and gives the same answer either way; only the mail that goes to the
// address differs, and it goes out behind the answer. A registration therefore
// becomes an account only with its code, and the code works only with the id that
// was given to whoever registered: nobody's password gets into an account that
// somebody else has confirmed.
//
// Limits on guessing that must hold are rows in SQL (tries of a code, waits between
// codes). Redis only slows down who asks too often, so a Redis that is emptied or
// away gives nobody a right.
//
// Files: person.go and password.go for people; register.go, reset.go and change.go
// for what needs a code, code.go for codes; signin.go, session.go, factor.go and
// token.go for getting in; visitor.go for who asks; depart.go for what follows when
// somebody leaves; admin.go and audit.go for those who manage people; limit.go for
// limits.
package accounts

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"subclip/database"
	"subclip/mail"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Config says how long sign-ins last, how passwords are hashed, and how often
// someone may try.
type Config struct {
	SessionLife time.Duration `env:"SUBCLIP_SESSION_LIFE" envDefault:"720h" desc:"how long a sign-in lasts, 1 minute to 8784h"`
	HashMemory  uint32        `env:"SUBCLIP_HASH_MEMORY" envDefault:"64" desc:"MiB that hashing one password takes (argon2id), 8 to 1024; a stored password is hashed anew at the next sign-in when this rises"`
	HashPasses  uint32        `env:"SUBCLIP_HASH_PASSES" envDefault:"3" desc:"passes over that memory, 1 to 100"`

	KeepRecord time.Duration `env:"SUBCLIP_KEEP_RECORD" envDefault:"8784h" desc:"how long the record of sign-ins, changes of role and publications is kept, at least 1 hour"`

	SignInsPerAccount       int `env:"SUBCLIP_SIGN_INS_PER_ACCOUNT" envDefault:"20" desc:"tries to sign in to one account in a quarter of an hour, from 1"`
	SignInsPerAddress       int `env:"SUBCLIP_SIGN_INS_PER_ADDRESS" envDefault:"100" desc:"tries to sign in from one network address in a quarter of an hour, from 1"`
	CodesPerAddress         int `env:"SUBCLIP_CODES_PER_ADDRESS" envDefault:"100" desc:"codes asked for or tried from one network address in an hour, from 1"`
	RegistrationsPerAddress int `env:"SUBCLIP_REGISTRATIONS_PER_ADDRESS" envDefault:"30" desc:"registrations, and as many requests for the newsletter, from one network address in an hour, from 1"`
}

// Validate reports the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case c.SessionLife < time.Minute || c.SessionLife > 8784*time.Hour:
		return fmt.Errorf("SUBCLIP_SESSION_LIFE is %s: use 1m to 8784h", c.SessionLife)
	case c.HashMemory < 8 || c.HashMemory > 1024:
		return fmt.Errorf("SUBCLIP_HASH_MEMORY is %d: use 8 to 1024", c.HashMemory)
	case c.HashPasses < 1 || c.HashPasses > 100:
		return fmt.Errorf("SUBCLIP_HASH_PASSES is %d: use 1 to 100", c.HashPasses)
	}
	if c.KeepRecord < time.Hour {
		return fmt.Errorf("SUBCLIP_KEEP_RECORD is %s: use 1h or more", c.KeepRecord)
	}
	for name, limit := range map[string]int{
		"SUBCLIP_SIGN_INS_PER_ACCOUNT": c.SignInsPerAccount, "SUBCLIP_SIGN_INS_PER_ADDRESS": c.SignInsPerAddress,
		"SUBCLIP_CODES_PER_ADDRESS": c.CodesPerAddress, "SUBCLIP_REGISTRATIONS_PER_ADDRESS": c.RegistrationsPerAddress,
	} {
		if limit < 1 {
			return fmt.Errorf("%s is %d: use 1 or more", name, limit)
		}
	}
	return nil
}

// Accounts is the people of a site. It is safe for concurrent use.
type Accounts struct {
	cfg     Config
	db      *database.DB
	mailer  *mail.Mailer
	limiter *redis_rate.Limiter
	hasher  *hasher
	log     *slog.Logger
	mails   sync.WaitGroup // on their way out
	forget  func(context.Context, Departure) error
}

// New makes the accounts of an open database whose rooms include Migrations.
// Commands that only manage people need neither mailer nor Redis, which may then
// be nil.
func New(cfg Config, db *database.DB, mailer *mail.Mailer, client redis.UniversalClient, log *slog.Logger) (*Accounts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	h, err := newHasher(cfg)
	if err != nil {
		return nil, err
	}
	a := &Accounts{cfg: cfg, db: db, mailer: mailer, hasher: h, log: log}
	if client != nil {
		a.limiter = redis_rate.NewLimiter(client)
	}
	return a, nil
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the changes of the accounts' tables.
func Migrations() fs.FS { return migrations }

// Close waits for the messages that are on their way out.
func (a *Accounts) Close() { a.mails.Wait() }

// mailTime bounds one message; the mailer has a timeout per answer of the server.
const mailTime = 2 * time.Minute

// tell sends a message behind the answer, whose time must not say whether one was
// sent. One that does not go out is logged: whoever waits for it asks again.
func (a *Accounts) tell(ctx context.Context, kind mail.Kind, language, to string, data mail.Data) {
	if a.mailer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mailTime)
	a.mails.Go(func() {
		defer cancel()
		message, err := a.mailer.Compose(kind, language, to, data)
		if err == nil {
			err = a.mailer.Send(ctx, message)
		}
		if err != nil {
			a.log.Error("a message did not go out", "kind", kind, "error", err)
		}
	})
}

// resetLink is where messages send someone who wants a new password.
func (a *Accounts) resetLink() string {
	if a.mailer == nil {
		return ""
	}
	return a.mailer.Link("/reset", nil)
}
