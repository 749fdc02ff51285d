package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// Uploading without script. A form that is not multipart sends the names of chosen files
// and nothing else: so uploads are begun here, and each is shown with a form of its own
// that brings its file to the store, which leads the browser back.

// filesField is the field of the chosen files; the inputs of mistakes are called otherwise.
const (
	filesField   = "files"
	chosenInput  = "chosen"
	embargoInput = "embargo"
)

// mostFiles is how many uploads one form begins.
const mostFiles = 50

// storeForm is what sends a file to the store, as the API signs it.
type storeForm struct {
	URL       string
	Fields    map[string]string
	ExpiresAt time.Time `json:"expires_at"`
}

// sentPath is where the store leads to, once it has a file.
func sentPath(uploadID, replaces string) string {
	return replacing(uploadPath+"/"+uploadID+"/sent", replaces)
}

// signForms gives each upload that a form is to bring such a form.
func (p *Portal) signForms(g *gin.Context, uploads []unfinishedUpload, replaces string) error {
	for i := range uploads {
		u := &uploads[i]
		if !u.Form || u.Size > 0 {
			continue
		}
		a, err := p.ask(g, http.MethodPost, uploadsAPI+u.ID+"/form", gin.H{"redirect_to": p.address(sentPath(u.ID, replaces))})
		if err == nil && a.good() { // given up meanwhile, it has none
			u.Sends = new(storeForm)
			err = a.read(u.Sends)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// beginUploads begins an upload for each name of a file.
func (p *Portal) beginUploads(g *gin.Context) {
	f, ok := p.readForm(g)
	if !ok {
		return
	}
	names := []string{}
	for _, name := range f.Values[filesField] {
		// Some browsers used to send a path of their own.
		if name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/")); name != "." && name != "/" {
			names = append(names, name)
		}
	}
	switch {
	case len(names) == 0:
		f.wrong(chosenInput, p.say(g, "upload.none"))
	case len(names) > mostFiles:
		f.wrong(chosenInput, p.say(g, "upload.most", "Count", mostFiles))
	}
	for _, m := range p.unclearEmbargo(g, f.Values) {
		f.wrong(embargoInput, m.Text)
	}
	if len(f.Mistakes) > 0 {
		p.showUpload(g, f)
		return
	}
	about := gin.H{"form": true, languageField: f.Value(languageField), restrictionsField: f.Value(restrictionsField)}
	if embargo := p.embargoOf(f.Values); embargo != nil {
		about[embargoField] = embargo
	}
	for i, name := range names {
		about["filename"], about["title"] = name, titleOf(name)
		if err := keyed(g, fmt.Sprintf("%s-%d", f.Value("key"), among(names[:i], name)), about); err != nil {
			p.fail(g, err)
			return
		}
		if _, done, ended := p.send(g, &f, http.MethodPost, strings.TrimSuffix(uploadsAPI, "/"), about); !done {
			if !ended {
				p.showUpload(g, f)
			}
			return
		}
	}
	lead(g, p.here(g))
}

// among is how often a name is among others.
func among(names []string, name string) (times int) {
	for _, other := range names {
		if other == name {
			times++
		}
	}
	return times
}

// wrong adds a mistake of a field.
func (f *form) wrong(field, text string) {
	f.Mistakes = append(f.Mistakes, mistake{Field: field, Text: text, Whole: text})
	f.status = http.StatusUnprocessableEntity
}

// titleOf is what a file is called until an editor says otherwise.
func titleOf(filename string) string {
	title := strings.ReplaceAll(strings.TrimSuffix(filename, path.Ext(filename)), "_", " ")
	if strings.TrimSpace(title) == "" {
		return filename
	}
	return title
}

// finishUpload makes an asset of what a form has brought. The store leads here; made again,
// it leads to the same.
func (p *Portal) finishUpload(g *gin.Context) {
	a, err := p.ask(g, http.MethodPost, uploadsAPI+url.PathEscape(g.Param("id"))+"/complete", nil)
	var asset struct{ ID string }
	if err == nil && a.good() {
		err = a.read(&asset)
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	if !a.good() {
		p.showRefusal(g, a)
		return
	}
	others, err := p.unfinishedUploads(g)
	if err != nil {
		p.fail(g, err)
		return
	}
	to := deskAssetPath(asset.ID)
	if slices.ContainsFunc(others, func(other unfinishedUpload) bool { return other.Form }) {
		to = link(uploadPath, "", "sent", asset.ID)
	}
	lead(g, replacing(to, g.Query("replaces")))
}

// replacing is a page's address with the asset whose place another is to take, if one is.
func replacing(of, replaces string) string {
	if replaces == "" {
		return of
	}
	sign := "?"
	if strings.Contains(of, "?") {
		sign = "&"
	}
	return of + sign + url.Values{"replaces": {replaces}}.Encode()
}

// sentAsset is the asset that has just been made of what a form brought, nil if none was.
func (p *Portal) sentAsset(g *gin.Context) *catalog.Asset {
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Query("sent"))
	if err != nil {
		return nil
	}
	return &asset
}
