package httpapi

import (
	"encoding/json"
	"html"
	"net/http"
	"strings"
	"testing"

	"subclip/accounts"
)

// described is an operation as the description that is served says it.
type described struct {
	method, path string

	OperationID string
	Summary     string
	Tags        []string
	RequestBody struct {
		Content map[string]struct{ Example json.RawMessage }
	}
}

func (s *site) operations(t *testing.T) (all []described) {
	t.Helper()
	var of struct {
		Paths map[string]map[string]described
	}
	stranger := &client{site: s}
	check(t, json.Unmarshal([]byte(stranger.ask(t, http.MethodGet, "/openapi.json", nil).must(t, 200).raw), &of))
	for path, methods := range of.Paths {
		for method, op := range methods {
			op.method, op.path = strings.ToUpper(method), path
			all = append(all, op)
		}
	}
	if len(all) < 90 {
		t.Fatalf("only %d operations are described", len(all))
	}
	return all
}

// TestEveryOperationIsExplained looks for each operation in the guide for developers, and
// for what it takes on the page of its section.
func TestEveryOperationIsExplained(t *testing.T) {
	s := start(t, Config{})
	stranger := &client{site: s}
	guides := []string{}
	for _, language := range []string{"en", "fr"} {
		guides = append(guides, stranger.page(t, "/developers?lang="+language).must(t, 200).raw)
	}
	sections := map[string]string{}
	for _, op := range s.operations(t) {
		if len(op.Tags) != 1 {
			t.Fatalf("%s is in the sections %v", op.OperationID, op.Tags)
		}
		path := "/developers/" + strings.ToLower(op.Tags[0])
		if sections[path] == "" {
			sections[path] = html.UnescapeString(stranger.page(t, path+"?lang=en").must(t, 200).raw)
		}
		for _, guide := range guides {
			if !strings.Contains(guide, `href="`+path+"#"+op.OperationID+`"`) {
				t.Errorf("the guide does not lead to %s", op.OperationID)
			}
		}
		_, explained, _ := strings.Cut(sections[path], `<h2 id="`+op.OperationID+`">`)
		explained, _, _ = strings.Cut(explained, "</section>")
		for _, words := range []string{op.Summary, op.method + "</span> <code>" + op.path, "curl", "$API/v1/", "Answers"} {
			if !strings.Contains(explained, words) {
				t.Errorf("%s is explained without %q", op.OperationID, words)
			}
		}
	}
	if front := stranger.page(t, "/").must(t, 200).raw; !strings.Contains(front, `href="/developers"`) {
		t.Error("the foot of the page does not lead to the guide")
	}
	if none := stranger.page(t, "/developers/none"); none.status != 404 {
		t.Errorf("a section that is not there gives %d", none.status)
	}
}

// TestExamplesAreTaken sends the example of each body: it may come to nothing, as what it
// is about is not there, but is never refused for its form.
func TestExamplesAreTaken(t *testing.T) {
	s := start(t, Config{})
	admin, sent := s.person(t, "admin@example.com", accounts.Admin), 0
	for _, op := range s.operations(t) {
		example := op.RequestBody.Content["application/json"].Example
		if len(example) == 0 {
			continue
		}
		var body any
		check(t, json.Unmarshal(example, &body))
		path := strings.NewReplacer("{id}", "none", "{language}", "en", "{step}", "poster").Replace(op.path)
		asking := *admin
		a := asking.ask(t, op.method, path, body)
		if a.status == 400 || a.status >= 500 || strings.Contains(a.raw, `"expected `) || strings.Contains(a.raw, "unexpected property") {
			t.Errorf("the example of %s gives %d %s", op.OperationID, a.status, a.raw)
		}
		sent++
	}
	if sent < 30 {
		t.Errorf("only %d examples were sent", sent)
	}
}
