// Package said puts what the service says, which is English, into the languages of its pages.
//
// A page gets sentences made: from the API, in the process, and out of rows that may be
// years old. What they were made of, the format in the source, is known again by its fixed
// words. So a language's file has formats for keys; a test finds all formats that users may
// be told and fails where one has no words.
//
// In a language's words {1} stands for what the first verb of the format was filled with,
// put into the language where it is itself a sentence or a term. A part in brackets is left
// out where what it holds has no words: the sayings of tools, which only engineers read.
package said

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed *.json
var files embed.FS

// Words are what is said, in one language.
type Words struct {
	language string
	plain    map[string]string // of sentences in which nothing is filled in
	filled   []format          // the one with the most fixed words first
	terms    map[string]string // which sentences are filled with
	titles   map[string]string // of what the API can do
}

// format is a sentence with what is filled in.
type format struct {
	text    string // in the language
	pattern *regexp.Regexp
	verbs   string // a letter each
	fixed   int    // bytes
}

// Read reads the words of a language. English has words only for what pages say otherwise
// than programs are told; its other sentences are only set as such.
func Read(language string) (*Words, error) {
	data, err := files.ReadFile(language + ".json")
	if err != nil {
		return nil, fmt.Errorf("read what is said: %w", err)
	}
	var file struct{ Sentences, Terms, Reference map[string]string }
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("read what is said in %s: %w", language, err)
	}
	w := &Words{language: language, plain: map[string]string{}, terms: file.Terms, titles: file.Reference}
	for _, key := range slices.Sorted(maps.Keys(file.Sentences)) {
		if !verb.MatchString(key) {
			w.plain[key] = file.Sentences[key]
			continue
		}
		w.filled = append(w.filled, formatOf(key, file.Sentences[key]))
	}
	slices.SortStableFunc(w.filled, func(a, b format) int { return cmp.Compare(b.fixed, a.fixed) })
	return w, nil
}

// Title returns what a part or an operation of the API is called, or is for, in the language;
// ok is false where there are no words for it.
func (w *Words) Title(of string) (text string, ok bool) {
	if w.language == "en" {
		return of, true
	}
	text, ok = w.titles[of]
	return text, ok
}

// Say returns a sentence of the service's in the language; ok is false where there are no
// words for it.
func (w *Words) Say(sentence string) (text string, ok bool) {
	text, ok = w.find(sentence, 0)
	if !ok && w.language == "en" {
		text, ok = sentence, true
	}
	if !ok {
		return "", false
	}
	return whole(text), true
}

// deepest is how far sentences that others are filled with are looked at. To look for
// words takes all formats, and each sentence may hold another.
const deepest = 3

func (w *Words) find(sentence string, depth int) (text string, ok bool) {
	if text, ok = w.plain[sentence]; ok {
		return text, true
	}
	if depth > deepest {
		return "", false
	}
	for _, f := range w.filled {
		values := f.pattern.FindStringSubmatch(sentence)
		if values == nil {
			continue
		}
		return w.fill(f, values, depth), true
	}
	return "", false
}

var (
	place  = regexp.MustCompile(`\{(\d)\}`)
	places = regexp.MustCompile(`\[[^\]]*\]|` + place.String()) // and parts that may be left out
)

// fill puts values, the first of which is the sentence itself, into a format's text. What
// stands in quotes is somebody's own word.
func (w *Words) fill(f format, values []string, depth int) string {
	return places.ReplaceAllStringFunc(f.text, func(at string) string {
		optional := at[0] == '['
		all := true
		text := place.ReplaceAllStringFunc(strings.Trim(at, "[]"), func(at string) string {
			number := int(at[1] - '0')
			if f.verbs[number-1] == 'q' {
				return unquoted(values[number])
			}
			value, known := w.value(values[number], depth+1)
			all = all && known
			return value
		})
		if optional && !all {
			return ""
		}
		return text
	})
}

var (
	decimal = regexp.MustCompile(`^(\d+)\.(\d+)$`)
	lasting = regexp.MustCompile(`^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?$`)
)

// value is what fills a sentence, in the language; known is false where it has no words,
// as names have none.
func (w *Words) value(value string, depth int) (text string, known bool) {
	if text, known = w.terms[value]; known {
		return text, true
	}
	if text, known = w.find(value, depth); known {
		return part(text), true
	}
	if w.language == "en" {
		return value, true
	}
	if number := decimal.FindStringSubmatch(value); number != nil {
		return number[1] + "," + number[2], true
	}
	if span := lasting.FindStringSubmatch(value); span != nil && value != "" {
		return spanOf(span), true
	}
	return value, false
}

// spanOf writes hours, minutes and seconds with their units.
func spanOf(parts []string) string {
	var all []string
	for i, unit := range []string{"h", "min", "s"} {
		if n := strings.TrimLeft(parts[i+1], "0"); n != "" {
			all = append(all, n+"\u00a0"+unit)
		}
	}
	if len(all) == 0 {
		return "0\u00a0s"
	}
	return strings.Join(all, " ")
}

// verb is what a format is filled at, as package fmt writes it.
var verb = regexp.MustCompile(`%[-+# 0]*(?:\d+|\*)?(?:\.\d+)?([a-zA-Z])`)

// formatOf reads a format as it stands in the source.
func formatOf(source, text string) format {
	f := format{text: text}
	var out strings.Builder
	at := 0
	literal := func(text string) {
		text = strings.ReplaceAll(text, "%%", "%")
		f.fixed += len(text)
		out.WriteString(regexp.QuoteMeta(text))
	}
	for _, found := range verb.FindAllStringSubmatchIndex(source, -1) {
		literal(source[at:found[0]])
		at = found[1]
		kind := source[found[2]:found[3]]
		f.verbs += kind
		switch kind {
		case "q":
			out.WriteString(`"((?:[^"\\]|\\.)*)"`)
		case "d":
			out.WriteString(`(-?\d+)`)
		case "f":
			out.WriteString(`(-?\d+(?:\.\d+)?)`)
		default:
			out.WriteString(`(.*?)`)
		}
	}
	literal(source[at:])
	f.pattern = regexp.MustCompile(`(?s)^` + out.String() + `$`)
	return f
}

// whole makes of a text a sentence: with a capital at its beginning and a stop at its end.
func whole(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, "._/") {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	words := strings.Fields(text)
	if len(words) == 0 || strings.ContainsAny(strings.TrimSuffix(words[len(words)-1], "."), "@./") {
		return text // an address, which a stop would make another one
	}
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(`)»"]`, last) {
		text += "."
	}
	return text
}

// part makes of a sentence a part of another one.
func part(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); unicode.IsLower(second) || second == ' ' || second == '\'' {
		text = string(unicode.ToLower(first)) + text[size:]
	}
	return strings.TrimSuffix(text, ".")
}

// unquoted undoes what %q does to a value.
func unquoted(value string) string {
	if plain, err := strconv.Unquote(`"` + value + `"`); err == nil {
		return plain
	}
	return value
}
