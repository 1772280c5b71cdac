package bench

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/require"
)

// Rounds of all contenders, rather than -count, which would measure each one
// many times in a row: what the machine does meanwhile then meets all alike.
var rounds = flag.Int("rounds", 1, "how often all contenders are measured in turn")

// BenchmarkSample measures every contender. The names are those of the rows in
// cmd/table.
func BenchmarkSample(b *testing.B) {
	for round := range *rounds {
		// What lies where in memory matters, and differs from round to round.
		s := newSample(b)
		b.Run(fmt.Sprint("round=", round+1), func(b *testing.B) {
			b.Run("accepted", func(b *testing.B) { s.withdrawals(b, worker, inTime, "") })
			b.Run("wrong-actor", func(b *testing.B) { s.withdrawals(b, client, inTime, opencontract.NotWorker) })
			b.Run("too-late", func(b *testing.B) { s.withdrawals(b, worker, tooLate, escrow.WindowClosed) })
			b.Run("life", s.lives)
			b.Run("explain", s.explain)
		})
	}
}

// sample is everything that is measured, prepared.
type sample struct {
	draft, matched  escrow.Contract
	client, worker  escrow.Actor
	early, inTime   escrow.Clock
	tooLate         escrow.Clock
	decision, other escrow.Decision
	floorDraft      floorContract
	floorMatched    floorContract
	floorDecision   floorDecision
	decimalMatched  decimalContract
	decimalDecision decimalDecision
	peers           []namedPeer
}

func newSample(t testing.TB) *sample {
	matched, err := engineMatched(samplePrice)
	require.NoError(t, err)
	return &sample{
		draft: engineDraft(samplePrice), matched: matched,
		client: agent(client), worker: agent(worker),
		early: still(early), inTime: still(inTime), tooLate: still(tooLate),
		floorDraft: floorDraft(inUnits(samplePrice)), floorMatched: floorMatched(t),
		decimalMatched: decimalMatched(samplePrice),
		peers:          peers(),
	}
}

func (s *sample) decideInto(actor *escrow.Actor, clock escrow.Clock) error {
	return escrow.DecideInto(&s.decision, &s.matched, opencontract.Withdraw{}.Command(), actor, clock)
}

func (s *sample) liveInto() error { return liveInto(&s.decision, &s.other, &s.draft, s.early) }

// withdrawals measures one withdrawal by every contender, and that it is
// answered with the reason.
func (s *sample) withdrawals(b *testing.B, account string, at time.Time, want escrow.Reason) {
	actor, id := agent(account), arrived(account)
	var clock escrow.Clock = still(at)
	var reason escrow.Reason
	var err error
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		ask := floorAsk{withdraw, id, ""}
		for b.Loop() {
			reason = s.floorDecision.decide(&s.floorMatched, &ask, clock)
		}
		require.Equal(b, want, reason)
	})
	b.Run("into", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			err = s.decideInto(&actor, clock)
		}
		require.Equal(b, want, reasonOf(b, err))
	})
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		var d escrow.Decision
		for b.Loop() {
			d, err = escrow.Decide(s.matched, opencontract.Withdraw{}.Command(), actor, clock)
		}
		require.Equal(b, want, reasonOf(b, err))
		require.Equal(b, want == "", d.NumMovements() > 0)
	})
	b.Run("decimal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			reason = s.decimalDecision.withdraw(&s.decimalMatched, id, clock)
		}
		require.Equal(b, want, reason)
	})
	for _, p := range s.peers {
		b.Run(p.name, func(b *testing.B) { guards(b, p, withdrawal(id, peerMatched, at.UnixNano()), want == "") })
	}
}

// guards measures a peer.
func guards(b *testing.B, p peer, r request, allowed bool) {
	b.ReportAllocs()
	p.load(r)
	var leads string
	for b.Loop() {
		leads = p.withdraw()
	}
	require.Equal(b, allowed, leads == peerWithdrawn)
}

// lives measures whole lives: create, accept, deliver, approve, settle.
func (s *sample) lives(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		var reason escrow.Reason
		for b.Loop() {
			reason = s.floorDecision.live(&s.floorDraft, s.early)
		}
		require.Empty(b, reason)
	})
	b.Run("into", func(b *testing.B) {
		b.ReportAllocs()
		var err error
		for b.Loop() {
			err = s.liveInto()
		}
		require.NoError(b, err)
	})
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		var c escrow.Contract
		var err error
		for b.Loop() {
			c, err = live(s.draft, s.early)
		}
		require.NoError(b, err)
		require.Equal(b, opencontract.SettledFullyMet, c.Status())
	})
}

// explain measures all the actions of the contract as they stand for its worker.
func (s *sample) explain(b *testing.B) {
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		var x escrow.Explanation
		var err error
		for b.Loop() {
			x, err = escrow.Explain(s.matched, s.worker, s.inTime)
		}
		require.NoError(b, err)
		require.NotEmpty(b, x.Options)
	})
}
