package said

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// news are sentences that nobody has translated, said in the ways in which rooms say
// something: the test must find them, and so finds the next one that somebody adds.
var news = map[string]string{
	"subclip/catalog": `package catalog
		func refuseNews(id string) error { return passOn("items", "a refusal of %q that is new", id) }
		func passOn(field, format string, args ...any) error { return invalid(field, format, args...) }`,
	"subclip/transcoder": `package transcoder
		func failNews(loud bool) error {
			reasons := []struct{ when bool; why string }{{loud, "a failure that is new"}}
			return unusable(nil, "%s", reasons[0].why)
		}`,
	"subclip/httpapi": `package httpapi
		import "github.com/gin-gonic/gin"
		func (a *API) refuseNews(g *gin.Context) { a.refuse(g, 403, "a page's refusal that is new: " + g.Request.Method) }`,
}

// TestEverySentenceHasWords finds what users may be told and has no French, and words for
// what nobody says any more.
func TestEverySentenceHasWords(t *testing.T) {
	t.Parallel()
	of := sentences(t, news)
	found := of.found
	// What these hand on is found elsewhere, or is a tool's and stands in brackets.
	dark := []string{
		"catalog/rendition.go", "catalog/request.go", // the transcoder's refusals, which are followed, among other errors
		"httpapi/shotlists.go", // timecode's errors
		"transcoder/carry.go", "transcoder/codec_avc.go", "transcoder/codec_avc_recovery.go", "transcoder/codec_hevc.go",
		"transcoder/make.go", // what is unsupported
		"worker/job.go",      // the worker's own errors, and the transcoder's
	}
	if handsOn := slices.Sorted(maps.Keys(of.dark)); !slices.Equal(handsOn, dark) {
		t.Errorf("these hand on sentences that cannot be followed: %q, want %q", handsOn, dark)
	}
	file := read(t, "fr")
	var lacking []string
	for format, at := range found {
		if file.Sentences[format] == "" {
			lacking = append(lacking, format)
			if !strings.HasSuffix(at.Filename, "more.go") {
				t.Errorf("%s: %q has no French", at, format)
			}
		}
	}
	slices.Sort(lacking)
	if want := []string{"a failure that is new", "a page's refusal that is new: %s", "a refusal of %q that is new"}; !slices.Equal(lacking, want) {
		t.Errorf("of the sentences that are new, these were found: %q", lacking)
	}
	if len(found) < 250 {
		t.Errorf("only %d sentences were found", len(found))
	}
	var formats []format
	for source := range found {
		formats = append(formats, formatOf(source, ""))
	}
	for _, language := range []string{"en", "fr"} {
		for key, text := range read(t, language).Sentences {
			// What is said with one certain word in its place may have words of its own.
			sample := verb.ReplaceAllString(strings.ReplaceAll(key, "%q", `"1"`), "1")
			if _, same := found[key]; !same && !slices.ContainsFunc(formats, func(f format) bool { return f.pattern.MatchString(sample) }) {
				t.Errorf("%s has words for %q, which nobody says", language, key)
			}
			checkPlaces(t, key, text)
		}
	}
}

// checkPlaces finds places in a text that nothing fills.
func checkPlaces(t *testing.T, key, text string) {
	t.Helper()
	if strings.TrimSpace(text) == "" {
		t.Errorf("%q is empty", key)
	}
	for _, at := range place.FindAllStringSubmatch(text, -1) {
		if number := int(at[1][0] - '0'); number < 1 || number > len(formatOf(key, text).verbs) {
			t.Errorf("%q has nothing for %s", key, at[0])
		}
	}
}

type words struct{ Sentences, Terms map[string]string }

func read(t *testing.T, language string) (file words) {
	t.Helper()
	data, err := files.ReadFile(language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSay says sentences that are filled with names, numbers, times and one another.
func TestSay(t *testing.T) {
	t.Parallel()
	said := map[string]map[string]string{
		"fr": {
			"this is not your password":                            "Ce n'est pas votre mot de passe.",
			`there is no story "a \"b\" c"`:                        `Il n'y a pas d'article « a "b" c ».`,
			`there is no story "open"`:                             "Il n'y a pas d'article « open ».",
			"the organisation has 300 characters: use 200 at most": "L'organisation compte 300 caractères : 200 au plus.",
			"this is for the role editor: yours is professional":   "Cela demande le rôle « rédacteur » ; le vôtre est « professionnel ».",
			"12.5 GB were made for you today, and a day's limit is 10.0 GB: come back after midnight, UTC":                                                                                                     "12,5 Go ont été produits aujourd'hui pour vous, et la limite est de 10,0 Go par jour : revenez après minuit (UTC).",
			"this takes 1h30m5s of encoding, and a day's limit is 1h0m0s: ask for less, or for the format source":                                                                                              "Cela demande 1\u00a0h 30\u00a0min 5\u00a0s d'encodage, et la limite est de 1\u00a0h par jour : demandez-en moins, ou dans le format tel que livré.",
			`cannot read "10:00": it is negative; write a timecode as HH:MM:SS:FF, or a time from the start of the media as SS.mmm, MM:SS.mmm or HH:MM:SS.mmm. The video runs from 10:00:00:00 to 10:03:00:00`: "« 10:00 » est illisible : ce temps est négatif ; écrivez un timecode sous la forme HH:MM:SS:FF, ou un temps depuis le début de la vidéo : SS.mmm, MM:SS.mmm ou HH:MM:SS.mmm. La vidéo va de 10:00:00:00 à 10:03:00:00.",
			"every picture is encoded again: its index shows 3 pictures and decoding 4":                                                                                                                        "Toutes les images sont réencodées : son index annonce 3 images et le décodage en donne 4.",
			"every picture is encoded again: the H.264 parameters cannot be read (a slice is cut short)":                                                                                                       "Toutes les images sont réencodées : les paramètres H.264 sont illisibles.",
			"every picture is encoded again: what only a tool would say":                                                                                                                                       "Toutes les images sont réencodées.",
			"the master's own pictures between the marks; those of partial GOPs are encoded; copied out of mpegts":                                                                                             "Les images mêmes du master entre les points ; celles des GOP entamés sont encodées ; après copie depuis mpegts.",
			"this is not an e-mail address: write it as name@example.com":                                                                                                                                      "Ce n'est pas une adresse e-mail : écrivez-la comme nom@exemple.fr",
		},
		"en": {
			"this is not your password":                                        "This is not your password.",
			"expected length >= 1":                                             "Fill this in.",
			"the media_role has 300 characters: use 2 at most":                 "The role has 300 characters: use 2 at most.",
			"clip.ready is for editors, and for tokens with the scope publish": "clip.ready is for editors, and for tokens with the scope publish.",
			"what nobody has said before":                                      "What nobody has said before.",
		},
	}
	for _, language := range slices.Sorted(maps.Keys(said)) {
		w, err := Read(language)
		if err != nil {
			t.Fatal(err)
		}
		for sentence, want := range said[language] {
			if text, ok := w.Say(sentence); !ok || text != want {
				t.Errorf("%s of %q:\n%s\nwanted:\n%s", language, sentence, text, want)
			}
		}
		if text, ok := w.Say("what nobody has said before"); ok == (language == "fr") {
			t.Errorf("%s of a new sentence: %q, %v", language, text, ok)
		}
	}
}

// TestForeignValues fills sentences with what looks like a place, and with sentences in
// sentences without end: what stands there is anybody's.
func TestForeignValues(t *testing.T) {
	t.Parallel()
	words, err := Read("fr")
	if err != nil {
		t.Fatal(err)
	}
	said, ok := words.Say(`there is no clip "{9} {1} {0}"`)
	if !ok || !strings.Contains(said, "{9} {1} {0}") {
		t.Errorf("it says %q, without the clip's name", said)
	}
	said, ok = words.Say(`every picture is encoded again: there is no clip "{9} {1}"`)
	if !ok || !strings.Contains(said, "{9} {1}") {
		t.Errorf("it says %q, without the clip's name", said)
	}
	for _, start := range []string{"line 1: ", "it is ", "every picture is encoded again: "} {
		words.Say(strings.Repeat(start, 100))
	}
}
