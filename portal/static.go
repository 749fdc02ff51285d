package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

// static is what `make web` has built, with a version of each file.
type static struct {
	files    fs.FS
	versions map[string]string
}

func readStatic() (*static, error) {
	root, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("read the built files: %w", err)
	}
	s := &static{root, map[string]string{}}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		sum := sha256.Sum256(data)
		s.versions[name] = hex.EncodeToString(sum[:8])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the built files: %w", err)
	}
	return s, nil
}

// address is a file's address. It names the version, so that browsers may keep the file.
func (s *static) address(name string) (string, error) {
	version, ok := s.versions[name]
	if !ok {
		return "", fmt.Errorf("there is no built file %s: run make web", name)
	}
	return "/static/" + name + "?v=" + version, nil
}

// font finds a font, whose name ends with its version.
func (s *static) font(start string) (string, error) {
	for name := range s.versions {
		if strings.HasPrefix(name, start+"-") && path.Ext(name) == ".woff2" {
			return "/static/" + name, nil
		}
	}
	return "", fmt.Errorf("there is no built font %s: run make web", start)
}

func (s *static) serve(g *gin.Context) {
	name := strings.TrimPrefix(g.Param("filepath"), "/")
	version, ok := s.versions[name]
	if !ok {
		g.String(http.StatusNotFound, "There is nothing at this address.\n")
		return
	}
	g.Header("Cache-Control", "no-cache")
	if g.Query("v") == version || strings.HasPrefix(name, "chunk-") || path.Ext(name) == ".woff2" {
		g.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	g.Header("ETag", `"`+version+`"`)
	http.ServeFileFS(g.Writer, g.Request, s.files, name)
}
