package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// answer is what the API said to a page's form.
type answer struct {
	Status int
	header http.Header
	body   []byte
}

// problem is RFC 9457's, as the API writes it.
type problem struct {
	Detail string
	Errors []struct{ Location, Message string }
}

// ask sends a request to the API within the process, as whoever sent the page's: with
// its cookies, address and language. body becomes JSON unless it is nil. Cookies that
// the API sets are passed on to the browser.
func (p *Portal) ask(g *gin.Context, method, path string, body any) (answer, error) {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return answer{}, fmt.Errorf("ask the API: %w", err)
		}
	}
	return p.askWith(g, method, path, "application/json", data)
}

// askWith is ask with a body of any type.
func (p *Portal) askWith(g *gin.Context, method, path, contentType string, data []byte) (answer, error) {
	request, err := http.NewRequestWithContext(g.Request.Context(), method, path, bytes.NewReader(data))
	if err != nil {
		return answer{}, fmt.Errorf("ask the API: %w", err)
	}
	request.Header = maps.Clone(g.Request.Header)
	for _, name := range []string{
		"Accept-Encoding", "Content-Length", "Expect", "Range", "If-None-Match", "If-Modified-Since",
		"Origin", "Sec-Fetch-Site", // whether the page may be asked from there was checked before it asks
	} {
		request.Header.Del(name)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", contentType)
	request.Host, request.RemoteAddr, request.TLS, request.RequestURI = g.Request.Host, g.Request.RemoteAddr, g.Request.TLS, path
	into := &recorder{answer: answer{Status: http.StatusOK, header: http.Header{}}}
	p.api.ServeHTTP(into, request)
	for _, cookie := range into.header.Values("Set-Cookie") {
		g.Writer.Header().Add("Set-Cookie", cookie)
	}
	return into.answer, nil
}

// good reports whether the API did what was asked.
func (a answer) good() bool { return a.Status < http.StatusBadRequest }

// read decodes the body.
func (a answer) read(into any) error {
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("read the API's answer: %w", err)
	}
	return nil
}

// mistakes returns what was wrong, by field of the form; under the empty name stands
// what concerns no field of it.
func (a answer) mistakes() map[string][]string {
	var told problem
	if a.good() || a.read(&told) != nil {
		return nil
	}
	found := map[string][]string{}
	for _, e := range told.Errors {
		field := strings.TrimPrefix(strings.TrimPrefix(e.Location, "body"), ".")
		found[field] = append(found[field], e.Message)
	}
	if len(found) == 0 {
		found[""] = []string{told.Detail}
	}
	return found
}

// recorder keeps an answer.
type recorder struct {
	answer
	wrote bool
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.Status, r.wrote = status, true
	}
}

func (r *recorder) Write(data []byte) (int, error) {
	r.wrote = true
	r.body = append(r.body, data...)
	return len(data), nil
}

// pass has the API do what a form without fields stands for and leads back to a page,
// or to one that says what went wrong.
func (p *Portal) pass(g *gin.Context, method, path string, body any, back string) {
	a, err := p.ask(g, method, path, body)
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		g.Redirect(http.StatusSeeOther, back)
	default:
		p.showRefusal(g, a)
	}
}
