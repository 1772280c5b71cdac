package escrow_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// A proposal waits in a status of its own: founding it asks people of the same
// account to agree, and time ends one that nobody answers.
var (
	mover   = Party("mover", "not_mover")
	motion  = Text("motion", "what is proposed").Filled().Lines()
	propose = Do("propose")
	waiting = Window("waiting", "how long it waits").Default(`"PT24H"`)

	agreement = CoSign{Type: "motion", TTL: waiting, While: "asked", Declined: "declined"}

	proposals = Must(Spec{
		Name: "proposal", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "A proposal that waits, for tests.",
		Parties: Parties{mover}, Terms: Fields{motion}, Policy: Fields{waiting}, Terminal: In("carried", "declined", "lapsed"),
		Rules: []Rule{
			{ID: "P-1", On: propose, By: mover, From: In(Draft, "asked"), To: "carried", CoSign: agreement},
			{ID: "P-2", On: Advance, By: Anyone, From: In("asked"), Window: Due(Expiry), To: "lapsed"},
		},
		Reasons: []escrow.CatalogueEntry{{Reason: "not_mover", Code: escrow.Forbidden, Meaning: "only the mover", Remedy: "ask as the mover"}},
	})
)

// proposed is a proposal that an agent of its mover has asked for.
func proposed(t testing.TB) *desk {
	k := &desk{t, proposals.Draft("p1", escrow.TextOf(mover.Account, "moe"), motion.To("more tea\nand less work")), june(3, 0)}
	d := k.do(propose.Command(), escrow.Agent("moe"))
	assert.Equal(t, Status("asked"), d.To)
	return k
}

// TestAStatusThatWaits ends by agreement, by a decline, or by time.
func TestAStatusThatWaits(t *testing.T) {
	ann := escrow.Human("ann", "moe")
	k := proposed(t)
	d := k.do(escrow.Confirm(k.approval(), ""), ann)
	assert.Equal(t, "P-1", d.Executes)
	assert.Equal(t, Status("carried"), d.To)
	k = proposed(t)
	assert.Equal(t, Status("declined"), k.do(escrow.DeclineApproval(k.approval(), ""), ann).To)
	k = proposed(t)
	deadline, ok := escrow.NextDeadline(k.c)
	assert.True(t, ok)
	assert.Equal(t, "expiresAt", deadline.Moment)
	assert.Equal(t, Status("lapsed"), deadline.Then.To)
	k.at(june(4, 0)).refused(escrow.DeadlineDue, escrow.Confirm(k.approval(), ""), ann)
	k.refused(escrow.DeadlineDue, propose.Command(), ann)
	d = k.do(escrow.Advance(), bySystem)
	assert.Equal(t, "P-2", d.Rule)
	a, _ := d.Approval()
	assert.Equal(t, escrow.ApprovalIsExpired, a.Status)
	k = proposed(t)
	assert.Equal(t, Status("carried"), k.do(propose.Command(), ann).To, "a person needs nobody's agreement")
	assert.Equal(t, standings{superseded}, k.approvals())
}
