package marketplace

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/escrow-go/escrow/marketplace/people"
)

// cast are who can be played in every sandbox, besides the people that were added.
var cast = []pages.Person{
	{Actor: escrow.Human("clara", "acct_clara"), Name: "Clara, a client"},
	{Actor: escrow.Human("walter", "acct_walter"), Name: "Walter, a worker"},
	{Actor: escrow.Human("ada", "acct_ada"), Name: "Ada, a backup agent"},
	{Actor: escrow.Human("bob", "acct_bob"), Name: "Bob, a backup agent"},
	{Actor: escrow.Human("cyd", "acct_cyd"), Name: "Cyd, a backup agent"},
	{Actor: escrow.Human("olive", "acct_ops"), Name: "Olive, an operator", Operator: true},
	{Actor: escrow.Human("otto", "acct_ops"), Name: "Otto, an operator", Operator: true},
}

// judges are who a jury is drawn of: who has a key, and in a sandbox its backup agents
// while those are fewer than a jury has.
func (m *Market) judges(ctx context.Context) ([]string, error) {
	accounts, err := m.keys.Holders(ctx)
	if m.Clock != nil {
		accounts = append(accounts, "acct_ada", "acct_bob", "acct_cyd")
	}
	return accounts, err
}

// roleCookie says who is played.
const roleCookie = "sandbox-role"

// who is whoever looks at a page: who is signed in, else, in a sandbox, who is played,
// which is the first of the cast to begin with.
func (m *Market) who(r *http.Request) (pages.Person, bool) {
	if s, err := m.People.Session(r); err == nil {
		return pages.Person{Actor: escrow.Human(s.User.ID, s.User.Account), Name: s.User.Name}, true
	}
	if m.Clock == nil {
		return pages.Person{}, false
	}
	if cookie, err := r.Cookie(roleCookie); err == nil {
		if at := slices.IndexFunc(cast, func(p pages.Person) bool { return p.Actor.ID == cookie.Value }); at >= 0 {
			return cast[at], true
		}
	}
	return cast[0], true
}

// sandbox is what pages show of a sandbox, nil of a live marketplace.
func (m *Market) sandbox() *pages.Sandbox {
	if m.Clock == nil {
		return nil
	}
	return &pages.Sandbox{
		Forward: m.forward,
		Roles:   func(context.Context) ([]pages.Person, error) { return cast, nil },
		Take: func(w http.ResponseWriter, _ *http.Request, role pages.Person) error {
			http.SetCookie(w, &http.Cookie{Name: roleCookie, Value: role.Actor.ID, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			return nil
		},
	}
}

// forward moves a sandbox's clock, and returns when all that is due by then is done.
func (m *Market) forward(ctx context.Context, to time.Time) error {
	if err := m.Clock.Forward(ctx, to); err != nil {
		return err
	}
	_, err := m.Runner.Work(ctx)
	return err
}

// signer takes the signatures of who is signed in, by their passkeys. Who is only played
// in a sandbox has none, and signs in as a person of their own first.
type signer struct{ people *people.People }

// Begin implements pages.Signer.
func (s signer) Begin(ctx context.Context, r *http.Request, g pages.Signing) (json.RawMessage, error) {
	session, err := s.people.Session(r)
	if err != nil {
		return nil, err
	}
	question, err := s.people.Challenge(ctx, session, intentOf(g))
	if err != nil {
		return nil, err
	}
	return json.Marshal(question.Response)
}

// Finish implements pages.Signer.
func (s signer) Finish(ctx context.Context, r *http.Request, g pages.Signing, answer []byte) error {
	session, err := s.people.Session(r)
	if err == nil {
		_, err = s.people.Verify(ctx, session, intentOf(g), answer)
	}
	return err
}

// intentOf is what a page has signed, as people knows it.
func intentOf(g pages.Signing) people.Intent {
	return people.Intent{ApprovalID: cmp.Or(g.Approval, g.Contract), Hash: g.Hash, Values: g.Own}
}
