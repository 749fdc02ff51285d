package accounts

import (
	"context"
	"net/netip"
	"slices"
)

// Origin is where a request comes from.
type Origin struct {
	Address string // of the network
	Agent   string // what the browser calls itself
}

// Network is what limits count by: of IPv6 the 64 bits that a site has, since it
// can choose the others as it likes.
func (o Origin) Network() string {
	address, err := netip.ParseAddr(o.Address)
	if err != nil || address.Is4() || address.Is4In6() {
		return o.Address
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return o.Address
	}
	return prefix.String()
}

// Scope is what a token is good for.
type Scope string

// The scopes. A token never allows more than its person's role does.
const (
	ScopeRead     Scope = "read"     // look at assets and at one's own clips
	ScopeDownload Scope = "download" // download and clip
	ScopePublish  Scope = "publish"  // ingest
	ScopeManage   Scope = "manage"   // people
)

// scopeRoles says which role a scope is for.
func scopeRoles() map[Scope]Role {
	return map[Scope]Role{ScopeRead: Viewer, ScopeDownload: Professional, ScopePublish: Editor, ScopeManage: Admin}
}

// ScopesOf lists the scopes that somebody with a role may give a token.
func ScopesOf(role Role) []Scope {
	some := []Scope{ScopeRead, ScopeDownload, ScopePublish, ScopeManage}
	return slices.DeleteFunc(some, func(s Scope) bool { return !role.AtLeast(scopeRoles()[s]) })
}

// Visitor is who asks: somebody signed in, a program with a token, or a stranger.
type Visitor struct {
	Person    *Person // nil for a stranger
	SessionID string  // where they signed in
	TokenID   string  // where a program asks for them
	Scopes    []Scope // of the token
}

// ID is the person's, or empty.
func (v Visitor) ID() string {
	if v.Person == nil {
		return ""
	}
	return v.Person.ID
}

// Role is the person's, or Viewer.
func (v Visitor) Role() Role {
	if v.Person == nil {
		return Viewer
	}
	return v.Person.Role
}

// Has reports whether what the visitor came with is good for a scope: a session
// is for all, a token for its own. An empty scope is for sessions alone.
func (v Visitor) Has(s Scope) bool { return v.TokenID == "" || slices.Contains(v.Scopes, s) }

type visitorKey struct{}

// With returns a context in which From finds the visitor.
func With(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// From returns who asks, a stranger if nobody was said.
func From(ctx context.Context) Visitor {
	v, _ := ctx.Value(visitorKey{}).(Visitor)
	return v
}
