package storage

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

const maxFilename = 120

// SafeFilename makes a name that every file system takes out of words and an
// extension (".mp4"): letters and digits of any script stay, everything else
// becomes one hyphen. It is never empty and never starts with a dot.
func SafeFilename(words, extension string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(words) {
		// A mark belongs to the letter before it: an emoji's would be a name
		// that nobody can see.
		onLetter := unicode.IsMark(r) && !gap && b.Len() > 0
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !onLetter {
			gap = b.Len() > 0
			continue
		}
		if b.Len()+5 > maxFilename {
			break
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		b.WriteString("video")
	}
	return b.String() + extension
}

// Names are the names that are taken in one folder. File systems that do not tell
// capitals from small letters must be able to hold them all.
type Names map[string]bool

// Unique takes a name: as it is, or with the first number before its extension that
// makes it another one.
func (n Names) Unique(name string) string {
	ext := path.Ext(name)
	for i, try := 2, name; ; i++ {
		if key := strings.ToLower(try); !n[key] {
			n[key] = true
			return try
		}
		try = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), i, ext)
	}
}

// ContentDisposition is the header that makes a browser save under filename:
// a plain ASCII name for old clients and the real one in UTF-8 (RFC 6266).
func ContentDisposition(filename string) string {
	// A query's escaping leaves nothing bare that the header's grammar forbids
	// (RFC 8187); a path's leaves ":", "=" and "@".
	escaped := strings.ReplaceAll(url.QueryEscape(filename), "+", "%20")
	return `attachment; filename="` + asciiName(filename) + `"; filename*=UTF-8''` + escaped
}

func asciiName(name string) string {
	unaccented, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), name)
	if err != nil {
		unaccented = name
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/%`, r) {
			return '_'
		}
		return r
	}, unaccented)
}
