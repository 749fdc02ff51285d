package mail

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // so that headers in other character sets are read too
	"github.com/gin-gonic/gin"
)

//go:embed pages.html
var pageFiles embed.FS

// shown is how many messages the list has.
const shown = 200

// pages show the messages in the folder.
type pages struct {
	mailer *Mailer
	views  *template.Template
}

// Mount adds the pages at /dev/mail to the routes, where messages are kept in a
// folder; where they go to a server there is nothing at that address. Messages
// carry codes that open accounts, so the pages are shown on this very machine
// alone: over a direct connection from a loopback address, under a name that is
// one. Where links lead to another name the site is for others, perhaps behind a proxy
// that makes everybody look local, and there are no pages either.
func (m *Mailer) Mount(engine *gin.Engine) error {
	if host := m.SiteHost(); m.client != nil || (host != "localhost" && !isLoopback(host)) {
		return nil
	}
	views, err := template.ParseFS(pageFiles, "pages.html")
	if err != nil {
		return fmt.Errorf("read the pages of messages: %w", err)
	}
	p := &pages{m, views}
	group := engine.Group("/dev/mail", local)
	group.GET("", p.list)
	group.GET("/:name", p.message)
	group.GET("/:name/html", p.marked)
	group.GET("/:name/source", p.source)
	return nil
}

// local refuses requests that come, or may come, from elsewhere. The name by which
// the machine is called matters too: a page of another site may give its own name
// our address, and read what it gets.
func local(g *gin.Context) {
	from, _, err := net.SplitHostPort(g.Request.RemoteAddr)
	called, _, _ := net.SplitHostPort(g.Request.Host)
	if called == "" {
		called = strings.Trim(g.Request.Host, "[]")
	}
	passedOn := g.GetHeader("Forwarded") + g.GetHeader("X-Forwarded-For") + g.GetHeader("Via")
	if err != nil || passedOn != "" || !isLoopback(from) || (called != "localhost" && !isLoopback(called)) {
		g.Abort()
		g.String(http.StatusForbidden, "Messages are shown to this machine alone: open this page there, at http://127.0.0.1 and the service's port.\n")
	}
}

func isLoopback(address string) bool { return net.ParseIP(address).IsLoopback() }

// view is a message as the pages show it.
type view struct {
	Name, From, To, Subject string
	Date                    time.Time
	Headers                 [][2]string
	Text                    string
	Links                   []string // in the text
	HTML                    string
}

func (p *pages) list(g *gin.Context) {
	names, err := p.mailer.kept(shown)
	if err != nil {
		p.fail(g, err)
		return
	}
	var messages []view
	for _, name := range names {
		data, err := p.mailer.read(name)
		if err != nil {
			continue // removed meanwhile
		}
		messages = append(messages, p.view(name, data))
	}
	p.show(g, "list", messages)
}

func (p *pages) message(g *gin.Context) {
	if data, ok := p.load(g); ok {
		p.show(g, "message", p.view(g.Param("name"), data))
	}
}

// marked is the HTML part alone, to be shown in a frame. It may do nothing but be
// looked at, and have its links open elsewhere.
func (p *pages) marked(g *gin.Context) {
	data, ok := p.load(g)
	if !ok {
		return
	}
	g.Header("Content-Security-Policy", "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; frame-ancestors 'self'")
	g.Data(http.StatusOK, "text/html; charset=utf-8", []byte(p.view(g.Param("name"), data).HTML))
}

func (p *pages) source(g *gin.Context) {
	if data, ok := p.load(g); ok {
		g.Header("X-Content-Type-Options", "nosniff")
		g.Data(http.StatusOK, "text/plain; charset=utf-8", data)
	}
}

func (p *pages) load(g *gin.Context) ([]byte, bool) {
	data, err := p.mailer.read(g.Param("name"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		g.String(http.StatusNotFound, "There is no such message.\n")
	case err != nil:
		p.fail(g, err)
	}
	return data, err == nil
}

func (p *pages) show(g *gin.Context, page string, data any) {
	var out bytes.Buffer
	if err := p.views.ExecuteTemplate(&out, page, data); err != nil {
		p.fail(g, err)
		return
	}
	g.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'")
	g.Header("Cache-Control", "no-store")
	g.Data(http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}

func (p *pages) fail(g *gin.Context, err error) {
	p.mailer.log.Error("page failed", "page", "mail", "error", err)
	g.String(http.StatusInternalServerError, "The messages cannot be read; the log says why.\n")
}

// read returns a message in the folder, whatever the name leads to elsewhere.
func (m *Mailer) read(name string) ([]byte, error) {
	root, err := os.OpenRoot(m.folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of messages: %w", err)
	}
	data, err := root.ReadFile(name + extension)
	if err = errors.Join(err, root.Close()); err != nil {
		return nil, fmt.Errorf("read a message: %w", err)
	}
	return data, nil
}

// view takes a message apart. What cannot be read is left out: the source is
// there, too.
func (p *pages) view(name string, data []byte) view {
	v := view{Name: name}
	entity, err := message.Read(bytes.NewReader(data))
	if entity == nil {
		v.Text = fmt.Sprintf("This is not a message: %v", err)
		return v
	}
	for fields := entity.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		v.Headers = append(v.Headers, [2]string{fields.Key(), value})
	}
	v.From, v.To, v.Subject = headerText(entity, "From"), headerText(entity, "To"), headerText(entity, "Subject")
	v.Date, _ = time.Parse(time.RFC1123Z, entity.Header.Get("Date"))
	_ = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		switch kind, _, _ := part.Header.ContentType(); kind {
		case "text/plain":
			body, _ := io.ReadAll(part.Body)
			v.Text = string(body)
		case "text/html":
			body, _ := io.ReadAll(part.Body)
			v.HTML = string(body)
		}
		return nil
	})
	for _, word := range strings.Fields(v.Text) {
		if strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://") {
			v.Links = append(v.Links, word)
		}
	}
	return v
}

func headerText(entity *message.Entity, key string) string {
	text, err := entity.Header.Text(key)
	if err != nil {
		return entity.Header.Get(key)
	}
	return text
}
