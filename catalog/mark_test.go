package catalog

import (
	"strings"
	"testing"
)

func TestMarkFound(t *testing.T) {
	for _, test := range []struct{ words, text, want string }{
		{"geneva", "Welcome to Genève, or Geneva.", "Welcome to Genève, or [Geneva]."},
		{"genev", "Welcome to Genève, or Geneva.", "Welcome to [Genève], or [Geneva]."},
		{`"cease fire" talk`, "Talks on the cease-fire; cease all fire", "[Talks] on the [cease-fire]; cease all fire"},
		{"ete oeuvre ", "L’œuvre d'été", "L’[œuvre] d'[été]"},
		{"e\u0301te\u0301", "un été", "un [été]"},
		{"a", "a an <b>a</b>", "[a] an <b>[a]</b>"},
		{"  ", "nothing", "nothing"},
		{"word", "", ""},
	} {
		var got strings.Builder
		for _, piece := range MarkFound(test.words, test.text) {
			if piece.Found {
				got.WriteString("[" + piece.Text + "]")
			} else {
				got.WriteString(piece.Text)
			}
		}
		if got.String() != test.want {
			t.Errorf("%q in %q: %s, want %s", test.words, test.text, got.String(), test.want)
		}
	}
}
