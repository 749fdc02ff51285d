package catalog

import (
	"fmt"
	"time"
)

// checkMetadata brings what a publisher says of a video into the form in which it is
// kept, or names what cannot be. before are topics that the video has already.
func (c *Catalog) checkMetadata(m *Metadata, before ...string) error {
	if tidy(m.Title) == "" {
		return invalid("title", "the title is empty: give the video a title")
	}
	if err := c.CheckTopics(m.Topics, before...); err != nil {
		return err
	}
	for field, list := range map[string]*[]string{"topics": &m.Topics, "keywords": &m.Keywords, "people": &m.People, "places": &m.Places} {
		tidied, err := tidyList(field, *list)
		if err != nil {
			return err
		}
		*list = tidied
	}
	if m.ShotOn != "" {
		if _, err := time.Parse(time.DateOnly, m.ShotOn); err != nil {
			return &Error{Kind: Invalid, Field: "shot_on", Message: fmt.Sprintf("%q is no date: write it as in 2026-11-26", m.ShotOn)}
		}
	}
	m.EmbargoUntil = instant(m.EmbargoUntil)
	return nil
}
