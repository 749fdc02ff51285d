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

// Fields of an asset's form that are not about the asset itself.
const (
	shotsField       = "shots"
	shotsLanguage    = "shots_language"
	captionsFile     = "captions_file"
	captionsLanguage = "captions_language"
)

// assetForm is what editors say of an asset, with its shotlist as it can be pasted again.
func (p *Portal) assetForm(g *gin.Context, a *catalog.Asset) (form, error) {
	ctx := g.Request.Context()
	shots, err := p.Catalog.Shotlist(ctx, catalog.From(ctx), a.ID)
	if err != nil {
		return form{}, err
	}
	values := url.Values{
		"title": {a.Title}, descriptionField: {a.Description}, languageField: {a.Language}, restrictionsField: {a.Restrictions},
		topicsField: a.Topics, keywordsField: {listField(a.Keywords)},
		peopleField: {listField(a.People)}, "places": {listField(a.Places)}, "shot_on": {a.ShotOn}, shotsLanguage: {a.Language},
	}
	p.setEmbargo(values, a.EmbargoUntil)
	var lines strings.Builder
	for _, shot := range shots {
		base := a.Source.Timecode
		lines.WriteString(base.Timecode(shot.In))
		if shot.Out > 0 {
			lines.WriteString(" - " + base.Timecode(shot.Out))
		}
		lines.WriteString(" " + shot.Text + "\n")
		values.Set(shotsLanguage, shot.Language)
	}
	values.Set(shotsField, lines.String())
	values.Set(captionsLanguage, a.Language)
	return begun(values), nil
}

// assetBody is what a form says of the asset itself, for the API.
func (p *Portal) assetBody(values url.Values) gin.H {
	body := gin.H{embargoField: p.embargoOf(values), topicsField: append([]string{}, values[topicsField]...)}
	for _, name := range []string{"title", descriptionField, languageField, restrictionsField, "shot_on"} {
		body[name] = text(values, name)
	}
	for _, name := range []string{keywordsField, peopleField, "places"} {
		body[name] = listed(values.Get(name))
	}
	return body
}

// saveAsset stores what the page's one form says, and then does what its button says. What
// cannot be stored keeps nothing else from being so; a withdrawal alone waits for nothing,
// and comes first.
func (p *Portal) saveAsset(g *gin.Context, asset *catalog.Asset) {
	typed, file, ok := p.typedWithFile(g)
	if !ok {
		return
	}
	act, of, _ := strings.Cut(typed.Get(thenField), " ")
	const withdraw = "withdraw"
	if act == withdraw && !p.alsoDo(g, asset, act, of, typed) {
		return
	}
	s, now, err := p.saveAbout(g, asset, lifted(typed))
	if err != nil {
		p.fail(g, err)
		return
	}
	wrong, err := p.saveBeside(g, asset, &s, now, file)
	if err != nil {
		p.fail(g, err)
		return
	}
	if len(wrong) > 0 || !s.stored {
		p.showUnsaved(g, asset, s, wrong)
		return
	}
	if act != withdraw && !p.alsoDo(g, asset, act, of, nil) {
		return
	}
	g.Redirect(http.StatusSeeOther, deskAssetPath(asset.ID)+"?saved=1")
}

// saveAbout stores what is said of the asset itself, and returns what stood there before.
func (p *Portal) saveAbout(g *gin.Context, asset *catalog.Asset, typed url.Values) (s savings, before url.Values, err error) {
	s, err = p.save(g, typed, edited{
		read: func() (url.Values, int, error) {
			ctx := g.Request.Context()
			asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), asset.ID)
			if err != nil {
				return nil, 0, err
			}
			f, err := p.assetForm(g, &asset)
			before = f.Values
			return before, asset.Version, err
		},
		store: func(values, now url.Values) (answer, error) {
			body := changes(p.assetBody(values), p.assetBody(now))
			if len(body) == 0 {
				return answer{}, nil
			}
			return p.ask(g, http.MethodPatch, assetsAPI+asset.ID, body)
		},
		show:  func(_ string, values []string) string { return strings.Join(values, ", ") },
		field: func(url.Values) func(string) string { return nil },
	})
	return s, before, err
}

// saveBeside stores the shotlist, if it is another, and a file of captions, if there is
// one, and returns what was wrong with them.
func (p *Portal) saveBeside(g *gin.Context, asset *catalog.Asset, s *savings, now url.Values, file []byte) (wrong []mistake, err error) {
	values := s.form.Values
	another := !same(shotsField, values[shotsField], now[shotsField]) || values.Get(shotsLanguage) != now.Get(shotsLanguage) && strings.TrimSpace(values.Get(shotsField)) != ""
	if another && !s.form.Clash {
		body := gin.H{"text": text(values, shotsField), languageField: values.Get(shotsLanguage)}
		if strings.TrimSpace(values.Get(shotsField)) == "" {
			body = gin.H{"shots": []string{}}
		}
		a, err := p.askOf(g, s.version, func() (answer, error) { return p.ask(g, http.MethodPut, assetsAPI+asset.ID+"/shotlist", body) })
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, p.mistakesOf(g, a, shotlistField)...)
	}
	if file == nil {
		return wrong, nil
	}
	language := strings.TrimSpace(values.Get(captionsLanguage))
	if language == "" {
		text := p.say(g, "desk.no_captions_language")
		return append(wrong, mistake{Field: captionsLanguage, Text: text, Whole: text}), nil
	}
	a, err := p.askWith(g, http.MethodPut, assetsAPI+asset.ID+"/captions/"+url.PathEscape(language), "application/octet-stream", file)
	return append(wrong, p.mistakesOf(g, a, captionsField)...), err
}

func shotlistField(name string) string {
	if name == languageField {
		return shotsLanguage
	}
	return shotsField
}

func captionsField(name string) string {
	if name == languageField {
		return captionsLanguage
	}
	return captionsFile
}

// showUnsaved shows the form again: what was stored of it is what it begins with now.
func (p *Portal) showUnsaved(g *gin.Context, asset *catalog.Asset, s savings, wrong []mistake) {
	ctx := g.Request.Context()
	now, err := p.Catalog.Asset(ctx, catalog.From(ctx), asset.ID)
	if err != nil {
		p.fail(g, err)
		return
	}
	f, err := p.assetForm(g, &now)
	if err != nil {
		p.fail(g, err)
		return
	}
	s.form.Values.Set(begunField, f.Value(begunField))
	s.form.Mistakes = append(s.form.Mistakes, wrong...)
	s.form.status = max(s.form.status, http.StatusUnprocessableEntity)
	if s.form.Clash {
		s.form.status = http.StatusConflict
	}
	p.showDeskAsset(g, &now, s.form)
}

// alsoDo does what a button of the page is for, besides storing the form, or shows the form
// again with why not: what was typed, where that is not stored yet.
func (p *Portal) alsoDo(g *gin.Context, asset *catalog.Asset, act, of string, typed url.Values) bool {
	method, path := http.MethodPost, "/"+act
	switch act {
	case "withdraw", "restore":
	case "restart":
		path = "/steps/" + url.PathEscape(of)
	case "remove":
		method, path = http.MethodDelete, "/captions/"+url.PathEscape(of)
	default:
		return true
	}
	a, err := p.ask(g, method, assetsAPI+asset.ID+path, nil)
	switch {
	case err != nil:
		p.fail(g, err)
	case a.Status == http.StatusNotFound && method == http.MethodDelete: // somebody else has
		return true
	case !a.good():
		p.showAssetRefused(g, asset.ID, typed, a)
	default:
		return true
	}
	return false
}

// showAssetRefused shows the form of an asset with why something was not done: with what was
// typed, or else what is stored.
func (p *Portal) showAssetRefused(g *gin.Context, id string, typed url.Values, a answer) {
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), id)
	if err != nil {
		p.fail(g, err)
		return
	}
	if typed == nil {
		now, err := p.assetForm(g, &asset)
		if err != nil {
			p.fail(g, err)
			return
		}
		typed = now.Values
	}
	p.showDeskAsset(g, &asset, p.wrong(g, typed, a, func(string) string { return "" }))
}

var errNoFile = errors.New("no file was sent")

// typedWithFile reads the form of an asset, with its file of captions, nil if none was
// chosen; or it answers that the form cannot be read.
func (p *Portal) typedWithFile(g *gin.Context) (url.Values, []byte, bool) {
	if g.ContentType() != gin.MIMEMultipartPOSTForm {
		values, ok := p.typed(g)
		if ok && !values.Has(begunField) {
			p.showError(g, http.StatusBadRequest)
			ok = false
		}
		return values, nil, ok
	}
	if _, err := g.MultipartForm(); err != nil || !g.Request.PostForm.Has(begunField) {
		p.showError(g, http.StatusBadRequest)
		return nil, nil, false
	}
	file, err := fileOf(g, captionsFile)
	if err != nil && !errors.Is(err, errNoFile) {
		p.showError(g, http.StatusBadRequest)
		return nil, nil, false
	}
	return g.Request.PostForm, file, true
}

// fileOf reads a file of a form, or returns errNoFile.
func fileOf(g *gin.Context, name string) ([]byte, error) {
	header, err := g.FormFile(name)
	if err != nil {
		return nil, errNoFile
	}
	file, err := header.Open()
	if err != nil {
		return nil, err //nolint:wrapcheck // it is told as a form that cannot be read
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(file) //nolint:wrapcheck // likewise
}
