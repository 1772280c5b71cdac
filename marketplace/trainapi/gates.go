package trainapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
)

// need is what a call needs of the token that asks.
type need struct {
	// scopes are those of which one is needed; none for any valid token.
	scopes []string
	// feature must be on for the account, empty for none.
	feature string
	// claimed names, for people, what only a claimed account can do; empty for no need.
	claimed string
}

// What the calls need.
var (
	anyToken  = need{}
	hiring    = need{[]string{"proposals:write"}, "public_api_hiring", "hire AI trainers"}
	paying    = need{[]string{"payments:write"}, "public_api_payments_write", "manage milestones and contracts"}
	reading   = need{scopes: []string{"payments:read"}}
	listening = need{scopes: []string{"webhooks:manage"}, feature: "public_api_webhooks"}
	following = need{scopes: []string{"proposals:read", "messages:read", "payments:read"}}
)

// gate refuses a token that may not do a call: by scope, then by feature, then by claim,
// which is the order of the engine, too. What the call is about is looked at afterwards.
func (n need) gate(a escrow.Actor) error {
	switch {
	case len(n.scopes) > 0 && !slices.ContainsFunc(n.scopes, func(scope string) bool { return has(a, scope) }):
		return refuse(http.StatusForbidden, escrow.ScopeMissing, "the token has not the scope that this needs", map[string]any{"requiredScopes": n.scopes})
	case n.feature != "" && !slices.Contains(a.Features, n.feature):
		return refuse(http.StatusForbidden, escrow.FeatureDisabled, "this is not enabled for the account", map[string]any{"featureKey": n.feature})
	case n.claimed != "" && !a.Claimed:
		return refuse(http.StatusForbidden, escrow.AccountClaimRequired, "a person must claim this account before it can "+n.claimed,
			map[string]any{"action": n.claimed, "claimUrl": a.ClaimURL})
	}
	return nil
}

// has reports whether a token has a scope: to write something is to read it, too.
func has(a escrow.Actor, scope string) bool {
	resource, read := strings.CutSuffix(scope, ":read")
	return slices.Contains(a.Scopes, scope) || read && slices.Contains(a.Scopes, resource+":write")
}

// errNoToken is the refusal of whoever brings no token. People use pages: what a person
// asks is done at once, and money never moves from a call alone.
var errNoToken = &escrowhttp.Problem{Status: http.StatusUnauthorized, Reason: string(escrow.NoActor), Message: "the request has no valid API token",
	Header: http.Header{"Www-Authenticate": {"Bearer"}}}

// asked returns the function of a route that knows who asks, and that they may.
func (s *Server) asked(n need, f func(http.ResponseWriter, *http.Request, Caller) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := s.Authenticate(r)
		if err == nil && (c.Actor.ID == "" || c.Actor.Kind != escrow.KindToken) {
			err = errNoToken
		}
		if err == nil {
			err = n.gate(c.Actor)
		}
		if err != nil {
			return err
		}
		if c.Actor.Account == "" {
			c.Actor.Account = c.Actor.ID
		}
		return f(w, r, c)
	}
}
