package main

import (
	"testing"

	"subclip/said"
)

// TestSettingsHaveWords finds settings that admins are shown without words for them in French.
func TestSettingsHaveWords(t *testing.T) {
	t.Parallel()
	french, err := said.Read("fr")
	if err != nil {
		t.Fatal(err)
	}
	shown := settings{}.inForce()
	if len(shown) < 10 {
		t.Errorf("only %d settings are shown", len(shown))
	}
	for _, setting := range shown {
		if _, ok := french.Say(setting.About); !ok {
			t.Errorf("what %s says has no French: %q", setting.Name, setting.About)
		}
	}
}
