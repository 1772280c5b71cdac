package escrow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// A journey whose terms hold together: home is not before out, and a guide who has a
// part is named.
var (
	traveller = Party("traveller", "not_traveller")
	guide     = PartyIfAny("guide", "not_guide")
	out       = Instant("out", "when it begins")
	home      = Instant("home", "when it ends").Amendable()
	part      = Ratio("part", "the guide's part").Optional()
	guided    = DemandOf(part, escrow.InvalidRequest, escrow.InvalidTerms, Or("a part has a guide", NotSet("", part), IsSet("", guide.Account)))
	answerIn  = Window("answerIn", "how long a proposal lives").Default(`"PT24H"`)
	depart    = Do("depart")
	reroute   = Do("reroute", home)
	arrive    = Do("arrive")

	journey = Must(Spec{
		Name: "journey", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "A journey, for tests.",
		Parties: Parties{traveller, guide}, Terms: Fields{out, home, part}, Policy: Fields{answerIn}, Terminal: In("back"),
		Check: Needs{DemandOf(home, escrow.InvalidRequest, escrow.InvalidTerms, InOrder("", At(out), At(home)))},
		Rules: []Rule{
			{ID: "J-1", On: depart, By: traveller, From: In(Draft), Needs: Needs{guided}, To: "away"},
			{ID: "J-2", On: reroute, By: traveller, From: In("away"), To: Same, Sets: Effects{Amended(home)},
				CoSign: CoSign{Type: "reroute", From: Parties{traveller, guide}, TTL: answerIn}},
			{ID: "J-3", On: arrive, By: traveller, From: In("away"), To: "back"},
		},
	})
)

func away(t *testing.T) *bench {
	b := &bench{t, journey.Draft("trip", escrow.TextOf(traveller.Account, "tom"), escrow.TextOf(guide.Account, "gil"), part.Decimal(decimal.New(1, -1)),
		out.To(dawn), home.To(dawn.Add(48*time.Hour))), dawn}
	b.do(depart.Command(), escrow.Agent("tom"))
	return b
}

// What the terms promise together holds of amended terms.
func TestAmendedTermsKeepTheirPromise(t *testing.T) {
	b := away(t)
	b.refused(escrow.InvalidTerms, reroute.Command(home.To(dawn.Add(-time.Hour))), escrow.Agent("tom"))
	b.do(reroute.Command(home.To(dawn)), escrow.Agent("tom"))
	b.do(b.confirm(), escrow.Agent("gil"))
}

// What the terms promise together holds of stored contracts.
func TestStoredTermsKeepTheirPromise(t *testing.T) {
	text, err := away(t).c.MarshalJSON()
	require.NoError(t, err)
	for _, broken := range []*strings.Replacer{
		strings.NewReplacer(`"guide":"gil",`, ""),
		strings.NewReplacer(`"home":"2026-06-03`, `"home":"2026-05-31`),
	} {
		altered := broken.Replace(string(text))
		require.NotEqual(t, string(text), altered)
		for _, read := range []func([]byte, ...*escrow.Lifecycle) (escrow.Contract, error){escrow.ReadStored, escrow.ParseContract} {
			_, err := read([]byte(altered), journey)
			assert.ErrorContains(t, err, "malformed", altered)
		}
	}
}
