package portal

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	uploadPath = deskPath + "/upload"
	uploadsAPI = "/v1/uploads/"
	momentPath = deskPath + "/moment"
)

// mountUploads adds the page on which masters are uploaded, and what Uppy asks there.
// Uppy speaks to a Companion, its own server, in a few requests of JSON; they are passed
// on to the API here. An upload is begun by the page itself, which Uppy then finds begun,
// as after a reload.
func (p *Portal) mountUploads(pages gin.IRoutes) {
	both(pages, uploadPath, func(g *gin.Context) { p.showUpload(g, form{}) })
	pages.POST(uploadPath, p.beginUploads)
	pages.GET(uploadPath+"/:id/sent", p.finishUpload)
	pages.POST(uploadPath+"/:id/sent", p.finishUpload)
	pages.POST(uploadPath+"/:id/abort", func(g *gin.Context) {
		f, ok := p.readForm(g)
		if !ok {
			return
		}
		back, err := accounts.ReturnPath(cmp.Or(f.Value("back"), uploadPath))
		if err != nil {
			back = uploadPath
		}
		p.pass(g, http.MethodDelete, uploadsAPI+url.PathEscape(g.Param("id")), nil, back)
	})
	pages.GET(momentPath, p.tellMoment)
	const one = uploadPath + "/s3/multipart/:id"
	pages.GET(one, p.listParts)
	pages.GET(one+"/:part", p.signPart)
	pages.POST(one+"/complete", p.completeUpload)
	pages.DELETE(one, func(g *gin.Context) {
		p.relay(g, http.MethodDelete, "", nil, func(answer) (any, error) { return gin.H{}, nil })
	})
}

type uploadPage struct {
	Form       form
	Unfinished []unfinishedUpload
	Replaces   *catalog.Asset // whose place the new one is to take
	Sent       *catalog.Asset // that has just arrived
	Unending   time.Time      // the end of an embargo of what is kept back, for the API
}

// unfinishedUpload is an upload that can go on, as the API tells of it.
type unfinishedUpload struct {
	ID, Title, Filename string
	Size                int64
	PartSize            int64 `json:"part_size"`
	Parts               int
	Finished            []int
	ExpiresAt           time.Time  `json:"expires_at"`
	Form                bool       // brings the file, instead of parts; its size is 0 until it has
	Sends               *storeForm `json:"-"`
}

// Sent is how many bytes the store has.
func (u unfinishedUpload) Sent() int64 {
	if u.Form {
		return u.Size
	}
	sent := int64(len(u.Finished)) * u.PartSize
	if slices.Contains(u.Finished, u.Parts) {
		sent -= int64(u.Parts)*u.PartSize - u.Size
	}
	return sent
}

// newUpload is the form of the page, with what the asset that is to be replaced has.
func (p *Portal) newUpload(old *catalog.Asset) form {
	f := newForm("key", newKey())
	if old != nil {
		p.setEmbargo(f.Values, old.EmbargoUntil)
		f.Values.Set(restrictionsField, old.Restrictions)
	}
	return f
}

// showUpload shows the page with a form, a new one where it has no values.
func (p *Portal) showUpload(g *gin.Context, f form) {
	old := p.replaced(g, "")
	if f.Values == nil {
		f = p.newUpload(old)
	}
	unfinished, err := p.unfinishedUploads(g)
	if err == nil {
		err = p.signForms(g, unfinished, g.Query("replaces"))
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	of := uploadPage{Form: f, Unfinished: unfinished, Replaces: old, Sent: p.sentAsset(g), Unending: catalog.Unending()}
	p.show(g, f.status, page{Name: "desk_upload", Title: p.say(g, "upload.title"), Hidden: true, Sends: true, Scripts: []string{"upload"}, Data: of})
}

// tellMoment reads a time as editors type it, for scripts: at is when it is, for the API.
func (p *Portal) tellMoment(g *gin.Context) {
	typed := g.Query("typed")
	if text := p.unclear(g, typed); text != "" {
		g.JSON(http.StatusUnprocessableEntity, gin.H{"detail": text})
		return
	}
	g.JSON(http.StatusOK, gin.H{"at": p.zone.moment(typed)})
}

// unfinishedUploads are the visitor's own, the newest first.
func (p *Portal) unfinishedUploads(g *gin.Context) ([]unfinishedUpload, error) {
	a, err := p.ask(g, http.MethodGet, fmt.Sprintf("%s?limit=%d", strings.TrimSuffix(uploadsAPI, "/"), mostFiles), nil)
	if err != nil || !a.good() {
		return nil, err
	}
	var list struct{ Uploads []unfinishedUpload }
	return list.Uploads, a.read(&list)
}

// relay passes a request about an upload on to the API, and answers with what is made
// of its answer; an error goes through as it is.
func (p *Portal) relay(g *gin.Context, method, more string, body any, made func(answer) (any, error)) {
	a, err := p.ask(g, method, uploadsAPI+url.PathEscape(g.Param("id"))+more, body)
	if err == nil && !a.good() {
		g.Data(a.Status, a.header.Get("Content-Type"), a.body)
		return
	}
	var out any
	if err == nil {
		out, err = made(a)
	}
	if err != nil {
		p.Log.Error("an upload was not passed on", "page", g.FullPath(), "error", err)
		g.Status(http.StatusInternalServerError)
		return
	}
	g.JSON(http.StatusOK, out)
}

// storedPart is a part as Uppy knows it. The API completes an upload by the parts that
// the store has, so their tags need not be told.
type storedPart struct {
	PartNumber int
	ETag       string
}

func (p *Portal) listParts(g *gin.Context) {
	p.relay(g, http.MethodGet, "", nil, func(a answer) (any, error) {
		var state unfinishedUpload
		err := a.read(&state)
		parts := []storedPart{}
		for _, number := range state.Finished {
			parts = append(parts, storedPart{number, "stored"})
		}
		return parts, err
	})
}

func (p *Portal) signPart(g *gin.Context) {
	number, err := strconv.Atoi(g.Param("part"))
	if err != nil {
		g.Status(http.StatusNotFound)
		return
	}
	p.relay(g, http.MethodPost, "/parts", gin.H{"numbers": []int{number}}, func(a answer) (any, error) {
		var signed struct{ Parts []struct{ URL string } }
		if err := a.read(&signed); err != nil {
			return nil, err
		}
		return gin.H{"url": signed.Parts[0].URL}, nil
	})
}

func (p *Portal) completeUpload(g *gin.Context) {
	p.relay(g, http.MethodPost, "/complete", nil, func(a answer) (any, error) {
		var asset struct{ ID string }
		err := a.read(&asset)
		return gin.H{"location": deskAssetPath(asset.ID), "key": asset.ID}, err
	})
}

// deskAssetPath is where editors change an asset.
func deskAssetPath(id string) string { return deskPath + "/assets/" + id }
