package webhooks

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"subclip/catalog"

	"code.dny.dev/ssrf"
)

const (
	maxURL      = 2000 // characters
	lookUpTime  = 5 * time.Second
	maxHeader   = 64 << 10 // bytes of an answer
	idleTime    = 30 * time.Second
	badTarget   = "this is not an address to send to: write https://host/path, without user name and fragment"
	unknownHost = "this host cannot be found: check the name"
	private     = "this address is in a private or special network, where webhooks may not go: use one that the internet reaches"
)

// guard knows the networks that are not the internet's, by IANA's registries.
func guard() *ssrf.Guardian { return ssrf.New(ssrf.WithAnyPort()) }

// checkTarget reports an address that will not be sent to, as an Error on the
// field url. What a name leads to may change later: the client checks again.
func (w *Webhooks) checkTarget(ctx context.Context, text string) error {
	target, err := url.Parse(text)
	switch {
	case err != nil, len(text) > maxURL, target.Hostname() == "", target.User != nil, target.Fragment != "":
		return invalid("url", badTarget)
	case target.Scheme != "https" && (target.Scheme != "http" || !w.cfg.AllowPrivate):
		return invalid("url", badTarget)
	case w.cfg.AllowPrivate:
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", target.Hostname())
	if err != nil || len(addresses) == 0 {
		return invalid("url", unknownHost)
	}
	for _, address := range addresses {
		if err := guard().SafeAddr(address.Unmap()); err != nil {
			return invalid("url", private)
		}
	}
	return nil
}

// newClient sends to where it may, and nowhere else: the address is checked once
// it is known, and what would lead elsewhere (redirects, proxies) is not used.
func newClient(cfg Config) *http.Client {
	dialer := &net.Dialer{Timeout: cfg.Timeout}
	if !cfg.AllowPrivate {
		dialer.Control = guard().Safe
	}
	return &http.Client{
		Timeout: cfg.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, IdleConnTimeout: idleTime,
			MaxResponseHeaderBytes: maxHeader,
		},
	}
}

// What a webhook's owner is told of a try that had no answer. How this service looks up
// names and what it reaches is for the log alone.
const (
	withheld    = "it was not sent: you may no longer see what it is about"
	tooSlow     = "the receiver did not answer in time"
	badIdentity = "the receiver's certificate is not good for its name: renew it, and send all of its chain"
	unreached   = "the receiver could not be reached: check the address, and that it takes connections from the internet"
)

// reason says to a webhook's owner why nothing was answered.
func reason(err error) string {
	var netErr net.Error
	var certErr *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errWithheld):
		return withheld
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return private
	case errors.As(err, &certErr):
		return badIdentity
	case errors.As(err, &netErr) && netErr.Timeout():
		return tooSlow
	}
	return unreached
}

func invalid(field, message string) error {
	return &catalog.Error{Kind: catalog.Invalid, Field: field, Message: message}
}
