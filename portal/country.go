package portal

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// country is one to choose.
type country struct{ Code, Name string }

// countries lists all that have a code of two letters, by their names in a language.
func countries(tag string) []country {
	names := display.English.Regions()
	if tag == "fr" {
		names = display.French.Regions()
	}
	unions := []string{"EU", "EZ", "UN"} // they have codes, but are no countries
	var all []country
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || slices.Contains(unions, code) || region.Canonicalize() != region || region.String() != code {
				continue
			}
			if name := names.Name(region); name != "" {
				all = append(all, country{code, name})
			}
		}
	}
	order := collate.New(language.Make(tag))
	slices.SortFunc(all, func(a, b country) int { return order.CompareString(a.Name, b.Name) })
	return all
}
