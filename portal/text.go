package portal

import "strings"

// maxSummary is the most letters of a description that search engines are given.
const maxSummary = 200

// summary is the beginning of a text, up to a word's end.
func summary(text string) string { return shorten(text, maxSummary) }

// shorten cuts a text off at a word's end, so that it has no more than most letters, and a
// sign that it goes on.
func shorten(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	cut := string(letters[:most-2])
	if end := strings.LastIndex(cut, " "); end > 0 {
		cut = cut[:end]
	}
	return cut + " …"
}

// paragraphs divides a text at its empty lines.
func paragraphs(text string) []string {
	var all []string
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
