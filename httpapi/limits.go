package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/gin-gonic/gin"
	"github.com/go-redis/redis_rate/v10"
)

// Limits is how much one professional may have. Editors may have more, and admins
// what they like. A zero does not limit.
type Limits struct {
	Requests   int           `env:"SUBCLIP_LIMIT_REQUESTS" envDefault:"300" desc:"requests to the API a minute of one person; 0 for no limit"`
	Strangers  int           `env:"SUBCLIP_LIMIT_STRANGERS" envDefault:"1200" desc:"requests a minute, to the API and to pages, of all who are not signed in at one network address (of IPv6, one /64), and to pages, with their pictures, of one person; 0 for no limit"`
	AtOnce     int           `env:"SUBCLIP_LIMIT_AT_ONCE" envDefault:"10" desc:"clips and renditions in the making for one person at once; 0 for no limit"`
	Gigabytes  int           `env:"SUBCLIP_LIMIT_GIGABYTES" envDefault:"500" desc:"gigabytes of files made for one person a day, which begins at midnight UTC; 0 for no limit"`
	Encoding   time.Duration `env:"SUBCLIP_LIMIT_ENCODING" envDefault:"12h" desc:"video encoded for one person a day; 0 for no limit"`
	Editors    int           `env:"SUBCLIP_LIMIT_EDITORS" envDefault:"10" desc:"how many times as much editors may have; 0 lifts their limits, as those of admins"`
	TokenShare int           `env:"SUBCLIP_LIMIT_TOKEN_SHARE" envDefault:"50" desc:"percent of a person's limits that one token of theirs may use, 0 to 100; 0 for no limit of its own"`
}

// validate reports the first setting that cannot work.
func (l Limits) validate() error {
	for name, value := range map[string]int{
		"SUBCLIP_LIMIT_REQUESTS": l.Requests, "SUBCLIP_LIMIT_STRANGERS": l.Strangers, "SUBCLIP_LIMIT_AT_ONCE": l.AtOnce, "SUBCLIP_LIMIT_GIGABYTES": l.Gigabytes,
		"SUBCLIP_LIMIT_EDITORS": l.Editors, "SUBCLIP_LIMIT_TOKEN_SHARE": l.TokenShare,
	} {
		if value < 0 {
			return fmt.Errorf("%s is %d: use 0 or more", name, value)
		}
	}
	switch {
	case l.Encoding < 0:
		return fmt.Errorf("SUBCLIP_LIMIT_ENCODING is %s: use 0 or more", l.Encoding)
	case l.TokenShare > 100:
		return fmt.Errorf("SUBCLIP_LIMIT_TOKEN_SHARE is %d: use 0 to 100", l.TokenShare)
	}
	return nil
}

// of is what somebody may have: as their role says, unless an admin said otherwise.
func (l Limits) of(v accounts.Visitor) Limits {
	times, role := 1, v.Role()
	switch {
	case v.Person != nil && v.Person.LimitTimes != nil:
		times = *v.Person.LimitTimes
	case role.AtLeast(accounts.Admin):
		times = 0
	case role.AtLeast(accounts.Editor):
		times = l.Editors
	}
	l.Requests, l.Strangers = l.Requests*times, l.Strangers*times
	l.AtOnce, l.Gigabytes, l.Encoding = l.AtOnce*times, l.Gigabytes*times, l.Encoding*time.Duration(times)
	return l
}

// share is what one token may use of it, at least one of each.
func (l Limits) share() Limits {
	l.Requests, l.AtOnce, l.Gigabytes = part(l.Requests, l.TokenShare), part(l.AtOnce, l.TokenShare), part(l.Gigabytes, l.TokenShare)
	l.Encoding = l.Encoding * time.Duration(l.TokenShare) / 100
	return l
}

func part(limit, percent int) int {
	if limit == 0 || percent == 0 {
		return 0
	}
	return max(1, limit*percent/100)
}

// ofMaking is the part that the catalogue counts.
func (l Limits) ofMaking() catalog.Limits {
	return catalog.Limits{AtOnce: l.AtOnce, Bytes: int64(l.Gigabytes) * 1e9, Encoding: l.Encoding}
}

// limitTime bounds the wait for a Redis that does not answer.
const limitTime = time.Second

// limitRequests refuses requests by people, tokens and strangers that have sent too many
// in the last minute. Those of people to pages are counted by themselves, as a page asks for
// all its pictures. They are counted in Redis: without it they are not limited, but what
// they have made is.
func (a *API) limitRequests(g *gin.Context) {
	who := callerOf(g.Request.Context())
	if who.Person == nil {
		a.allowsStranger(g, who.from)
		return
	}
	limits := a.cfg.Limits.of(who.Visitor)
	if !strings.HasPrefix(g.Request.URL.Path, "/v1/") {
		if !isUncounted(g.Request.URL.Path) {
			a.allows(g, "you have", "pages:"+who.ID(), limits.Strangers)
		}
		return
	}
	if who.TokenID != "" && !a.allows(g, "this token has", "token:"+who.TokenID, limits.share().Requests) {
		return
	}
	a.allows(g, "you have", "person:"+who.ID(), limits.Requests)
}

// isUncounted reports whether a path is for those who watch over the service, or what
// pages are made of.
func isUncounted(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics" || strings.HasPrefix(path, "/static/")
}

// allowsStranger counts a request by somebody unknown, or answers that it is one too many.
func (a *API) allowsStranger(g *gin.Context, from accounts.Origin) bool {
	return isUncounted(g.Request.URL.Path) || a.allows(g, "those at your network address have", "address:"+from.Network(), a.cfg.Limits.Strangers)
}

// allows counts a request, or answers that it is one too many.
func (a *API) allows(g *gin.Context, who, key string, most int) bool {
	if most == 0 {
		return true
	}
	wait, ok := a.count(g.Request.Context(), "requests:"+key, redis_rate.PerMinute(most))
	if ok {
		return true
	}
	seconds := wholeSeconds(wait)
	g.Header("Retry-After", strconv.Itoa(seconds))
	a.refuse(g, http.StatusTooManyRequests, fmt.Sprintf("%s sent more than %d requests in a minute: wait %d s and try again", who, most, seconds))
	return false
}

// count counts one more of what is limited, or says how long to wait for it.
func (a *API) count(ctx context.Context, key string, limit redis_rate.Limit) (wait time.Duration, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, limitTime)
	defer cancel()
	res, err := a.limiter.Allow(ctx, "limit:"+key, limit)
	if err != nil {
		a.log.Warn("Redis does not answer: requests are not limited", "error", err)
		return 0, true
	}
	return res.RetryAfter, res.Allowed > 0
}
