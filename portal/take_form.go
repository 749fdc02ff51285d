package portal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// The form by which browsers without script take what they mark of a video. Its fields in,
// out and name stand there once a range; those that are left empty are no range.

// plainRange is a range as it stands in the form.
type plainRange struct {
	Number        int // from 1; the API counts them from 0
	In, Out, Name string
}

// plainField is an input of a range.
type plainField struct{ ID, Name, Label, Value, Max string }

// Fields are the inputs of the range.
func (r plainRange) Fields() []plainField {
	return []plainField{
		{rangeField(r.Number, "in"), "in", "editor.mark_in", r.In, "32"},
		{rangeField(r.Number, "out"), "out", "editor.mark_out", r.Out, "32"},
		{rangeField(r.Number, "name"), "name", "editor.range_name", r.Name, "80"},
	}
}

func rangeField(number int, name string) string { return fmt.Sprintf("plain-%s-%d", name, number) }

// maxPlain is the most ranges of a clip, as the API has it.
const maxPlain = 50

// rangesIn reads the ranges of a form, less those that are left empty.
func rangesIn(f form) (all []plainRange) {
	at := func(field string, i int) string {
		if values := f.Values[field]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	for i := range f.Values["in"] {
		if in, out := at("in", i), at("out", i); in != "" || out != "" {
			all = append(all, plainRange{len(all) + 1, in, out, at("name", i)})
		}
	}
	return all
}

// rangesOf are the ranges of a form as the API takes them.
func rangesOf(f form) []map[string]any {
	ranges := []map[string]any{}
	for _, r := range rangesIn(f) {
		ranges = append(ranges, map[string]any{"in": r.In, "out": r.Out, "name": r.Name})
	}
	return ranges
}

// addressed is the form as the query of the page's address fills it in, which
// web/editor/selection.js and inAddress write: the list of ranges, or else the marks,
// which are those of the whole where there are none.
func addressed(query url.Values, start, end string) form {
	f := newForm()
	add := func(in, out, name string) {
		f.Values["in"], f.Values["out"], f.Values["name"] = append(f.Values["in"], in), append(f.Values["out"], out), append(f.Values["name"], name)
	}
	for _, text := range query["range"] {
		marks, name, _ := strings.Cut(text, "~")
		if in, out, ok := strings.Cut(marks, "-"); ok && len(f.Values["in"]) < maxPlain {
			add(in, out, name)
		}
	}
	if len(f.Values["in"]) == 0 {
		add(cmp.Or(query.Get("in"), start), cmp.Or(query.Get("out"), end), "")
	}
	for _, name := range typedBeside() {
		f.Values[name] = query[name]
	}
	return f
}

// typedBeside are the fields beside the ranges.
func typedBeside() []string { return []string{formatParameter, "audio", "apart"} }

// inAddress is a video's page with what was typed into its form in the query. Names give
// way where it would be too long to come back to.
func inAddress(path string, query url.Values, f form) string {
	for _, name := range typedBeside() {
		query.Del(name)
		for _, value := range f.Values[name] {
			query.Add(name, value)
		}
	}
	if !f.Values.Has("in") { // a script has sent it, which keeps the marks in the address
		return withQuery(path, query)
	}
	query.Del("in")
	query.Del("out")
	ranges := rangesIn(f)
	if len(ranges) == 1 && ranges[0].Name == "" {
		query.Del("range")
		query.Set("in", ranges[0].In)
		query.Set("out", ranges[0].Out)
		return withQuery(path, query)
	}
	write := func(named bool) string {
		query.Del("range")
		for _, r := range ranges {
			text := r.In + "-" + r.Out
			if named && r.Name != "" {
				text += "~" + r.Name
			}
			query.Add("range", text)
		}
		return withQuery(path, query)
	}
	whole := write(true)
	if _, err := accounts.ReturnPath(whole); err != nil {
		return write(false)
	}
	return whole
}

// keyed has the API do what a form with a key asks for one time, however often the form is
// sent. With other contents, as after going back to it, it is another request.
func keyed(g *gin.Context, key string, body any) error {
	if key == "" {
		return nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("key a form: %w", err)
	}
	sum := sha256.Sum256(append([]byte(key+" "), data...))
	g.Request.Header.Set("Idempotency-Key", hex.EncodeToString(sum[:]))
	return nil
}

// take has the API do what the form of a video says and leads on, or shows the video again
// with what is wrong.
func (p *Portal) take(g *gin.Context, f form, path string, body any, then string) {
	err := keyed(g, f.Value("key"), body)
	var a answer
	if err == nil {
		a, err = p.ask(g, http.MethodPost, path, body)
	}
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		lead(g, then)
	default:
		p.refuseTaking(g, f, a)
	}
}

// refuseTaking shows the page of a video again with what the API found wrong in its form.
func (p *Portal) refuseTaking(g *gin.Context, f form, a answer) {
	if !mendable(a) {
		p.showError(g, a.Status)
		return
	}
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	p.refuse(g, &f, a, ofTaking)
	p.tellTaking(g, &f)
	p.showVideo(g, &asset, f)
}

// ofTaking is the form's field for one of the API's.
func ofTaking(field string) string {
	field = strings.TrimPrefix(field, "items[0].")
	var index int
	var name string
	if n, err := fmt.Sscanf(field, "ranges[%d].%s", &index, &name); n == 2 && err == nil {
		return rangeField(index+1, name)
	}
	return field
}

// tellTaking says of each mistake which range it is about, in the order of the page.
func (p *Portal) tellTaking(g *gin.Context, f *form) {
	ranges := rangesIn(*f)
	var order []string
	for i := range f.Mistakes {
		if m := &f.Mistakes[i]; m.Field == "ranges" && len(ranges) == 0 {
			*m = mistakeOf(p.say(g, "take.unmarked"))
			m.Field = rangeField(1, "in")
		} else if m.Field == "ranges" {
			m.Field = ""
		}
	}
	for _, r := range ranges {
		for _, field := range r.Fields() {
			order = append(order, field.ID)
			for i := range f.Mistakes {
				if m := &f.Mistakes[i]; m.Field == field.ID {
					of := p.say(g, "take.range_field", "Number", r.Number, "Field", p.say(g, field.Label))
					m.Whole = p.say(g, "field.about", "Field", of, "Text", m.Text)
				}
			}
		}
	}
	slices.SortStableFunc(f.Mistakes, func(a, b mistake) int { return slices.Index(order, a.Field) - slices.Index(order, b.Field) })
}
