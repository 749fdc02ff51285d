package mail

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"

	"subclip/mail/mailtest"
)

// Every kind has both templates in every language, and each says the same in all
// of them: it uses the same data.
func TestTemplatesAreComplete(t *testing.T) {
	want := []string{"layout.html"}
	for _, lang := range Languages() {
		for _, kind := range Kinds() {
			for _, extension := range []string{".txt", ".html"} {
				want = append(want, lang+"/"+string(kind)+extension)
			}
		}
	}
	var have []string
	err := fs.WalkDir(templates, "templates", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			have = append(have, strings.TrimPrefix(path, "templates/"))
		}
		return err
	})
	slices.Sort(want)
	slices.Sort(have)
	if err != nil || !slices.Equal(want, have) {
		t.Fatalf("there are the templates\n%v\nwant\n%v (%v)", have, want, err)
	}
	for _, kind := range Kinds() {
		for _, file := range []string{".txt", ".html"} {
			first := fields(t, Languages()[0]+"/"+string(kind)+file)
			if len(first) < 2 {
				t.Errorf("%s%s uses %v: nothing of the data", kind, file, first)
			}
			for _, lang := range Languages()[1:] {
				if other := fields(t, lang+"/"+string(kind)+file); !slices.Equal(first, other) {
					t.Errorf("%s/%s%s uses %v, want %v", lang, kind, file, other, first)
				}
			}
		}
	}
}

// fields are the data that a template uses, and the templates that it calls.
func fields(t *testing.T, path string) []string {
	t.Helper()
	parsed, err := template.ParseFS(templates, "templates/"+path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	var walk func(parse.Node)
	walk = func(node parse.Node) {
		switch node := node.(type) {
		case *parse.ListNode:
			for _, n := range node.Nodes {
				walk(n)
			}
		case *parse.ActionNode:
			for _, command := range node.Pipe.Cmds {
				for _, n := range command.Args {
					walk(n)
				}
			}
		case *parse.FieldNode:
			found[node.String()] = true
		case *parse.TemplateNode:
			found[node.Name] = true
		}
	}
	for _, defined := range parsed.Templates() {
		if defined.Tree != nil {
			found["define "+defined.Name()] = !strings.Contains(defined.Name(), ".")
			walk(defined.Root)
		}
	}
	maps.DeleteFunc(found, func(_ string, ok bool) bool { return !ok })
	return slices.Sorted(maps.Keys(found))
}

func TestCompose(t *testing.T) {
	s := mailtest.Start(t, &certificate)
	m := newMailer(t, config(s))
	data := Data{Code: "402917", Minutes: 15, Hours: 48, Link: m.Link("/x", map[string][]string{"token": {"<t>"}})}
	subjects := map[string]string{}
	for _, lang := range Languages() {
		for _, kind := range Kinds() {
			composed, err := m.Compose(kind, lang, "a@example.org", data)
			if err != nil {
				t.Fatal(err)
			}
			if other := subjects[composed.Subject]; other != "" {
				t.Errorf("%s/%s has the subject of %s", lang, kind, other)
			}
			subjects[composed.Subject] = lang + "/" + string(kind)
			if strings.Contains(composed.Subject, data.Code) {
				t.Errorf("%s/%s tells the code in the subject", lang, kind)
			}
			proof := data.Link
			if strings.Contains(composed.Text, data.Code) {
				proof = data.Code
				if !strings.HasPrefix(composed.Text, data.Code) {
					t.Errorf("%s/%s does not begin with the code", lang, kind)
				}
			}
			send(t, m, composed)
			body := s.Only(t).Parts(t)
			html := strings.ReplaceAll(strings.ReplaceAll(body["text/html"], "&#43;", "+"), "&amp;", "&")
			if !strings.Contains(body["text/plain"], proof) || !strings.Contains(html, proof) || !strings.Contains(html, `<html lang="`+lang+`">`) {
				t.Errorf("%s/%s: a part lacks %s:\n%s\n%s", lang, kind, proof, body["text/plain"], html)
			}
			if strings.Contains(body["text/plain"]+html, "no value") || !strings.Contains(body["text/plain"], "Pressé") {
				t.Errorf("%s/%s has holes:\n%s\n%s", lang, kind, body["text/plain"], html)
			}
		}
	}
}

func TestPickLanguage(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "fr": "fr", "fr-CA": "fr", "en-GB": "en", "de": "en", "not a tag!": "en", "FR": "fr", "de, fr-CH;q=0.8, en;q=0.2": "fr"} {
		if got := PickLanguage(tag); got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
}
