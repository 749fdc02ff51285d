package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"subclip/accounts"

	"github.com/gin-gonic/gin"
)

const (
	peoplePath = "/admin/people"
	logPath    = "/admin/log"
	lines      = 50 // of one page of people or of the record
)

type peoplePage struct {
	Words  string
	People []accounts.Person
	Next   string // address of the page after this one
}

// personPage is somebody as administrators see them.
type personPage struct {
	Form   form
	Notice string
	Person *accounts.Person
	Roles  []accounts.Role // to give
	Own    bool            // it is the visitor's account
	Record []logLine
	More   string // address of the rest of the record
}

type logPage struct {
	Person *accounts.Person // whom it is about, if about somebody
	Record []logLine
	Next   string
}

// logLine is a line of the record with the people it names.
type logLine struct {
	accounts.Entry
	Actor, About string // address; empty for strangers, the command line and the deleted
}

func (p *Portal) mountPeople(pages gin.IRoutes) {
	both(pages, peoplePath, p.showPeople)
	both(pages, logPath, p.showLog)
	p.mountForms(pages, peoplePath+"/:id", p.showPerson, doing{"role": p.setRole, "limits": p.setLimits, "lift": p.liftFactor})
}

func (p *Portal) showPeople(g *gin.Context) {
	of := peoplePage{Words: g.Query("words")}
	var err error
	if of.People, err = p.Accounts.People(g.Request.Context(), of.Words, g.Query("cursor"), lines); err != nil {
		p.fail(g, err)
		return
	}
	if len(of.People) == lines {
		of.Next = peoplePath + "?" + url.Values{"words": {of.Words}, "cursor": {of.People[lines-1].ID}}.Encode()
	}
	p.show(g, http.StatusOK, page{Name: "people", Title: p.say(g, "people.title"), Hidden: true, Data: of})
}

func (p *Portal) showPerson(g *gin.Context, f form) {
	ctx := g.Request.Context()
	person, err := p.Accounts.Person(ctx, g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	record, more, err := p.record(ctx, person.ID, "")
	if err != nil {
		p.fail(g, err)
		return
	}
	if f.Value("role") == "" {
		f.Values.Set("role", string(person.Role))
	}
	if f.Value("do") != "limits" && person.LimitTimes != nil {
		f.Values.Set("times", strconv.Itoa(*person.LimitTimes))
	}
	p.show(g, f.status, page{Name: "person", Title: person.Email, Hidden: true, Data: personPage{
		Form: f, Notice: p.notice(g), Person: person, Roles: accounts.Roles()[1:], Own: person.ID == accounts.From(ctx).ID(), Record: record, More: more,
	}})
}

func (p *Portal) setRole(g *gin.Context, f form) {
	id := url.PathEscape(g.Param("id"))
	p.act(g, f, http.MethodPut, "/v1/people/"+id+"/role", map[string]string{"role": f.Value("role")}, peoplePath+"/"+id+"?said=role", p.showPerson)
}

// setLimits says how many times the usual limits somebody has; an empty field leaves it
// to their role.
func (p *Portal) setLimits(g *gin.Context, f form) {
	var times *int
	if typed := strings.TrimSpace(f.Value("times")); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil {
			n = -1 // which the API refuses
		}
		times = &n
	}
	id := url.PathEscape(g.Param("id"))
	p.act(g, f, http.MethodPut, "/v1/people/"+id+"/limits", map[string]*int{"times": times}, peoplePath+"/"+id+"?said=limits", p.showPerson)
}

func (p *Portal) liftFactor(g *gin.Context, f form) {
	id := url.PathEscape(g.Param("id"))
	p.act(g, f, http.MethodPost, "/v1/people/"+id+"/second-factor/removal", nil, peoplePath+"/"+id+"?said=lifted", p.showPerson)
}

func (p *Portal) showLog(g *gin.Context) {
	ctx := g.Request.Context()
	var of logPage
	var err error
	if id := g.Query("person"); id != "" {
		if of.Person, err = p.Accounts.Person(ctx, id); err != nil {
			p.fail(g, err)
			return
		}
	}
	if of.Record, of.Next, err = p.record(ctx, g.Query("person"), g.Query("cursor")); err != nil {
		p.fail(g, err)
		return
	}
	p.show(g, http.StatusOK, page{Name: "log", Title: p.say(g, "log.title"), Hidden: true, Data: of})
}

// record reads a page of the record, about somebody if they are named, and the address
// of the page after it.
func (p *Portal) record(ctx context.Context, personID, before string) (rows []logLine, next string, err error) {
	entries, err := p.Accounts.Audit(ctx, personID, before, lines)
	if err != nil {
		return nil, "", err
	}
	known := map[string]string{"": ""}
	for i := range entries {
		line := logLine{Entry: entries[i]}
		if line.Actor, err = p.addressOf(ctx, known, line.ActorID); err != nil {
			return nil, "", err
		}
		if line.About, err = p.addressOf(ctx, known, line.PersonID); err != nil {
			return nil, "", err
		}
		rows = append(rows, line)
	}
	if len(entries) == lines {
		values := url.Values{"cursor": {entries[lines-1].ID}}
		if personID != "" {
			values.Set("person", personID)
		}
		next = logPath + "?" + values.Encode()
	}
	return rows, next, nil
}

// addressOf finds the address of somebody who may be gone.
func (p *Portal) addressOf(ctx context.Context, known map[string]string, id string) (string, error) {
	if address, ok := known[id]; ok {
		return address, nil
	}
	person, err := p.Accounts.Person(ctx, id)
	if isMissing(err) {
		person, err = new(accounts.Person), nil
	}
	if err != nil {
		return "", err
	}
	known[id] = person.Email
	return person.Email, nil
}
