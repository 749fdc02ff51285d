package portal

import (
	"regexp"
	"strings"
)

// French sets no-break spaces where one types plain ones: narrow before ; ! ? and %, within
// numbers and before units, full before : and within « ». Its apostrophe is curved.
var (
	beforeSign  = regexp.MustCompile(`[ \x{a0}]([;!?]|%(?:\PL|$))`)
	beforeColon = regexp.MustCompile(` :(\s|$)`)
	beforeUnit  = regexp.MustCompile(`(\d) (Mo|Go|ko|octets|s|min|h|ms|i/s)\b`)
	apostrophe  = regexp.MustCompile(`(\pL)'(\pL|\{)`)
)

// typeset writes a text as the language's printers do. The files of words are typed with
// plain spaces and straight apostrophes, which can be told from one another there.
func typeset(language, text string) string {
	if language != "fr" {
		return text
	}
	text = beforeSign.ReplaceAllString(text, "\u202f$1")
	text = beforeColon.ReplaceAllString(text, "\u00a0:$1")
	text = beforeUnit.ReplaceAllString(text, "$1\u00a0$2")
	text = apostrophe.ReplaceAllString(text, "$1’$2")
	return strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»").Replace(text)
}
