package feeds

import (
	"encoding/xml"
	"time"

	"subclip/catalog"
)

// The elements of RFC 4287 that we use. Names are those of the format.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel   string `xml:"rel,attr"`
		Type  string `xml:"type,attr,omitempty"`
		Href  string `xml:"href,attr"`
		Title string `xml:"title,attr,omitempty"`
	}
	atomEntry struct {
		Language  string     `xml:"xml:lang,attr,omitempty"`
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published string     `xml:"published"`
		Updated   string     `xml:"updated"`
		Links     []atomLink `xml:"link"`
		Summary   string     `xml:"summary"`
	}
)

// page is the type of what links lead to.
const page = "text/html"

func (f *feeds) atom(assets []catalog.Asset) any {
	self := f.Link(AtomPath, nil)
	feed := atomFeed{
		ID: self, Title: f.SiteName, Updated: changed(assets).Format(time.RFC3339), Author: atomPerson{f.SiteName},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: page, Href: f.Link("/", nil)}},
	}
	for i := range assets {
		a := &assets[i]
		feed.Entries = append(feed.Entries, atomEntry{
			Language: a.Language, ID: urn(a.ID), Title: a.Title, Summary: a.Description,
			Published: a.ReleasedAt.UTC().Format(time.RFC3339), Updated: a.LastChange().UTC().Format(time.RFC3339),
			Links: []atomLink{
				{Rel: "alternate", Type: page, Href: f.page(a)},
				{Rel: "enclosure", Type: "video/mp4", Href: f.proxy(a), Title: "preview"},
				{Rel: "related", Type: "image/jpeg", Href: f.poster(a), Title: "poster"},
			},
		})
	}
	return feed
}

// urn is the name for ever of an asset or a story, wherever the site moves. Ids are UUIDs
// without hyphens.
func urn(id string) string {
	if len(id) != 32 {
		return "urn:subclip:" + id
	}
	return "urn:uuid:" + id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

// changed is when the last of assets changed; a feed without any must have a time as well.
func changed(assets []catalog.Asset) time.Time {
	last := time.Unix(0, 0).UTC()
	for i := range assets {
		if at := assets[i].LastChange().UTC(); at.After(last) {
			last = at
		}
	}
	return last
}
