package portal

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

const (
	jsonType = "application/json"
	longLine = 60 // letters from which on an example is written in several lines
)

var inPath = regexp.MustCompile(`\{([^}]+)\}`)

// Example is how curl asks for an operation. API, TOKEN and what stands in paths are
// variables of the shell.
func (o *apiOperation) Example() string {
	parts := []string{"curl"}
	if o.Method != http.MethodGet && (o.Method != http.MethodPost || !o.takesJSON()) {
		parts[0] += " -X " + o.Method
	}
	address := inPath.ReplaceAllStringFunc(o.Path, func(name string) string {
		return "$" + strings.ToUpper(strings.Trim(name, "{}"))
	})
	if strings.Contains(o.Path, "/assets/{id}") {
		address = strings.Replace(address, "$ID", "$ASSET", 1)
	}
	var query []string
	for _, parameter := range o.needed() {
		query = append(query, parameter.Name+"="+parameter.sample())
	}
	if len(query) > 0 {
		address += "?" + strings.Join(query, "&")
	}
	parts[0] += ` "$API` + address + `"`
	switch {
	case o.ID == "sign-in":
		parts = append(parts, "-c cookies.txt")
	case o.Access() == "session":
		parts = append(parts, "-b cookies.txt")
	case o.Access() != "anyone":
		parts = append(parts, `-H "$TOKEN"`)
	}
	return strings.Join(append(parts, o.body()...), " \\\n  ")
}

func (o *apiOperation) takesJSON() bool {
	return o.RequestBody != nil && o.RequestBody.Content[jsonType] != nil
}

func (o *apiOperation) body() []string {
	switch {
	case o.takesJSON():
		quoted := strings.NewReplacer("'", `'\''`, `"$ASSET"`, `"'"$ASSET"'"`).Replace(o.RequestBody.Content[jsonType].shown())
		return []string{"-H 'Content-Type: " + jsonType + "'", "-d '" + quoted + "'"}
	case o.RequestBody != nil:
		return []string{"-H 'Content-Type: text/vtt'", "--data-binary @film.vtt"}
	}
	return nil
}

// needed are the parameters of the query without which nothing is answered.
func (o *apiOperation) needed() (all []apiParameter) {
	for _, parameter := range o.Parameters {
		if parameter.In == "query" && parameter.Required {
			all = append(all, parameter)
		}
	}
	return all
}

func (p *apiParameter) sample() string {
	if len(p.Schema.Examples) > 0 {
		if text, ok := p.Schema.Examples[0].(string); ok {
			return text
		}
	}
	return "water"
}

// Access says who may use an operation: anyone, session for somebody who signed in, or the
// scope that a token needs.
func (o *apiOperation) Access() string {
	access := "anyone"
	for _, way := range o.Security {
		if scopes := way["token"]; len(scopes) > 0 {
			return scopes[0]
		}
		access = "session"
	}
	return access
}

// shown is the example of a body.
func (c *apiContent) shown() string {
	var lines bytes.Buffer
	if len(c.Example) < longLine || json.Indent(&lines, c.Example, "  ", "  ") != nil {
		return string(c.Example)
	}
	return lines.String()
}
