package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// deskPath is the editors' desk; their other pages stand below it.
const deskPath = "/desk"

// mountDesk adds the pages of editors.
func (p *Portal) mountDesk(pages gin.IRoutes) {
	p.mountUploads(pages)
}

// shows adds a page that is read.
func shows(pages gin.IRoutes, path string, handler gin.HandlerFunc) {
	pages.Match([]string{http.MethodGet, http.MethodHead}, path, handler)
}
