package httpapi

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
)

// page asks for a page as a browser in English does.
func (c *client) page(t *testing.T, path string) answer {
	t.Helper()
	return c.ask(t, http.MethodGet, path, nil, "Accept", "text/html", "Accept-Language", "en")
}

// told makes a story, and brings it out unless it is to be a draft.
func (c *client) told(t *testing.T, out bool, body fields) answer {
	t.Helper()
	story := c.ask(t, "POST", "/v1/stories", body).must(t, 201)
	if !out {
		return story
	}
	return c.ask(t, "POST", "/v1/stories/"+story.text("id")+"/publish", nil).must(t, 200)
}

// texts are a story in languages, given as pairs of a language and a title.
func texts(pairs ...string) fields {
	all := fields{}
	for i := 0; i+1 < len(pairs); i += 2 {
		all[pairs[i]] = fields{"title": pairs[i+1], "summary": "Summary of " + pairs[i+1], "body": "First part.\n\nSecond part."}
	}
	return all
}

// TestHiddenStories asks for what is no story for everyone yet, and for what is hidden in
// one that is, on every page and in every feed.
func TestHiddenStories(t *testing.T) {
	h := hide(t)
	editor, until := h.clients["editor"], time.Now().Add(time.Hour).Format(time.RFC3339)
	open := h.film(t, "Open film")
	public := editor.told(t, true, fields{"texts": texts("en", "Public tale"), "asset_ids": []string{h.embargoed.ID, h.withdrawn.ID, open.ID}})
	draft := editor.told(t, false, fields{"texts": texts("en", "Secret draft"), "asset_ids": []string{open.ID}})
	embargoed := editor.told(t, true, fields{"texts": texts("en", "Secret embargo", "fr", "Secret sous embargo"), "embargo_until": until})
	paths := []string{
		"/", "/?q=secret", "/?q=zebra", "/?kind=stories", "/?kind=videos", "/?q=tale", "/stories", "/stories?q=secret", "/stories?language=fr",
		"/stories/" + public.text("slug"), "/stories/" + draft.text("slug"), "/stories/" + embargoed.text("slug"), "/stories/" + draft.text("id"),
		"/assets/" + open.ID, "/sitemap.xml", "/sitemap/assets.xml", "/sitemap/stories.xml", "/feeds/stories.en.atom", "/feeds/stories.fr.atom",
	}
	secrets := []string{"Secret", h.embargoed.ID, h.withdrawn.ID, h.embargoed.Title, h.withdrawn.Title, draft.text("id"), draft.text("slug"), embargoed.text("slug")}
	for _, name := range []string{"viewer", "professional"} {
		for _, path := range paths {
			a := h.clients[name].page(t, path)
			for _, secret := range secrets {
				if strings.Contains(a.raw, secret) && !strings.Contains(path, secret) {
					t.Errorf("%s shows %q to a %s", path, secret, name)
				}
			}
		}
		for _, hidden := range []answer{draft, embargoed} {
			got, missing := h.clients[name].page(t, "/stories/"+hidden.text("slug")), h.clients[name].page(t, "/stories/missing")
			if got.status != http.StatusNotFound || strings.ReplaceAll(got.raw, hidden.text("slug"), "missing") != missing.raw {
				t.Errorf("a %s is told of %s: %d", name, hidden.text("slug"), got.status)
			}
		}
	}
	for path, words := range map[string]string{
		"/stories": "Secret draft", "/stories/" + draft.text("slug"): "/desk/stories/" + draft.text("id"), "/stories/" + embargoed.text("slug"): "Embargo until",
	} {
		if a := editor.page(t, path); a.status != 200 || !strings.Contains(a.raw, words) || strings.Contains(a.raw, "NewsArticle") {
			t.Errorf("%s does not say %q to an editor: %d", path, words, a.status)
		}
	}
}

// structured reads the description of a page for search engines.
func structured(t *testing.T, a answer) fields {
	t.Helper()
	found := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(a.raw)
	if found == nil {
		t.Fatalf("there is no description in %s", a.raw)
	}
	var out fields
	if err := json.Unmarshal([]byte(found[1]), &out); err != nil {
		t.Fatalf("%s: %v", found[1], err)
	}
	return out
}

// mustDescribe checks a VideoObject for what Google needs, and asks for.
func mustDescribe(t *testing.T, video map[string]any, assetID, title string) {
	t.Helper()
	thumbnails, _ := video["thumbnailUrl"].([]any)
	if video["@type"] != "VideoObject" || video["name"] != title || len(thumbnails) != 1 || thumbnails[0] != "https://press.example/assets/"+assetID+"/poster" ||
		video["contentUrl"] != "https://press.example/assets/"+assetID+"/proxy" || video["duration"] != "PT5M" || video["description"] == "" {
		t.Errorf("the video is %v", video)
	}
	if uploaded, _ := video["uploadDate"].(string); !isTime(uploaded) {
		t.Errorf("it was uploaded at %q", uploaded)
	}
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

// TestStructured reads what pages tell search engines.
func TestStructured(t *testing.T) {
	s := start(t, Config{})
	const title = `Film </script> & "quotes"`
	asset := s.film(t, title)
	editor, stranger := s.person(t, "e@example.com", accounts.Editor), &client{site: s}
	story := editor.told(t, true, fields{"texts": texts("en", "Talks "+strings.Repeat("go on ", 30), "fr", "Pourparlers"), "place": "Geneva", "keywords": []string{"peace"}, "asset_ids": []string{asset.ID}})
	editor.ask(t, "PATCH", "/v1/assets/"+asset.ID, fields{"shot_on": "2026-11-20", "language": "pt"}).must(t, 200)
	shown := stranger.page(t, "/assets/"+asset.ID)
	for _, fact := range []string{`<time datetime="2026-11-20">Shot on 20 November 2026</time>`, "<dt>Spoken languages</dt><dd>Portuguese</dd>"} {
		if !strings.Contains(shown.raw, fact) {
			t.Errorf("the page lacks %s", fact)
		}
	}
	if front := stranger.page(t, "/?kind=videos").raw; !strings.Contains(front, "Shot on 20 November 2026") || !strings.Contains(front, `<option value="pt">Portuguese</option>`) {
		t.Errorf("the list is %s", front)
	}
	video := structured(t, shown)
	if video["@context"] != "https://schema.org" {
		t.Errorf("its context is %v", video["@context"])
	}
	mustDescribe(t, video, asset.ID, title)
	if video["dateCreated"] != "2026-11-20" {
		t.Errorf("it was shot on %v", video["dateCreated"])
	}
	still := []string{`<meta property="og:image:width" content="320">`, `<meta property="og:image:height" content="180">`, `<meta property="og:image:alt" content="Film &lt;/script&gt; &amp; &#34;quotes&#34;">`}
	for language, locales := range map[string][2]string{"en": {"en_GB", "fr_FR"}, "fr": {"fr_FR", "en_GB"}} {
		mustShare(t, stranger.page(t, "/assets/"+asset.ID+"?lang="+language), "/assets/"+asset.ID+"?lang="+language, locales, append(still,
			`<meta property="og:video" content="https://press.example/assets/`+asset.ID+`/proxy">`)...)
	}

	path := "/stories/" + story.text("slug")
	for language, headline := range map[string]string{"en": "Talks go on", "fr": "Pourparlers"} {
		page := stranger.page(t, path+"?lang="+language)
		article := structured(t, page)
		said, _ := article["headline"].(string)
		images, _ := article["image"].([]any)
		videos, _ := article["video"].([]any)
		author, _ := article["author"].(map[string]any)
		place, _ := article["contentLocation"].(map[string]any)
		if article["@context"] != "https://schema.org" || article["@type"] != "NewsArticle" || !strings.HasPrefix(said, headline) || len([]rune(said)) > 110 ||
			article["inLanguage"] != language || len(images) != 1 || len(videos) != 1 || author["name"] != "Press" || author["url"] != "https://press.example/" || place["name"] != "Geneva" ||
			article["mainEntityOfPage"] != "https://press.example"+path+"?lang="+language {
			t.Fatalf("in %s the story is %v", language, article)
		}
		for _, field := range []string{"datePublished", "dateModified"} {
			if at, _ := article[field].(string); !isTime(at) {
				t.Errorf("%s is %v", field, article[field])
			}
		}
		first, _ := videos[0].(map[string]any)
		mustDescribe(t, first, asset.ID, title)
		locales := [2]string{"en_GB", "fr_FR"}
		if language == "fr" {
			locales = [2]string{"fr_FR", "en_GB"}
		}
		mustShare(t, page, path+"?lang="+language, locales, append(still,
			`<meta property="og:type" content="article">`, `<link rel="alternate" hreflang="fr" href="https://press.example`+path+`?lang=fr">`,
			`<meta property="og:image" content="https://press.example/assets/`+asset.ID+`/poster">`)...)
	}
}

// mustShare checks what a page tells those that it is shared with: its address, its own and
// the other language, when it came out, and further lines.
func mustShare(t *testing.T, page answer, address string, locales [2]string, more ...string) {
	t.Helper()
	lines := append([]string{
		`<link rel="canonical" href="https://press.example` + address + `">`, `<meta property="og:url" content="https://press.example` + address + `">`,
		`<meta property="og:locale" content="` + locales[0] + `">`, `<meta property="og:locale:alternate" content="` + locales[1] + `">`,
		`<meta property="article:published_time" content="20`,
	}, more...)
	for _, line := range lines {
		if !strings.Contains(page.raw, line) {
			t.Errorf("%s lacks %s", address, line)
		}
	}
}

// TestStoryInOneLanguage reads a story in a language that it does not have.
func TestStoryInOneLanguage(t *testing.T) {
	s := start(t, Config{})
	editor, stranger := s.person(t, "e@example.com", accounts.Editor), &client{site: s}
	path := "/stories/" + editor.told(t, true, fields{"texts": texts("fr", "Pourparlers")}).text("slug")
	page := stranger.page(t, path+"?lang=en").must(t, 200).raw
	for _, want := range []string{
		`<html lang="en">`, `<header lang="fr">`, `<div class="body" lang="fr">`, "This story is told in French only.", `rel="canonical" href="https://press.example` + path + `?lang=fr"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, `<link rel="alternate" hreflang="en"`) {
		t.Error("a language is named that it does not have")
	}
	feed := stranger.page(t, "/feeds/stories.fr.atom").must(t, 200).raw
	if !strings.Contains(feed, "<title>Pourparlers</title>") || !strings.Contains(feed, `href="https://press.example`+path+`?lang=fr"`) {
		t.Errorf("the feed is %s", feed)
	}
	if feed = stranger.page(t, "/feeds/stories.en.atom").must(t, 200).raw; strings.Contains(feed, "<entry") {
		t.Errorf("the feed in English is %s", feed)
	}
	if list := stranger.page(t, "/stories?lang=en").raw; !strings.Contains(list, `<h3 lang="fr">`) {
		t.Error("the list does not say that it is in French")
	}
}

// TestSitemap goes from robots.txt to every page that there is.
func TestSitemap(t *testing.T) {
	s := start(t, Config{})
	editor, stranger := s.person(t, "e@example.com", accounts.Editor), &client{site: s}
	asset := s.film(t, "Film")
	story := editor.told(t, true, fields{"texts": texts("fr", "Pourparlers")})
	const site = "https://press.example"
	_, address, _ := strings.Cut(stranger.page(t, "/robots.txt").must(t, 200).raw, "Sitemap: "+site)
	var index struct {
		Parts []string `xml:"sitemap>loc"`
	}
	check(t, xml.Unmarshal([]byte(stranger.page(t, strings.TrimSpace(address)).must(t, 200).raw), &index))
	listed := map[string][]string{}
	for _, part := range index.Parts {
		var pages struct {
			Pages []struct {
				Address string `xml:"loc"`
				Changed string `xml:"lastmod"`
				Others  []struct {
					Language string `xml:"hreflang,attr"`
				} `xml:"http://www.w3.org/1999/xhtml link"`
			} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
		}
		check(t, xml.Unmarshal([]byte(stranger.page(t, strings.TrimPrefix(part, site)).must(t, 200).raw), &pages))
		for _, page := range pages.Pages {
			if lasting := strings.HasSuffix(part, "/pages.xml"); lasting == isTime(page.Changed) {
				t.Errorf("%s changed at %q", page.Address, page.Changed)
			}
			for _, other := range page.Others {
				listed[page.Address] = append(listed[page.Address], other.Language)
			}
			stranger.page(t, strings.TrimPrefix(page.Address, site)).must(t, 200)
		}
	}
	want := map[string]string{
		site + "/assets/" + asset.ID + "?lang=en": "en fr", site + "/assets/" + asset.ID + "?lang=fr": "en fr",
		site + "/stories/" + story.text("slug") + "?lang=fr": "fr", site + "/?lang=en": "en fr",
	}
	for address, languages := range want {
		if got := strings.Join(listed[address], " "); got != languages {
			t.Errorf("%s is listed in %q, want %q", address, got, languages)
		}
	}
	const lasting = 6*2 - 1 // pages in both languages, less the one wanted above
	if len(listed) != len(want)+lasting {
		t.Errorf("listed are %v", listed)
	}
}

// TestFilterAddresses asks with addresses that nobody's form makes.
func TestFilterAddresses(t *testing.T) {
	s := start(t, Config{})
	stranger := &client{site: s}
	for path, status := range map[string]int{
		"/?from=yesterday": 422, "/?from=2026-02-30": 422, "/?from=2026-02-02&to=2026-02-01": 422, "/stories?to=1": 422,
		"/?from=2026-02-01&to=2026-02-01": 200, "/?topic=none&language=tlh&format=betacam&q=%22": 200, "/?cursor=zzz": 200, "/?kind=said": 200, "/stories?format=hd": 200,
		"/?kind=people": 400, "/?topic=%00": 400, "/?q=%00": 400, "/?q=%ff": 400, "/?cursor=%27": 400, "/?language=a%20b": 400, "/stories?kind=videos": 400,
		"/stories/%00": 404, "/stories/none": 404, "/sitemap/assets.xml?from=%00": 400, "/sitemap/assets.xml?from=zzz": 200,
	} {
		if a := stranger.page(t, path); a.status != status {
			t.Errorf("%s gives %d, not %d", path, a.status, status)
		}
	}
	if a := stranger.page(t, "/?from=yesterday&q=film"); !strings.Contains(a.raw, `value="yesterday"`) || !strings.Contains(a.raw, `aria-invalid="true" aria-describedby="from-wrong"`) || !strings.Contains(a.raw, "2026-11-26") {
		t.Error("it is not said how a day is written, beside what was typed")
	}
	unfollowed := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/?q=film&from=&to=&topic=a&lang=fr&cursor=", http.NoBody)
	check(t, err)
	res, err := unfollowed.Do(request)
	check(t, err)
	check(t, res.Body.Close())
	if to := res.Header.Get("Location"); to != "/?lang=fr&q=film&topic=a" {
		t.Errorf("an empty form leads to %q", to)
	}
}

// TestOlder goes through all stories by the links to older ones, and sees each once.
func TestOlder(t *testing.T) {
	s := start(t, Config{})
	editor, stranger := s.person(t, "e@example.com", accounts.Editor), &client{site: s}
	const all = 2*24 + 1
	for i := range all {
		editor.told(t, true, fields{"texts": texts("en", fmt.Sprintf("Tale number %d.", i))})
	}
	for _, path := range []string{"/stories", "/?kind=stories&q=tale"} {
		seen, pages := map[string]int{}, 0
		for next := path; next != "" && pages < 10; pages++ {
			page := stranger.page(t, next).must(t, 200).raw
			for _, title := range regexp.MustCompile(`Tale number \d+\.</a>`).FindAllString(page, -1) {
				seen[title]++
			}
			next = ""
			if found := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(page); found != nil {
				next = html.UnescapeString(found[1])
			}
		}
		if len(seen) != all || pages != 3 {
			t.Errorf("%s has %d stories on %d pages", path, len(seen), pages)
		}
		for title, times := range seen {
			if times != 1 {
				t.Errorf("%s is seen %d times", title, times)
			}
		}
	}
}
