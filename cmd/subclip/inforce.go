package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"subclip/portal"
)

// inForce are the settings that admins are shown: limits, and how long things are kept.
func (s settings) inForce() (shown []portal.Setting) {
	for _, of := range []any{s.HTTP.Limits, s.Catalog} {
		value := reflect.ValueOf(of)
		for i := range value.NumField() {
			tag := value.Type().Field(i).Tag
			if name := tag.Get("env"); name != "" {
				shown = append(shown, portal.Setting{Name: name, Value: plain(value.Field(i).Interface()), About: tag.Get("desc")})
			}
		}
	}
	return shown
}

// plain writes a value as one would set it.
func plain(value any) string {
	switch value := value.(type) {
	case []string:
		return strings.Join(value, ",")
	case time.Duration:
		text := value.String()
		if hours, isWhole := strings.CutSuffix(text, "h0m0s"); isWhole {
			return hours + "h"
		}
		return text
	}
	return fmt.Sprint(value)
}
