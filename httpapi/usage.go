package httpapi

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

const csvType = "text/csv"

// Usage is that somebody took an asset or a part of it.
type Usage struct {
	At      time.Time    `json:"at"`
	AssetID string       `json:"asset_id"`
	Title   string       `json:"title" doc:"of the asset"`
	Took    string       `json:"took" enum:"whole,part"`
	Marks   string       `json:"marks,omitempty" doc:"of a part, as timecode" example:"10:00:00:00-10:00:05:00"`
	Format  string       `json:"format"`
	Size    int64        `json:"size" doc:"bytes"`
	Person  *UsagePerson `json:"person,omitempty" doc:"who took it, unless the account is deleted"`
}

// UsagePerson is who took something.
type UsagePerson struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	Email        string `json:"email"`
}

type (
	usagePage struct {
		Usage []Usage `json:"usage" nullable:"false"`
		Next  string  `json:"next,omitempty" doc:"cursor of the next page"`
	}
	// UsageInput is how usage is asked for; huma reads embedded inputs only if exported.
	UsageInput struct {
		Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before; a CSV has all pages"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Format string `query:"format" enum:"json,csv" doc:"csv is also to be had by Accept: text/csv"`
		Accept string `header:"Accept"`
	}
	allUsageInput struct {
		UsageInput
		Person string `query:"person" maxLength:"64" doc:"id of the person who took it"`
	}
	assetUsageInput struct {
		AssetInput
		UsageInput
	}
)

func (in UsageInput) wantsCSV() bool {
	return in.Format == "csv" || (in.Format == "" && strings.Contains(in.Accept, csvType))
}

// tells describes operations that answer with a T, or with the same as a table.
func tells[T any](api huma.API, description string, operations ...*huma.Operation) {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
	for _, op := range operations {
		op.Description = description
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"application/json": {Schema: schema}, csvType: {Schema: &huma.Schema{Type: huma.TypeString}},
		}}}
	}
}

func (a *API) usage(api huma.API) {
	one := operation(http.MethodGet, "/v1/assets/{id}/usage", "asset-usage", "Who took an asset, whole or in part, latest first", http.StatusOK, 401, 403, 404, 422)
	all := operation(http.MethodGet, "/v1/usage", "list-usage", "Who took what, latest first", http.StatusOK, 401, 403, 422)
	tells[usagePage](api, "A whole asset counts each time a URL of it is given out, a clip once, when it is there for its owner.", &one, &all)
	register(a, api, one, func(ctx context.Context, in *assetUsageInput) (*huma.StreamResponse, error) {
		if _, err := a.catalog.Asset(ctx, catalog.From(ctx), in.ID); err != nil {
			return nil, err
		}
		return a.tellUsage(ctx, catalog.UsageQuery{AssetID: in.ID}, in.UsageInput)
	})
	register(a, api, all, func(ctx context.Context, in *allUsageInput) (*huma.StreamResponse, error) {
		return a.tellUsage(ctx, catalog.UsageQuery{PersonID: in.Person}, in.UsageInput)
	})
}

// tellUsage answers with a page as JSON, or with all of it as CSV.
func (a *API) tellUsage(ctx context.Context, q catalog.UsageQuery, in UsageInput) (*huma.StreamResponse, error) {
	q.Cursor, q.Limit = in.Cursor, in.Limit
	if in.wantsCSV() {
		q.Limit = catalog.MaxPage
	}
	people := takers{accounts: a.accounts, known: map[string]*UsagePerson{}}
	page, err := a.usagePage(ctx, q, people)
	if err != nil {
		return nil, err
	}
	return a.tell("usage", in.wantsCSV(), page, func(w io.Writer) error { return a.writeUsage(ctx, w, q, page, people) }), nil
}

// tell answers with body as JSON, or with what table writes as the CSV file of that name.
func (a *API) tell(name string, asTable bool, body any, table func(io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(out huma.Context) {
		var err error
		if asTable {
			out.SetHeader("Content-Type", csvType+"; charset=utf-8")
			out.SetHeader("Content-Disposition", `attachment; filename="`+name+`.csv"`)
			err = table(out.BodyWriter())
		} else {
			out.SetHeader("Content-Type", "application/json")
			err = json.NewEncoder(out.BodyWriter()).Encode(body)
		}
		if err != nil {
			a.log.Error("an answer was cut short", "operation", name, "error", err)
		}
	}}
}

func (a *API) usagePage(ctx context.Context, q catalog.UsageQuery, people takers) (usagePage, error) {
	rows, next, err := a.catalog.Usage(ctx, q)
	page := usagePage{Usage: []Usage{}, Next: next}
	if err != nil {
		return page, err
	}
	for _, row := range rows {
		u := Usage{At: row.At, AssetID: row.AssetID, Took: "whole", Title: titleOf(ctx, row.Asset), Marks: row.Marks, Format: row.Format, Size: row.Size}
		if row.Marks != "" {
			u.Took = "part"
		}
		if u.Person, err = people.find(ctx, row.PersonID); err != nil {
			return page, err
		}
		page.Usage = append(page.Usage, u)
	}
	return page, nil
}

// takers finds each person once.
type takers struct {
	accounts *accounts.Accounts
	known    map[string]*UsagePerson // nil for who is no more
}

func (t takers) find(ctx context.Context, id string) (*UsagePerson, error) {
	if known, ok := t.known[id]; ok || id == "" {
		return known, nil
	}
	person, err := t.accounts.Person(ctx, id)
	if missing, ok := errors.AsType[*accounts.Error](err); ok && missing.Kind == accounts.NotFound {
		t.known[id] = nil
		return t.known[id], nil
	}
	if err != nil {
		return nil, err
	}
	t.known[id] = &UsagePerson{ID: id, Name: person.Name, Organisation: person.Organisation, Email: person.Email}
	return t.known[id], nil
}

// writeUsage writes a page as CSV, and all that follow. Should one fail, the last line
// says so, since the answer has begun.
func (a *API) writeUsage(ctx context.Context, w io.Writer, q catalog.UsageQuery, page usagePage, people takers) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"at", "asset_id", "title", "took", "marks", "format", "bytes", "name", "organisation", "email"}}
	for {
		for _, u := range page.Usage {
			lines = append(lines, u.line())
		}
		if err := out.WriteAll(lines); err != nil || page.Next == "" {
			return err //nolint:wrapcheck // it is logged with what was being done
		}
		lines, q.Cursor = nil, page.Next
		var err error
		if page, err = a.usagePage(ctx, q, people); err != nil {
			return errors.Join(err, out.WriteAll([][]string{{"this list is not complete: export it again"}}))
		}
	}
}

func (u Usage) line() []string {
	person := UsagePerson{}
	if u.Person != nil {
		person = *u.Person
	}
	line := []string{
		u.At.UTC().Format(time.RFC3339), u.AssetID, u.Title, u.Took, u.Marks, u.Format, strconv.FormatInt(u.Size, 10),
		person.Name, person.Organisation, person.Email,
	}
	for i, cell := range line {
		line[i] = harmless(cell)
	}
	return line
}

// harmless keeps a spreadsheet from taking a text for a formula: an apostrophe before
// it makes it a text. Full-width signs count as well, where spaces stand before them
// too.
func harmless(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u3000")
	if first != "" && strings.ContainsAny(string([]rune(first)[:1]), "=+-@\t\r\n＝＋－＠") {
		return "'" + cell
	}
	return cell
}
