package accounts

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// limitTime bounds the wait for a Redis that does not answer.
const limitTime = time.Second

// Windows of the limits.
const (
	signInWindow = 15 * time.Minute
	codeWindow   = time.Hour
)

// limit counts a try of something by someone, and says TooMany when there were
// more than may be in the window. Without Redis nobody is slowed down.
func (a *Accounts) limit(ctx context.Context, what, who string, most int, window time.Duration) error {
	if a.limiter == nil || who == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, limitTime)
	defer cancel()
	res, err := a.limiter.Allow(ctx, "limit:"+what+":"+who, redis_rate.Limit{Rate: most, Burst: most, Period: window})
	if err != nil {
		a.log.Warn("Redis does not answer: tries are not limited", "what", what, "error", err)
		return nil
	}
	if res.Allowed == 0 {
		return tooMany(res.RetryAfter)
	}
	return nil
}

// limitSignIn counts a try to prove with a password, or another secret, who one is.
func (a *Accounts) limitSignIn(ctx context.Context, key string, from Origin) error {
	if err := a.limit(ctx, "signin-address", from.Network(), a.cfg.SignInsPerAddress, signInWindow); err != nil {
		return err
	}
	return a.limit(ctx, "signin-account", key, a.cfg.SignInsPerAccount, signInWindow)
}

// LimitSubscriptions counts a request that sends a message to an address that anybody
// may have typed, as a registration does.
func (a *Accounts) LimitSubscriptions(ctx context.Context, from Origin) error {
	return a.limit(ctx, "subscribe-address", from.Network(), a.cfg.RegistrationsPerAddress, codeWindow)
}

// limitCode counts a code that is asked for or tried.
func (a *Accounts) limitCode(ctx context.Context, from Origin) error {
	return a.limit(ctx, "code-address", from.Network(), a.cfg.CodesPerAddress, codeWindow)
}
