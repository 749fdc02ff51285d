package portal

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const assetsAPI = "/v1/assets/"

// mountDeskAssets adds the page on which an asset is described, and its forms.
func (p *Portal) mountDeskAssets(pages gin.IRoutes) {
	path := deskAssetPath(":id")
	both(pages, path, func(g *gin.Context) { p.showDeskAsset(g, http.StatusOK, assetForms{}) })
	pages.POST(path, p.changeAsset)
	pages.POST(path+"/shotlist", p.changeShotlist)
	pages.POST(path+"/captions", p.addCaptions)
	pages.POST(path+"/replace", p.replaceAsset)
	for form, method := range map[string]string{
		"/captions/:language/remove": http.MethodDelete, "/steps/:step": http.MethodPost,
		"/withdraw": http.MethodPost, "/restore": http.MethodPost,
	} {
		pages.POST(path+form, func(g *gin.Context) {
			id := url.PathEscape(g.Param("id"))
			of := strings.NewReplacer(":language", url.PathEscape(g.Param(languageField)), ":step", url.PathEscape(g.Param("step"))).Replace(form)
			p.pass(g, method, assetsAPI+id+strings.TrimSuffix(of, "/remove"), nil, deskAssetPath(id))
		})
	}
}

// assetForms are the forms of the page that were sent and not taken.
type assetForms struct{ about, shotlist, captions *form }

type deskAssetPage struct {
	assetCard
	About, Shotlist, Captions form
	Topics                    []string
	Tracks                    []catalog.Captions
	Stories                   []storyLink
	Steps                     []step
	Usage                     chart
	Saved                     string // which form was taken
	Replaces                  *catalog.Asset
}

// step is how far a step of the making is.
type step struct{ catalog.Step }

// Percent is how far it is.
func (s step) Percent() int { return int(100 * s.Progress) }

// CanRestart reports whether it may begin again.
func (s step) CanRestart() bool { return s.Status == catalog.JobDone || s.Status == catalog.JobFailed }

// storyLink is a story by its title.
type storyLink struct{ Path, Title string }

// showDeskAsset shows the page, with the forms that were not taken as they were sent.
func (p *Portal) showDeskAsset(g *gin.Context, status int, sent assetForms) {
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	if err != nil {
		p.fail(g, err)
		return
	}
	of := deskAssetPage{assetCard: cardOf(&asset), Topics: p.Catalog.Topics(), About: assetForm(&asset), Saved: g.Query("saved"), Replaces: p.replaced(g, asset.ID)}
	if err := p.readAround(g, &asset, &of); err != nil {
		p.fail(g, err)
		return
	}
	for _, one := range []struct{ from, to *form }{{sent.about, &of.About}, {sent.shotlist, &of.Shotlist}, {sent.captions, &of.Captions}} {
		if one.from != nil {
			*one.to = *one.from
		}
	}
	p.show(g, status, page{Name: "desk_asset", Title: asset.Title, Hidden: true, Data: of})
}

// readAround reads what belongs to an asset.
func (p *Portal) readAround(g *gin.Context, asset *catalog.Asset, of *deskAssetPage) error {
	ctx := g.Request.Context()
	by := catalog.From(ctx)
	shots, err := p.Catalog.Shotlist(ctx, by, asset.ID)
	if err != nil {
		return err
	}
	of.Shotlist = shotlistForm(asset, shots)
	of.Captions = form{Values: url.Values{languageField: {asset.Language}}}
	if of.Tracks, err = p.Catalog.AllCaptions(ctx, by, asset.ID); err != nil {
		return err
	}
	stories, err := p.Catalog.StoriesOf(ctx, by, asset.ID)
	if err != nil {
		return err
	}
	for i := range stories {
		text, _ := stories[i].Text(p.language(g))
		of.Stories = append(of.Stories, storyLink{deskStoryPath(stories[i].ID), text.Title})
	}
	steps, err := p.Catalog.Steps(ctx, by, asset.ID)
	if err != nil {
		return err
	}
	for _, one := range steps {
		of.Steps = append(of.Steps, step{one})
	}
	of.Usage, err = p.usageChart(g, asset.ID)
	return err
}

func assetForm(a *catalog.Asset) form {
	return begun(url.Values{
		"title": {a.Title}, "description": {a.Description}, languageField: {a.Language}, "restrictions": {a.Restrictions},
		"embargo_until": {momentField(a.EmbargoUntil)}, topicsField: a.Topics, "keywords": {listField(a.Keywords)},
		"people": {listField(a.People)}, "places": {listField(a.Places)}, "shot_on": {a.ShotOn},
	})
}

func (p *Portal) changeAsset(g *gin.Context) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	a, err := p.ask(g, http.MethodPatch, assetsAPI+url.PathEscape(g.Param("id")), changes(values, assetBody))
	p.after(g, a, err, "about", values, func(f form) assetForms { return assetForms{about: &f} })
}

// assetBody is the form for the API.
func assetBody(values url.Values) gin.H {
	body := gin.H{"embargo_until": moment(values.Get("embargo_until")), topicsField: append([]string{}, values[topicsField]...)}
	for _, name := range []string{"title", "description", "language", "restrictions", "shot_on"} {
		body[name] = text(values, name)
	}
	for _, name := range []string{"keywords", "people", "places"} {
		body[name] = listed(values.Get(name))
	}
	return body
}

// after leads back to the page once a form of it was taken, or shows what was wrong.
func (p *Portal) after(g *gin.Context, a answer, err error, saved string, values url.Values, sent func(form) assetForms) {
	switch {
	case err != nil:
		p.fail(g, err)
	case a.good():
		g.Redirect(http.StatusSeeOther, deskAssetPath(g.Param("id"))+"?saved="+saved+"#"+saved)
	case a.Status == http.StatusNotFound:
		p.showError(g, a.Status)
	default:
		p.showDeskAsset(g, http.StatusUnprocessableEntity, sent(p.wrong(g, values, a, assetField)))
	}
}

// assetField names the form's field for one of the API's.
func assetField(name string) string {
	switch {
	case strings.HasPrefix(name, "shots"):
		return "text"
	case name == "body", name == "captions":
		return "file"
	}
	return name
}

// shotlistForm writes shots as they can be pasted again.
func shotlistForm(asset *catalog.Asset, shots []catalog.Shot) form {
	values := url.Values{languageField: {asset.Language}}
	var lines strings.Builder
	for _, shot := range shots {
		base := asset.Source.Timecode
		lines.WriteString(base.Timecode(shot.In))
		if shot.Out > 0 {
			lines.WriteString(" - " + base.Timecode(shot.Out))
		}
		lines.WriteString(" " + shot.Text + "\n")
		values.Set("language", shot.Language)
	}
	values.Set("text", lines.String())
	return form{Values: values}
}

func (p *Portal) changeShotlist(g *gin.Context) {
	values, ok := p.typed(g)
	if !ok {
		return
	}
	if !values.Has("text") {
		p.showError(g, http.StatusBadRequest)
		return
	}
	body := gin.H{"text": values.Get("text"), languageField: values.Get(languageField)}
	if strings.TrimSpace(values.Get("text")) == "" {
		body = gin.H{"shots": []string{}}
	}
	a, err := p.ask(g, http.MethodPut, assetsAPI+url.PathEscape(g.Param("id"))+"/shotlist", body)
	p.after(g, a, err, "shotlist", values, func(f form) assetForms { return assetForms{shotlist: &f} })
}

// addCaptions takes a file of captions out of the page's form.
func (p *Portal) addCaptions(g *gin.Context) {
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, 2*catalog.MaxCaptionsFile)
	data, err := fileOf(g)
	values := url.Values{languageField: {strings.TrimSpace(g.PostForm(languageField))}}
	again := func(name, key string) {
		f := form{Values: values, Mistakes: []mistake{{Field: name, Text: p.say(g, key), Whole: p.say(g, key)}}}
		p.showDeskAsset(g, http.StatusUnprocessableEntity, assetForms{captions: &f})
	}
	switch {
	case err != nil || len(data) == 0:
		again("file", "desk.no_captions_file")
		return
	case values.Get(languageField) == "":
		again("language", "desk.no_captions_language")
		return
	}
	path := assetsAPI + url.PathEscape(g.Param("id")) + "/captions/" + url.PathEscape(values.Get(languageField))
	a, err := p.askWith(g, http.MethodPut, path, "application/octet-stream", data)
	p.after(g, a, err, "captions", values, func(f form) assetForms { return assetForms{captions: &f} })
}

var errNoFile = errors.New("no file was sent")

// fileOf reads the file of a form.
func fileOf(g *gin.Context) ([]byte, error) {
	header, err := g.FormFile("file")
	if err != nil {
		return nil, errNoFile
	}
	file, err := header.Open()
	if err != nil {
		return nil, errNoFile
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, errNoFile
	}
	return data, nil
}
