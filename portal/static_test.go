package portal

import (
	"io/fs"
	"regexp"
	"testing"
)

// maxScript is the most bytes of script that a page may load, before it is compressed and
// before anybody does anything there.
const maxScript = 150_000

// TestScriptsAreSmall adds up what each page's module brings with it, besides what all
// pages have.
func TestScriptsAreSmall(t *testing.T) {
	static, err := readStatic()
	if err != nil {
		t.Fatal(err)
	}
	imports := regexp.MustCompile(`(?:from|import)\s*"\./([^"]+\.js)"`)
	var collect func(name string, into map[string]int)
	collect = func(name string, into map[string]int) {
		if _, known := into[name]; known {
			return
		}
		data, err := fs.ReadFile(static.files, name)
		if err != nil {
			t.Fatal(err)
		}
		into[name] = len(data)
		for _, found := range imports.FindAllSubmatch(data, -1) {
			collect(string(found[1]), into)
		}
	}
	names, err := fs.Glob(static.files, "*.js")
	if err != nil || len(names) < 3 {
		t.Fatalf("the scripts are %v: %v", names, err)
	}
	for _, name := range names {
		loaded := map[string]int{}
		collect("portal.js", loaded)
		collect(name, loaded)
		if name == "asset.js" {
			collect("played.js", loaded)
		}
		sum := 0
		for _, size := range loaded {
			sum += size
		}
		if sum > maxScript {
			t.Errorf("with %s a page loads %d bytes of script: %v", name, sum, loaded)
		}
	}
}
