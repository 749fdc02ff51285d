package portal

import (
	"strconv"
	"strings"

	"subclip/accounts"
)

// detail puts into a language what the accounts say of an action; anything else is
// somebody's own words, such as a title, and stays as it is.
func (p *Portal) detail(language string, of accounts.Action, detail string) string {
	say := func(key string, values ...any) string { return p.words.say(language, "detail."+key, values...) }
	role := func(name string) string { return strings.ToLower(p.words.say(language, "role."+name)) }
	switch of {
	case accounts.PersonAdded:
		if name, ok := strings.CutPrefix(detail, "as "); ok {
			return say("as", "Role", role(name))
		}
	case accounts.RoleChange:
		if former, name, ok := strings.Cut(detail, " to "); ok {
			return say("role", "Former", role(former), "Role", role(name))
		}
	case accounts.LimitsChange:
		if times, err := strconv.Atoi(strings.TrimSuffix(detail, " times")); err == nil {
			return say("times", "Count", times)
		}
		if detail == "as of the role" {
			return say("of_role")
		}
	case accounts.PasswordReset:
		if revoked, err := strconv.Atoi(strings.TrimPrefix(detail, "tokens revoked: ")); err == nil {
			return say("revoked", "Count", revoked)
		}
	}
	return detail
}
