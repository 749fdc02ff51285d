package portal

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// What the description of the API, OpenAPI 3.1, says of it, as far as it is shown.
type (
	reference struct {
		Tags       []referenceTag
		Paths      map[string]map[string]*apiOperation
		Components struct{ Schemas map[string]*apiSchema }
	}
	referenceTag struct{ Name, Description string }
	apiOperation struct {
		Method, Path string  `json:"-"`
		Sent         []field `json:"-"` // what the body has, in JSON

		ID          string `json:"operationId"`
		Summary     string
		Description string
		Tags        []string
		Parameters  []apiParameter
		RequestBody *apiMessage
		Responses   map[string]*apiMessage
		Security    []map[string][]string
	}
	apiParameter struct {
		Name, In, Description string
		Required              bool
		Schema                apiSchema
	}
	apiMessage struct {
		Description string
		Required    bool
		Content     map[string]*apiContent
		Headers     map[string]*apiParameter
	}
	apiContent struct {
		Schema  apiSchema
		Example json.RawMessage
	}
	apiSchema struct {
		Ref         string `json:"$ref"`
		Type        oneOrMore
		Format      string
		Description string
		Enum        []any
		Default     any
		Examples    []any
		Minimum     *json.Number
		Maximum     *json.Number
		MaxLength   int
		MaxItems    int
		Items       *apiSchema
		Properties  map[string]*apiSchema
		Required    []string
		Additional  json.RawMessage `json:"additionalProperties"`
	}
	// oneOrMore is a list that may be written as its only element.
	oneOrMore []string
)

// UnmarshalJSON reads either form.
func (o *oneOrMore) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrMore{one}
		return nil
	}
	if err := json.Unmarshal(data, (*[]string)(o)); err != nil {
		return fmt.Errorf("read a list: %w", err)
	}
	return nil
}

// reference is the description of the API, which serves it itself; it does not change.
func (p *Portal) reference(g *gin.Context) (*reference, error) {
	if known := p.described.Load(); known != nil {
		return known, nil
	}
	a, err := p.ask(g, http.MethodGet, "/openapi.json", nil)
	if err != nil {
		return nil, err
	}
	if !a.good() {
		return nil, fmt.Errorf("the API's description is not served: %d", a.Status)
	}
	var of reference
	if err := a.read(&of); err != nil {
		return nil, err
	}
	for path, methods := range of.Paths {
		for method, op := range methods {
			op.Method, op.Path = strings.ToUpper(method), path
			op.Sent = of.sent(op)
		}
	}
	p.described.Store(&of)
	return &of, nil
}

// sent are the parts of the body that an operation takes.
func (r *reference) sent(op *apiOperation) []field {
	if !op.takesJSON() {
		return nil
	}
	schema := &op.RequestBody.Content[jsonType].Schema
	if named := r.Components.Schemas[schema.Name()]; named != nil {
		schema = named
	}
	return schema.Fields()
}

// operations are those of a tag, by path.
func (r *reference) operations(tag string) (all []*apiOperation) {
	for _, path := range slices.Sorted(maps.Keys(r.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if op := r.Paths[path][method]; op != nil && slices.Contains(op.Tags, tag) {
				all = append(all, op)
			}
		}
	}
	return all
}

// apiAnswer is what an operation says under a status.
type apiAnswer struct {
	Status string
	*apiMessage
}

// Answers are what an operation says where it does what was asked.
func (o *apiOperation) Answers() []apiAnswer { return o.answers(false) }

// Refusals are what it says where it does not.
func (o *apiOperation) Refusals() []apiAnswer { return o.answers(true) }

func (o *apiOperation) answers(refused bool) (all []apiAnswer) {
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if (status >= "400") == refused {
			all = append(all, apiAnswer{status, o.Responses[status]})
		}
	}
	return all
}

// schemas are the names of those that operations take and give, and of those in them.
func (r *reference) schemas(of []*apiOperation) []string {
	names := map[string]bool{}
	for _, op := range of {
		for i := range op.Sent { // its own name is nothing to a reader
			r.follow(op.Sent[i].apiSchema, names)
		}
		for _, answer := range op.Responses {
			r.collect(answer, names)
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (r *reference) collect(message *apiMessage, names map[string]bool) {
	for _, content := range message.Content {
		r.follow(&content.Schema, names)
	}
}

func (r *reference) follow(schema *apiSchema, names map[string]bool) {
	if name := schema.Name(); name != "" {
		named := r.Components.Schemas[name]
		if names[name] || named == nil {
			return
		}
		names[name] = true
		schema = named
	}
	for _, property := range schema.Properties {
		r.follow(property, names)
	}
	for _, inside := range []*apiSchema{schema.Items, schema.values()} {
		if inside != nil {
			r.follow(inside, names)
		}
	}
}

// Name is that of a schema which stands elsewhere, or empty.
func (s *apiSchema) Name() string {
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

// values is the schema of what a map holds.
func (s *apiSchema) values() *apiSchema {
	var values apiSchema
	if len(s.Additional) == 0 || s.Additional[0] != '{' || json.Unmarshal(s.Additional, &values) != nil {
		return nil
	}
	return &values
}

// Linked is the name of the schema that the value has, or that those in it have.
func (s *apiSchema) Linked() string {
	for _, inside := range []*apiSchema{s.Items, s.values()} {
		if inside != nil {
			return inside.Linked()
		}
	}
	return s.Name()
}

// Kind says in words what a value is.
func (s *apiSchema) Kind() string {
	switch values := s.values(); {
	case s.Items != nil:
		return "list of " + s.Items.Kind()
	case values != nil:
		return "object by name, of " + values.Kind()
	case s.Name() != "":
		return s.Name()
	}
	kinds := slices.DeleteFunc(slices.Clone(s.Type), func(kind string) bool { return kind == "null" })
	kind := strings.Join(kinds, " or ")
	switch {
	case kind == "":
		kind = "any value"
	case s.Format == "date-time", s.Format == "date", s.Format == "binary":
		kind = s.Format
	}
	if len(kinds) < len(s.Type) {
		kind += " or null"
	}
	return kind
}

// Choices are the values that a field, or each in a list, may have.
func (s *apiSchema) Choices() []any {
	if s.Items != nil {
		return s.Items.Enum
	}
	return s.Enum
}

// field is a part of an object.
type field struct {
	Name   string
	Needed bool
	*apiSchema
}

// Fields are an object's, those that must be there first.
func (s *apiSchema) Fields() []field {
	var needed, other []field
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if slices.Contains(s.Required, name) {
			needed = append(needed, field{name, true, s.Properties[name]})
		} else {
			other = append(other, field{name, false, s.Properties[name]})
		}
	}
	return append(needed, other...)
}
