package portal

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
)

// input is one field of a form, for the template "input".
type input struct {
	Form                    form
	Name, Label, Hint, Type string
	Lang                    string // of what is typed, where it is not the page's
	Complete, Mode, Max     string // autocomplete, inputmode, maxlength
	List                    string // id of a datalist
	Optional                bool
	Blank                   bool // may be left empty like most of its page, and does not say so
	Needed                  bool // says that it may not, on such a page
	Focus                   bool // typing begins here
	rule                    bool // the password's rule stands below it
}

// formFunctions are what templates with forms may call.
func formFunctions() template.FuncMap {
	return template.FuncMap{
		"input":   newInput,
		"wrong":   func(f form, name string) wrong { return wrong{name, f.About(name)} },
		"profile": func(f form, choices profileChoices) profileFields { return profileFields{f, choices} },
		"choices": func(f form, languages, topics []string) letterChoices { return letterChoices{f, languages, topics} },
		"ticks":   ticks,
		"once":    func(title, secret string) once { return once{title, secret} },
		"link":    link,
	}
}

// wrong are the mistakes of a field, for the template "wrong".
type wrong struct {
	Name string
	List []mistake
}

// profileFields are a profile's, for the template "profile".
type profileFields struct {
	Form    form
	Choices profileChoices
}

// letterChoices are what readers choose, for the template "newsletter-choices".
type letterChoices struct {
	Form              form
	Languages, Topics []string
}

// once is a secret that is shown this once, for the template "shown-once".
type once struct{ Title, Secret string }

// newInput reads pairs of attributes and values: input(form, "email", "label", "form.email").
func newInput(f form, name string, pairs ...string) (input, error) {
	in := input{Form: f, Name: name, Type: "text"}
	texts := map[string]*string{
		"label": &in.Label, "hint": &in.Hint, "type": &in.Type, "complete": &in.Complete, "mode": &in.Mode, "max": &in.Max, "list": &in.List, "lang": &in.Lang,
	}
	flags := map[string]*bool{"optional": &in.Optional, "blank": &in.Blank, "needed": &in.Needed, "focus": &in.Focus, "rule": &in.rule}
	if len(pairs)%2 != 0 {
		return in, errors.New("an attribute of an input has no value")
	}
	for i := 0; i < len(pairs); i += 2 {
		text, isText := texts[pairs[i]]
		flag, isFlag := flags[pairs[i]]
		switch {
		case isText:
			*text = pairs[i+1]
		case isFlag:
			*flag = pairs[i+1] == "yes"
		default:
			return in, fmt.Errorf("an input has no %q", pairs[i])
		}
	}
	return in, nil
}

// Required reports whether it may not be left empty.
func (in input) Required() bool { return !in.Optional && !in.Blank }

// Secret reports whether what is typed is not shown, and never comes back.
func (in input) Secret() bool { return in.Type == passwordName }

// Plain reports whether it is no text of a language.
func (in input) Plain() bool { return in.Type != "text" }

// Wrong are the field's mistakes.
func (in input) Wrong() wrong { return wrong{in.Name, in.Form.About(in.Name)} }

// Value is what stands in it.
func (in input) Value() string {
	if in.Secret() {
		return ""
	}
	return in.Form.Value(in.Name)
}

// Described names what describes it, for aria-describedby.
func (in input) Described() string {
	var ids []string
	if in.Hint != "" {
		ids = append(ids, in.Name+"-hint")
	}
	if in.Type == "datetime-local" {
		ids = append(ids, in.Name+"-zone")
	}
	if in.rule {
		ids = append(ids, "password-rule")
	}
	if len(in.Form.About(in.Name)) > 0 {
		ids = append(ids, in.Name+"-wrong")
	}
	return strings.Join(ids, " ")
}
