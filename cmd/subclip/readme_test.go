package main

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of settings into README.md")

const (
	tableBegin = "<!-- settings: made by `make docs` -->\n"
	tableEnd   = "<!-- end of settings -->"
)

// TestReadmeSettings holds the README's table of settings against the code.
func TestReadmeSettings(t *testing.T) {
	const path = "../../README.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatal("README.md has no place for the table of settings")
	}
	want := before + tableBegin + "| Variable | Default | What it is |\n|---|---|---|\n" + rows(reflect.TypeFor[settings]()) + tableEnd + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(data) != want {
		t.Error("the table of settings in README.md is not current: run `make docs`")
	}
}

// rows lists the settings of a struct and of the structs in it.
func rows(of reflect.Type) string {
	var b strings.Builder
	for i := range of.NumField() {
		field := of.Field(i)
		name := field.Tag.Get("env")
		if name == "" {
			b.WriteString(rows(field.Type))
			continue
		}
		value := field.Tag.Get("envDefault")
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, value, field.Tag.Get("desc"))
	}
	return b.String()
}
