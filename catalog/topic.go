package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Topics are those that stories, assets and readers of the newsletter choose from;
// there may be none.
func (c *Catalog) Topics() []string { return c.cfg.Topics }

// CheckTopics reports the first that does not exist, as an Invalid Error.
func (c *Catalog) CheckTopics(topics []string) error {
	for i, name := range topics {
		if slices.Contains(c.cfg.Topics, name) {
			continue
		}
		if len(c.cfg.Topics) == 0 {
			return invalid(fmt.Sprintf("topics[%d]", i), "there are no topics: leave %q out, or have SUBCLIP_TOPICS set", name)
		}
		return invalid(fmt.Sprintf("topics[%d]", i), "there is no topic %q: leave it out, or choose from %s", name, strings.Join(c.cfg.Topics, ", "))
	}
	return nil
}

var topicName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func checkTopicNames(topics []string) error {
	for _, name := range topics {
		if !topicName.MatchString(name) {
			return fmt.Errorf("SUBCLIP_TOPICS has %q: use small letters, digits and hyphens, at most 40", name)
		}
	}
	if len(topics) > 50 {
		return errors.New("SUBCLIP_TOPICS has more than 50 topics: use fewer")
	}
	return nil
}
