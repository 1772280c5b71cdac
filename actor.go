package escrow

import (
	"slices"
	"strings"
)

// Kind is what sort of actor asks.
type Kind string

// The kinds. An actor without one is an agent.
const (
	KindAgent  Kind = "agent"
	KindToken  Kind = "token"
	KindHuman  Kind = "human"
	KindSystem Kind = "system"
)

// Actor is who asks. A party is an account: the actor is a contract's buyer
// when its account is the contract's buyer. The system is no party. The
// application authenticates; the engine believes what it is told here.
type Actor struct {
	// ID names the actor: 1 to 200 bytes of printable ASCII without blanks.
	ID string
	// Kind is agent, token, human or system; empty means agent.
	Kind Kind
	// Account is the account acted for; empty means ID.
	Account string
	// User is the person that people are counted by: of a human, ID when empty; of a
	// token, whom it acts for, nobody when empty.
	User string
	// Scopes and Features are a token's grants. A scope "x:write" implies "x:read".
	Scopes, Features []string
	// Claimed says that a human has claimed the token's account; ClaimURL is
	// where that is done.
	Claimed  bool
	ClaimURL string
}

// Agent returns the actor of an account that speaks for itself.
func Agent(account string) Actor { return Actor{ID: account, Kind: KindAgent} }

// Human returns a signed-in human of an account.
func Human(id, account string) Actor { return Actor{ID: id, Kind: KindHuman, Account: account} }

// SystemActor returns the platform itself, which does what is left to no party.
func SystemActor() Actor { return Actor{ID: "system", Kind: KindSystem} }

func (a *Actor) account() string {
	if a.Account == "" {
		return a.ID
	}
	return a.Account
}

// user returns whom people are counted by: a person's user, by default their id;
// whom a token acts for, if it says.
func (a *Actor) user() string {
	if a.User == "" && a.isHuman() {
		return a.ID
	}
	return a.User
}

// person returns the user, else the id.
func (a *Actor) person() string {
	if user := a.user(); user != "" {
		return user
	}
	return a.ID
}

// kind returns the kind of actor, an agent where none is given.
func (a *Actor) kind() Kind {
	if a.Kind == "" {
		return KindAgent
	}
	return a.Kind
}

func (a *Actor) isSystem() bool { return a.Kind == KindSystem }
func (a *Actor) isHuman() bool  { return a.Kind == KindHuman }

// actorFault says what is wrong with an actor of a kind itself, nil when nothing is.
func actorFault(a *Actor, kind kindSet) *Error {
	if kind == 0 {
		return field(Malformed, "actor.kind", "must be agent, token, human or system")
	}
	if !validID(a.ID) || a.Account != "" && !validID(a.Account) || a.User != "" && !validID(a.User) {
		return field(Malformed, "actor.id", "ids are 1 to 200 bytes of printable ASCII without blanks")
	}
	return nil
}

// validID reports whether an id of an account or an item is well formed.
func validID(id string) bool {
	if len(id) == 0 || len(id) > 200 {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// Grant is what an API token needs before ownership is looked at: a scope, a
// feature, and an account that a human has claimed.
type Grant struct {
	Scope   string
	Feature string
}

var (
	refuseScope   = refuse(ScopeMissing, "")
	refuseFeature = refuse(FeatureDisabled, "")
	refuseClaim   = refuse(AccountClaimRequired, "")
)

// hasScope reports whether the token has a scope; "x:write" implies "x:read".
func (a *Actor) hasScope(scope string) bool {
	if resource, read := strings.CutSuffix(scope, ":read"); read && slices.Contains(a.Scopes, resource+":write") {
		return true
	}
	return slices.Contains(a.Scopes, scope)
}

// missing returns the first grant that the token lacks, nil when it has all.
func (g *Grant) missing(a *Actor) *Error {
	switch {
	case g.Scope != "" && !a.hasScope(g.Scope):
		return refuseScope.with("requiredScopes", []string{g.Scope})
	case g.Feature != "" && !slices.Contains(a.Features, g.Feature):
		return refuseFeature.with("featureKey", g.Feature)
	case !a.Claimed:
		return refuseClaim.with("claimUrl", a.ClaimURL)
	}
	return nil
}
