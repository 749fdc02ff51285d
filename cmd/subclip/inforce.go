package main

import (
	"fmt"
	"reflect"

	"subclip/portal"
)

// inForce are the settings that admins are shown: limits, and how long things are kept.
func (s settings) inForce() (shown []portal.Setting) {
	for _, of := range []any{s.HTTP.Limits, s.Catalog} {
		value := reflect.ValueOf(of)
		for i := range value.NumField() {
			tag := value.Type().Field(i).Tag
			if name := tag.Get("env"); name != "" {
				shown = append(shown, portal.Setting{Name: name, Value: fmt.Sprint(value.Field(i).Interface()), About: tag.Get("desc")})
			}
		}
	}
	return shown
}
