package feeds

import (
	"encoding/xml"
	"fmt"
	"time"

	"subclip/catalog"
)

// The elements of RSS 2.0 and of Media RSS 1.5.1 that we use. Names are those of
// the formats.
type (
	rssDocument struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Media   string     `xml:"xmlns:media,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Built       string    `xml:"lastBuildDate"`
		Self        rssSelf   `xml:"atom:link"`
		Items       []rssItem `xml:"item"`
	}
	rssSelf struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	rssItem struct {
		Title       string       `xml:"title"`
		Link        string       `xml:"link"`
		Description string       `xml:"description"`
		GUID        rssGUID      `xml:"guid"`
		Published   string       `xml:"pubDate"`
		Content     mediaContent `xml:"media:content"`
	}
	rssGUID struct {
		IsPermaLink bool   `xml:"isPermaLink,attr"`
		Value       string `xml:",chardata"`
	}
	// mediaContent is the light rendition: it is what everyone may watch. The
	// master's facts are not its own.
	mediaContent struct {
		URL         string         `xml:"url,attr"`
		Type        string         `xml:"type,attr"`
		Medium      string         `xml:"medium,attr"`
		Expression  string         `xml:"expression,attr"`
		Seconds     string         `xml:"duration,attr"`
		Language    string         `xml:"lang,attr,omitempty"`
		Title       mediaText      `xml:"media:title"`
		Description mediaText      `xml:"media:description"`
		Thumbnail   mediaThumbnail `xml:"media:thumbnail"`
	}
	mediaText struct {
		Type  string `xml:"type,attr"`
		Value string `xml:",chardata"`
	}
	mediaThumbnail struct {
		URL string `xml:"url,attr"`
	}
)

func (f *feeds) rss(assets []catalog.Asset) any {
	document := rssDocument{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Media: "http://search.yahoo.com/mrss/",
		Channel: rssChannel{
			Title: f.SiteName, Link: f.Link("/", nil), Description: "New videos of " + f.SiteName, Built: changed(assets).Format(time.RFC1123Z),
			Self: rssSelf{"self", "application/rss+xml", f.Link(RSSPath, nil)},
		},
	}
	for i := range assets {
		a := &assets[i]
		document.Channel.Items = append(document.Channel.Items, rssItem{
			Title: a.Title, Link: f.page(a), Description: a.Description, GUID: rssGUID{Value: urn(a.ID)},
			Published: a.ReleasedAt.UTC().Format(time.RFC1123Z),
			Content: mediaContent{
				URL: f.proxy(a), Type: "video/mp4", Medium: "video", Expression: "full",
				Seconds: fmt.Sprintf("%.0f", a.Source.Duration), Language: a.Language,
				Title: mediaText{"plain", a.Title}, Description: mediaText{"plain", a.Description}, Thumbnail: mediaThumbnail{f.poster(a)},
			},
		})
	}
	return document
}
