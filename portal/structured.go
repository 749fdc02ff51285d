package portal

import (
	"fmt"
	"strings"
	"time"
)

// What search engines are told of a page, in the words of schema.org. Fields that have
// nothing to say are left out.
type (
	schemaArticle struct {
		Context   string        `json:"@context"`
		Type      string        `json:"@type"`
		Address   string        `json:"mainEntityOfPage"`
		Headline  string        `json:"headline"`
		About     string        `json:"description,omitempty"`
		Language  string        `json:"inLanguage"`
		Published string        `json:"datePublished"`
		Modified  string        `json:"dateModified"`
		Images    []string      `json:"image,omitempty"`
		Sections  []string      `json:"articleSection,omitempty"`
		Keywords  []string      `json:"keywords,omitempty"`
		Location  *schemaNamed  `json:"contentLocation,omitempty"`
		Author    schemaNamed   `json:"author"`
		Publisher schemaNamed   `json:"publisher"`
		Videos    []schemaVideo `json:"video,omitempty"`
	}
	schemaVideo struct {
		Context   string        `json:"@context,omitempty"`
		Type      string        `json:"@type"`
		Address   string        `json:"url"`
		Name      string        `json:"name"`
		About     string        `json:"description"`
		Thumbnail []string      `json:"thumbnailUrl"`
		Uploaded  string        `json:"uploadDate"`
		Modified  string        `json:"dateModified"`
		Shot      string        `json:"dateCreated,omitempty"`
		Duration  string        `json:"duration"`
		Content   string        `json:"contentUrl"`
		Coding    string        `json:"encodingFormat"`
		Language  string        `json:"inLanguage,omitempty"`
		Keywords  []string      `json:"keywords,omitempty"`
		Locations []schemaNamed `json:"contentLocation,omitempty"`
	}
	schemaNamed struct {
		Type    string `json:"@type"`
		Name    string `json:"name"`
		Address string `json:"url,omitempty"`
	}
)

const schema = "https://schema.org"

// mostHeadline is the most letters of a headline that search engines show.
const mostHeadline = 110

// structuredVideo describes a video that can be watched.
func (p *Portal) structuredVideo(card assetCard) schemaVideo {
	video := p.schemaVideo(card)
	video.Context = schema
	return video
}

func (p *Portal) schemaVideo(card assetCard) schemaVideo {
	about := card.Description
	if about == "" {
		about = card.Title
	}
	video := schemaVideo{
		Type: "VideoObject", Address: p.address(card.Path), Name: card.Title, About: about, Thumbnail: []string{p.address(card.Poster)},
		Uploaded: card.ReleasedAt.UTC().Format(time.RFC3339), Modified: card.LastChange().UTC().Format(time.RFC3339), Shot: card.ShotOn, Duration: isoDuration(card.Duration), Content: p.address(card.Proxy),
		Coding: "video/mp4", Language: card.Language, Keywords: card.Keywords,
	}
	for _, place := range card.Places {
		video.Locations = append(video.Locations, schemaNamed{Type: "Place", Name: place})
	}
	return video
}

// structuredStory describes a story that everyone may read.
func (p *Portal) structuredStory(of readPage) schemaArticle {
	card := of.Card
	publisher := schemaNamed{"Organization", p.SiteName, p.address("/")}
	article := schemaArticle{
		Context: schema, Type: "NewsArticle", Address: p.address(withLanguage(card.Path, card.Told)), Headline: shorten(card.Title, mostHeadline),
		About: card.Lead, Language: card.Told, Published: card.CameOut().Format(time.RFC3339), Modified: card.ChangedAt.UTC().Format(time.RFC3339),
		Keywords: card.Keywords, Author: publisher, Publisher: publisher,
	}
	for _, topic := range card.Topics {
		article.Sections = append(article.Sections, p.Catalog.TopicTitle(topic, card.Told))
	}
	if card.Place != "" {
		article.Location = &schemaNamed{Type: "Place", Name: card.Place}
	}
	for _, video := range of.Videos {
		if video.Shown {
			article.Images = append(article.Images, p.address(video.Poster))
			article.Videos = append(article.Videos, p.schemaVideo(video))
		}
	}
	return article
}

// pictures are what other sites show of a video: its still, and itself.
func (p *Portal) pictures(card assetCard) (still, moving *picture) {
	width, height := card.Source.ProxySize()
	still = &picture{p.address(card.Poster), card.Title, width, height}
	return still, &picture{p.address(card.Proxy), card.Title, width, height}
}

// isoDuration writes a duration as ISO 8601 does, in whole seconds, one at least.
func isoDuration(d time.Duration) string {
	seconds := max(1, int(d.Round(time.Second).Seconds()))
	var text strings.Builder
	text.WriteString("PT")
	for _, part := range []struct {
		count int
		unit  string
	}{{seconds / 3600, "H"}, {seconds / 60 % 60, "M"}, {seconds % 60, "S"}} {
		if part.count > 0 {
			fmt.Fprintf(&text, "%d%s", part.count, part.unit)
		}
	}
	return text.String()
}
