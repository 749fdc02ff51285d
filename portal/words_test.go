package portal

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"subclip/catalog"
	"subclip/mail"
)

// keysOf reads the keys of a file of words: the names on the way to each text, joined
// by dots. A message with plural forms is one key.
func keysOf(t *testing.T, name string) []string {
	t.Helper()
	data, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var keys []string
	var walk func(prefix string, at map[string]any)
	walk = func(prefix string, at map[string]any) {
		for key, value := range at {
			switch value := value.(type) {
			case string:
				if strings.TrimSpace(value) == "" {
					t.Errorf("%s: %s%s is empty", name, prefix, key)
				}
				keys = append(keys, prefix+key)
			case map[string]any:
				if _, plural := value["other"]; plural {
					keys = append(keys, prefix+key)
					continue
				}
				walk(prefix+key+".", value)
			default:
				t.Errorf("%s: %s%s is no text", name, prefix, key)
			}
		}
	}
	walk("", root)
	slices.Sort(keys)
	return keys
}

// TestEveryLanguageIsComplete finds words that one language has and another lacks.
func TestEveryLanguageIsComplete(t *testing.T) {
	names, err := fs.Glob(files, "words/*.en.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no words: %v", err)
	}
	for _, name := range names {
		want := keysOf(t, name)
		for _, language := range mail.Languages()[1:] {
			other := strings.Replace(name, ".en.", "."+language+".", 1)
			got := keysOf(t, other)
			for _, key := range want {
				if !slices.Contains(got, key) {
					t.Errorf("%s lacks %s", other, key)
				}
			}
			for _, key := range got {
				if !slices.Contains(want, key) {
					t.Errorf("%s has %s, which %s lacks", other, key, name)
				}
			}
		}
	}
}

// TestTemplatesUseKnownWords finds words that a template asks for and nobody wrote.
func TestTemplatesUseKnownWords(t *testing.T) {
	known := map[string]bool{}
	names, err := fs.Glob(files, "words/*.en.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for _, key := range keysOf(t, name) {
			known[key] = true
		}
	}
	used := map[string]bool{}
	asks := regexp.MustCompile(`[({]t "([^"]+)"`)
	err = fs.WalkDir(files, "templates", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		for _, found := range asks.FindAllSubmatch(data, -1) {
			used[string(found[1])] = true
		}
		return err
	})
	if err != nil || len(used) < 10 {
		t.Fatalf("%d words in the templates, %v", len(used), err)
	}
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if !known[key] {
			t.Errorf("a template asks for %q, which nobody wrote", key)
		}
	}
}

// TestKindsHaveWords finds parts of the password's rule and kinds of events that the pages
// have no words for.
func TestKindsHaveWords(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	need := func(key string) {
		t.Helper()
		for _, language := range mail.Languages() {
			if text, err := w.find(language, key); err != nil || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s: %q, %v", key, language, text, err)
			}
		}
	}
	for _, part := range passwordRule() {
		need("rule." + part)
	}
	for _, kind := range catalog.EventKinds() {
		need("event." + string(kind))
	}
}

// TestActionsHaveWords finds what is put on record and has no name on the record's page.
func TestActionsHaveWords(t *testing.T) {
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	action := regexp.MustCompile(`(?m)^(?:const)?\s+\w+\s+(?:accounts\.)?Action\s+= "([^"]+)"`)
	found := 0
	for _, pattern := range []string{"../accounts/*.go", "../httpapi/*.go"} {
		sources, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			text, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range action.FindAllStringSubmatch(string(text), -1) {
				found++
				if _, err := words.find("en", "action."+name[1]); err != nil {
					t.Errorf("%s of %s has no words", name[1], source)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d actions were found", found)
	}
}

// TestTypeset sets French as its printers do, and leaves English, addresses and times alone.
func TestTypeset(t *testing.T) {
	for text, want := range map[string]string{
		"Oublié ? Oui ; non : « l'été » !":      "Oublié\u202f? Oui\u202f; non\u00a0: «\u00a0l’été\u00a0»\u202f!",
		"50 % de 3,5 Mo, à 25 i/s":              "50\u202f% de 3,5\u00a0Mo, à 25\u00a0i/s",
		"https://exemple.fr/?a=b à 10:00:00:00": "https://exemple.fr/?a=b à 10:00:00:00",
		"Il manque encore : %s":                 "Il manque encore\u00a0: %s",
	} {
		if got := typeset("fr", text); got != want {
			t.Errorf("%q became %q", text, got)
		}
		if got := typeset("en", text); got != text {
			t.Errorf("in English, %q became %q", text, got)
		}
	}
}
