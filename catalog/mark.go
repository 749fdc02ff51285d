package catalog

import (
	"unicode"
)

// Piece is a part of a text. Found tells that it is what somebody looked for.
type Piece struct {
	Text  string
	Found bool
}

// MarkFound divides a text into what a search for words finds in it and what is between.
// All pieces together are the text.
func MarkFound(words, text string) []Piece {
	places := wordsIn(text)
	found := make([]bool, len(places))
	for _, t := range (search{words: words}).terms() {
		for i := range places {
			if i+len(t.words) <= len(places) && t.found(foldedAt(places[i:i+len(t.words)])) {
				for j := range t.words {
					found[i+j] = true
				}
			}
		}
	}
	var pieces []Piece
	written := 0
	for i := 0; i < len(places); i++ {
		if !found[i] {
			continue
		}
		first := i
		for i+1 < len(places) && found[i+1] {
			i++
		}
		if start := places[first].start; start > written {
			pieces = append(pieces, Piece{Text: text[written:start]})
		}
		pieces = append(pieces, Piece{text[places[first].start:places[i].end], true})
		written = places[i].end
	}
	if written < len(text) {
		pieces = append(pieces, Piece{Text: text[written:]})
	}
	return pieces
}

// place is where a word stands in a text, in bytes, and how it is looked for.
type place struct {
	start, end int
	folded     string
}

func wordsIn(text string) (places []place) {
	start := -1
	end := func(at int) {
		// What folds to several words, such as a ligature of symbols, is found as none.
		if start >= 0 {
			if folded := foldedWords(text[start:at]); len(folded) == 1 {
				places = append(places, place{start, at, folded[0]})
			}
			start = -1
		}
	}
	for at, r := range text {
		switch inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); {
		case inWord && start < 0:
			start = at
		case !inWord:
			end(at)
		}
	}
	end(len(text))
	return places
}

func foldedAt(places []place) []string {
	words := make([]string, len(places))
	for i, p := range places {
		words[i] = p.folded
	}
	return shortened(words)
}
