package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTopicTitle is the longest that a topic may be called, in characters.
const maxTopicTitle = 60

// topic is what stories, assets and newsletters are about.
type topic struct {
	name   string            // in rows and addresses
	titles map[string]string // what it is called, by language; some may be missing
}

// Topics are those that stories, assets and readers of the newsletter choose from;
// there may be none.
func (c *Catalog) Topics() []string {
	names := make([]string, 0, len(c.topics))
	for _, topic := range c.topics {
		names = append(names, topic.name)
	}
	return names
}

// TopicTitle is what a topic is called in a language. One without a title there, or that
// exists no more, is called by its name: sport-football is Sport football.
func (c *Catalog) TopicTitle(name, language string) string {
	for _, topic := range c.topics {
		if title := topic.titles[language]; topic.name == name && title != "" {
			return title
		}
	}
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + strings.ReplaceAll(name[size:], "-", " ")
}

// CheckTopics reports the first that does not exist, as an Invalid Error. What had topics
// before may keep them, though they are offered no longer.
func (c *Catalog) CheckTopics(topics []string, before ...string) error {
	there := c.Topics()
	for i, name := range topics {
		if slices.Contains(there, name) || slices.Contains(before, name) {
			continue
		}
		if len(there) == 0 {
			return invalid(fmt.Sprintf("topics[%d]", i), "there are no topics: leave %q out, or have SUBCLIP_TOPICS set", name)
		}
		return invalid(fmt.Sprintf("topics[%d]", i), "there is no topic %q: leave it out, or choose from %s", name, strings.Join(there, ", "))
	}
	return nil
}

var topicName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// parseTopics reads topics as they are set: a name, and behind colons what it is called in
// a language, such as politics:en=Politics:fr=Politique.
func parseTopics(set []string) (topics []topic, err error) {
	for _, text := range set {
		parts := strings.Split(text, ":")
		one := topic{name: strings.TrimSpace(parts[0]), titles: map[string]string{}}
		if !topicName.MatchString(one.name) {
			return nil, fmt.Errorf("SUBCLIP_TOPICS has %q: use small letters, digits and hyphens, at most 40", one.name)
		}
		if slices.ContainsFunc(topics, func(other topic) bool { return other.name == one.name }) {
			return nil, fmt.Errorf("SUBCLIP_TOPICS has %q twice: leave one out", one.name)
		}
		for _, part := range parts[1:] {
			language, title, _ := strings.Cut(part, "=")
			language, title = strings.TrimSpace(language), strings.TrimSpace(title)
			if !slices.Contains(StoryLanguages(), language) || title == "" || utf8.RuneCountInString(title) > maxTopicTitle {
				return nil, fmt.Errorf("SUBCLIP_TOPICS has %q for %s: write a language of %s, = and at most %d characters, such as %s:en=Politics:fr=Politique",
					part, one.name, strings.Join(StoryLanguages(), " and "), maxTopicTitle, one.name)
			}
			one.titles[language] = title
		}
		topics = append(topics, one)
	}
	if len(topics) > 50 {
		return nil, errors.New("SUBCLIP_TOPICS has more than 50 topics: use fewer")
	}
	return topics, nil
}
