package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"
)

const (
	leastPassword = 12  // characters
	maxPassword   = 256 // bytes
)

// CheckPassword names every part of the rule that a password does not meet. The
// person's address and name may be empty. A letter of a script that has no case
// counts as both.
func CheckPassword(password, email, name string) []string {
	password = norm.NFC.String(password)
	has := func(kinds ...func(rune) bool) bool {
		return strings.ContainsFunc(password, func(r rune) bool {
			return slices.ContainsFunc(kinds, func(is func(rune) bool) bool { return is(r) })
		})
	}
	var unmet []string
	for _, part := range []struct {
		met  bool
		need string
	}{
		{utf8.ValidString(password), "characters that can be read"},
		{utf8.RuneCountInString(password) >= leastPassword, "at least 12 characters"},
		{len(password) <= maxPassword, "at most 256 bytes"},
		{!has(unicode.IsSpace, unicode.IsControl), "no spaces"},
		{has(unicode.IsUpper, unicode.IsTitle, isCaseless), "an upper-case letter"},
		{has(unicode.IsLower, isCaseless), "a lower-case letter"},
		{has(unicode.IsDigit), "a digit"},
		{has(unicode.IsPunct, unicode.IsSymbol), "a symbol, such as ! or -"},
		{!resembles(password, email) && !contains(password, email), "to be something other than your e-mail address"},
		{!resembles(password, name), "to be something other than your name"},
	} {
		if !part.met {
			unmet = append(unmet, part.need)
		}
	}
	return unmet
}

func isCaseless(r rune) bool {
	return unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsLower(r) && !unicode.IsTitle(r)
}

// resembles reports whether a password has the letters of a name, or of the local
// part of an address, and no others.
func resembles(password, known string) bool {
	known, _, _ = strings.Cut(known, "@")
	return letters(known) != "" && letters(password) == letters(known)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
}

func contains(password, email string) bool {
	return email != "" && strings.Contains(strings.ToLower(password), strings.ToLower(email))
}

// NewPassword draws a password that meets the rule.
func NewPassword() string {
	for {
		password := rand.Text()[:10] + "-" + strings.ToLower(rand.Text()[:10])
		if len(CheckPassword(password, "", "")) == 0 {
			return password
		}
	}
}

// checkPassword is CheckPassword as an Error.
func checkPassword(password, email, name string) error {
	unmet := CheckPassword(password, email, name)
	if len(unmet) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Field: "password", Message: "the password needs " + strings.Join(unmet, ", "), Parts: unmet}
}

// hasher hashes passwords and codes, no more at once than the machine has
// processors, so that those who try to sign in cannot take all its memory.
type hasher struct {
	params argon2id.Params
	room   *semaphore.Weighted
	nobody string // the hash of a password that nobody knows, for work in vain
}

func newHasher(cfg Config) (*hasher, error) {
	h := &hasher{
		params: argon2id.Params{
			Memory: cfg.HashMemory << 10, Iterations: cfg.HashPasses, Parallelism: 1, SaltLength: 16, KeyLength: 32,
		},
		room: semaphore.NewWeighted(int64(runtime.NumCPU())),
	}
	var err error
	h.nobody, err = h.hash(context.Background(), rand.Text())
	return h, err
}

// hash returns a PHC string, which holds the parameters.
func (h *hasher) hash(ctx context.Context, secret string) (string, error) {
	if err := h.room.Acquire(ctx, 1); err != nil {
		return "", fmt.Errorf("wait to hash: %w", err)
	}
	defer h.room.Release(1)
	hash, err := argon2id.CreateHash(norm.NFC.String(secret), &h.params)
	if err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	return hash, nil
}

// verify compares a secret with a hash. stale says that the hash was made with
// less than is set now.
func (h *hasher) verify(ctx context.Context, secret, hash string) (same, stale bool, err error) {
	if err := h.room.Acquire(ctx, 1); err != nil {
		return false, false, fmt.Errorf("wait to compare: %w", err)
	}
	defer h.room.Release(1)
	if len(secret) > maxPassword {
		secret = "" // too long to be one: the work is the same
	}
	same, params, err := argon2id.CheckHash(norm.NFC.String(secret), hash)
	if err != nil {
		return false, false, fmt.Errorf("compare with a hash: %w", err)
	}
	return same, params.Memory < h.params.Memory || params.Iterations < h.params.Iterations, nil
}
