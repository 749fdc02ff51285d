package portal

import (
	"context"
	"net/http"
	"strconv"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

// Where files of clips, numbered from 1, and ZIPs of orders are to be had. They sign a URL
// of the store each time they are asked, so that a page that is left open keeps working.
func clipFilePath(id, number string) string {
	return downloadsPath + "/clips/" + id + "/files/" + number
}
func orderFilePath(id string) string { return downloadsPath + "/orders/" + id + "/file" }

func (p *Portal) leadToClip(g *gin.Context) {
	p.leadToFile(g, func(ctx context.Context, by catalog.Asker) (files []catalog.JobFile, err error) {
		clip, err := p.Catalog.Clip(ctx, by, g.Param("id"))
		if err == nil && clip.Status() == catalog.ClipReady {
			files = clip.Files()
		}
		return files, err
	})
}

func (p *Portal) leadToOrder(g *gin.Context) {
	p.leadToFile(g, func(ctx context.Context, by catalog.Asker) (files []catalog.JobFile, err error) {
		order, err := p.Catalog.Order(ctx, by, g.Param("id"))
		if err == nil && order.Status() == catalog.ClipReady {
			files = []catalog.JobFile{order.Job.Result.Files[0]}
			files[0].Name = order.FileName()
		}
		return files, err
	})
}

// leadToFile sends an owner on to a file in the store: the one that the address names by
// its number, or else the only one. Where there are none, because it is not made yet or no
// longer kept, the page of downloads says so.
func (p *Portal) leadToFile(g *gin.Context, find func(context.Context, catalog.Asker) ([]catalog.JobFile, error)) {
	ctx := g.Request.Context()
	files, err := find(ctx, catalog.From(ctx))
	if err != nil {
		p.fail(g, err)
		return
	}
	g.Header("Cache-Control", "no-store")
	if len(files) == 0 {
		g.Redirect(http.StatusSeeOther, downloadsPath)
		return
	}
	number := 1
	if named := g.Param("n"); named != "" {
		number, err = strconv.Atoi(named)
	}
	if err != nil || number < 1 || number > len(files) {
		p.showError(g, http.StatusNotFound)
		return
	}
	file := files[number-1]
	signed, err := p.Store.DownloadURL(ctx, file.Key, file.Name)
	if err != nil {
		p.fail(g, err)
		return
	}
	g.Redirect(http.StatusFound, signed.URL)
}
