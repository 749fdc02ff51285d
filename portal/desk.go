package portal

import (
	"strings"

	"github.com/gin-gonic/gin"
)

// deskPath is the editors' desk; their other pages stand below it.
const deskPath = "/desk"

// Names of fields that several forms have, and the parameter that a next page begins by.
const (
	topicsField     = "topics"
	languageField   = "language"
	cursorParameter = "cursor"
)

// mountDesk adds the pages of editors, and the admins' first.
func (p *Portal) mountDesk(pages gin.IRoutes) {
	both(pages, deskPath, p.showDesk)
	both(pages, deskUsagePath, p.showDeskUsage)
	both(pages, adminPath, p.showAdmin)
	pages.POST(adminPath+"/jobs", p.retryJob)
	p.mountUploads(pages)
	p.mountDeskAssets(pages)
	p.mountDeskStories(pages)
	p.mountComposer(pages)
}

// deskTab is an entry of the desk's navigation; Name is a key of words.
type deskTab struct {
	Path, Name string
	Current    bool
}

// DeskTabs are the desk's pages that the visitor may open.
func (f frame) DeskTabs() []deskTab {
	tabs := []deskTab{
		{Path: deskPath, Name: "desk.assets"},
		{Path: uploadPath, Name: "upload.title"},
		{Path: deskStoriesPath, Name: "desk.stories"},
		{Path: lettersPath, Name: "desk.newsletter"},
		{Path: deskUsagePath, Name: "desk.usage"},
	}
	for i := range tabs {
		of := tabs[i].Path
		tabs[i].Current = newTab(f.Path, of, "").Current && (of != deskPath || f.Path == of || strings.HasPrefix(f.Path, deskAssetPath("")))
	}
	return tabs
}
