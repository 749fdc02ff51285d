package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"subclip/mail"

	"github.com/uptrace/bun"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Role is what a person may do; each may do what those before it may.
type Role string

// The roles, from the least.
const (
	Viewer       Role = "viewer"       // browse and watch proxies; whoever is not signed in
	Professional Role = "professional" // download, clip, order
	Editor       Role = "editor"       // ingest, publish
	Admin        Role = "admin"        // manage people
)

// Roles lists the roles from the least.
func Roles() []Role { return []Role{Viewer, Professional, Editor, Admin} }

// AtLeast reports whether a role may do what least may. An unknown role may
// nothing.
func (r Role) AtLeast(least Role) bool {
	mine := slices.Index(Roles(), r)
	return mine >= 0 && mine >= slices.Index(Roles(), least)
}

// Valid reports whether there is such a role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Profile is what people say of themselves.
type Profile struct {
	Name         string
	Organisation string
	MediaRole    string // their role in the media, such as "journalist"
	Country      string // ISO 3166-1 code of two letters, or empty
	Language     string // BCP 47 tag, or empty
}

// Person is someone with an account.
type Person struct {
	bun.BaseModel `bun:"table:people,alias:person"`

	ID       string `bun:",pk"`
	Email    string // as mail goes there
	EmailKey string // what makes two addresses one
	Profile
	Role         Role
	PasswordHash string
	TOTPSecret   string    `bun:"totp_secret"`  // base32; empty without a second factor
	TOTPPending  string    `bun:"totp_pending"` // one that is being set up
	TOTPStep     int64     `bun:"totp_step"`    // of the last code that was used
	LimitTimes   *int      // how many times the usual limits they have, 0 for none; nil where their role decides
	TermsAt      time.Time `bun:",nullzero"` // when the terms were accepted
	ConfirmedAt  time.Time // when the address was proved
	CreatedAt    time.Time
}

// Limits of a profile, in characters.
const (
	maxName  = 200
	maxWords = 200
)

// check brings a profile into the form in which it is stored, or says what is
// wrong with it.
func (p *Profile) check() error {
	for _, field := range []struct {
		name     string
		text     *string
		required bool
		limit    int
	}{
		{"name", &p.Name, true, maxName}, {"organisation", &p.Organisation, false, maxWords}, {"media_role", &p.MediaRole, false, maxWords},
	} {
		text, err := line(field.name, *field.text, field.limit)
		if err != nil {
			return err
		}
		if field.required && text == "" {
			return invalid(field.name, "the %s is empty: fill it in", field.name)
		}
		*field.text = text
	}
	p.Country = strings.ToUpper(strings.TrimSpace(p.Country))
	if p.Country != "" {
		region, err := language.ParseRegion(p.Country)
		if err != nil || len(p.Country) != 2 || !region.IsCountry() {
			return invalid("country", "this is not a country's code of two letters, such as FR")
		}
	}
	p.Language = strings.TrimSpace(p.Language)
	if p.Language != "" {
		tag, err := language.Parse(p.Language)
		if err != nil {
			return invalid("language", "this is not a language tag, such as fr or pt-BR")
		}
		p.Language = tag.String()
	}
	return nil
}

// line is a text of one line, without what could pass for something else.
func line(field, text string, limit int) (string, error) {
	text = strings.TrimSpace(norm.NFC.String(text))
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, isHidden):
		return "", invalid(field, "the %s has characters that cannot be seen: write it on one line without them", field)
	case utf8.RuneCountInString(text) > limit:
		return "", invalid(field, "the %s has %d characters: use %d at most", field, utf8.RuneCountInString(text), limit)
	}
	return text, nil
}

// isHidden finds control characters, line breaks, and those that turn the
// direction of writing.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Bidi_Control, r)
}

// address reads an e-mail address and the key under which it is kept.
func address(typed string) (email, key string, err error) {
	email, err = mail.ParseAddress(typed)
	if err != nil {
		return "", "", invalid("email", "this is not an e-mail address: write it as name@example.com")
	}
	return email, mail.AddressKey(email), nil
}

// Person returns one person, or a NotFound Error.
func (a *Accounts) Person(ctx context.Context, id string) (*Person, error) {
	return a.findPerson(ctx, "id", id)
}

// findPerson looks for someone by a unique column.
func (a *Accounts) findPerson(ctx context.Context, column, value string) (*Person, error) {
	person := new(Person)
	err := a.db.NewSelect().Model(person).Where("? = ?", bun.Ident(column), value).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("there is no such person")
	}
	if err != nil {
		return nil, fmt.Errorf("look for a person: %w", err)
	}
	return person, nil
}

// byEmail is findPerson for addresses that may have no account: then it returns
// someone without an id, whose password nobody knows.
func (a *Accounts) byEmail(ctx context.Context, key string) (*Person, error) {
	person, err := a.findPerson(ctx, "email_key", key)
	if missing, ok := errors.AsType[*Error](err); ok && missing.Kind == NotFound {
		return &Person{PasswordHash: a.hasher.nobody}, nil
	}
	return person, err
}

// Update changes what a person says of themselves.
func (a *Accounts) Update(ctx context.Context, id string, profile Profile) error {
	if err := profile.check(); err != nil {
		return err
	}
	_, err := a.db.NewUpdate().Model((*Person)(nil)).Where("id = ?", id).
		Set("name = ?, organisation = ?, media_role = ?, country = ?, language = ?",
			profile.Name, profile.Organisation, profile.MediaRole, profile.Country, profile.Language).Exec(ctx)
	if err != nil {
		return fmt.Errorf("change a profile: %w", err)
	}
	return nil
}
