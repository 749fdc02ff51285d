package catalog

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// foldedWords are the words of a text without case and accents, which is how they are
// stored for searches and looked for, on both databases alike: "L'Œuvre d'été" is l,
// oeuvre, d and ete.
func foldedWords(text string) []string {
	var folded strings.Builder
	for _, r := range cases.Fold().String(norm.NFKD.String(text)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
			folded.WriteString(plain(r))
		case !unicode.Is(unicode.Mn, r): // an accent is left out
			folded.WriteByte(' ')
		}
	}
	return strings.Fields(folded.String())
}

// plain writes letters that have no decomposition as those who look for them do.
func plain(r rune) string {
	switch r {
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ı':
		return "i"
	}
	return string(r)
}
