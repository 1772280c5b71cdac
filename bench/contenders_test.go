package bench

import (
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// engineCommands are the engine's words for the actions of the switches.
var engineCommands = map[action]escrow.Command{
	create: opencontract.Create{}.Command(), accept: opencontract.Accept{}.Command(), withdraw: opencontract.Withdraw{}.Command(),
	deliver: opencontract.Deliver{Delivery: delivery}.Command(), approve: opencontract.Approve{}.Command(), settle: opencontract.Settle{}.Command(),
}

// stage is the same contract in the engine and in the floor.
type stage struct {
	name   string
	engine escrow.Contract
	floor  floorContract
}

// stages returns the sample at every status that the floor knows.
func stages(t *testing.T, price decimal.Decimal) []stage {
	at := stage{"draft", engineDraft(price), floorDraft(inUnits(price))}
	list := []stage{at}
	step := func(from stage, a action, actor string) stage {
		d, err := escrow.Decide(from.engine, engineCommands[a], asker(actor), still(early))
		require.NoError(t, err)
		var f floorDecision
		require.Empty(t, f.decide(&from.floor, &floorAsk{a, actor, delivery}, still(early)))
		require.Equal(t, engineTransfers(&d), f.transfers(), "money of %s", d.Action)
		next := stage{string(d.To), d.Contract, f.contract}
		list = append(list, next)
		return next
	}
	for i, ask := range floorLife {
		at = step(at, ask.action, ask.actor)
		if i == 1 {
			step(at, withdraw, worker)
		}
	}
	return list
}

// TestSample holds the documented numbers against every contender that moves
// money.
func TestSample(t *testing.T) {
	want := []transfer{
		{escrowPot, clientAccount, 50_000_000, escrowRefund},
		{stakePot, clientAccount, 750_000, stakeSlash},
		{stakePot, workerAccount, 1_750_000, stakeReturn},
	}
	c, err := engineMatched(samplePrice)
	require.NoError(t, err)
	d, err := escrow.Decide(c, opencontract.Withdraw{}.Command(), asker(worker), still(inTime))
	require.NoError(t, err)
	require.Equal(t, want, engineTransfers(&d))

	f := floorMatched(t)
	var fd floorDecision
	require.Empty(t, fd.decide(&f, &floorAsk{withdraw, worker, ""}, still(inTime)))
	require.Equal(t, want, fd.transfers())

	dc := decimalMatched(samplePrice)
	var dd decimalDecision
	require.Empty(t, dd.withdraw(&dc, worker, still(inTime)))
	require.Equal(t, want, dd.transfers())
}

func floorMatched(t testing.TB) floorContract {
	c := floorDraft(inUnits(samplePrice))
	var d floorDecision
	for i := range floorLife[:2] {
		require.Empty(t, d.decide(&c, &floorLife[i], still(early)))
		c = d.contract
	}
	return c
}

// TestFloorAnswersAsTheEngine asks both everything, of everybody, at both sides
// of every deadline, in every status.
func TestFloorAnswersAsTheEngine(t *testing.T) {
	for _, at := range stages(t, samplePrice) {
		for a, command := range engineCommands {
			for _, actor := range []string{client, worker, stranger, system} {
				for _, now := range instants() {
					d, err := escrow.Decide(at.engine, command, asker(actor), still(now))
					var f floorDecision
					reason := f.decide(&at.floor, &floorAsk{a, actor, delivery}, still(now))
					require.Equal(t, reasonOf(t, err), reason, "%s: %s by %s at %s", at.name, command.Action(), actor, now)
					require.Equal(t, engineTransfers(&d), f.transfers())
				}
			}
		}
	}
}

// TestMoneyAtOddPrices looks at prices whose stake, slash and fee need rounding.
func TestMoneyAtOddPrices(t *testing.T) {
	for _, text := range []string{"0.000001", "0.00001", "0.000011", "0.333333", "1", "33.333333", "49.99999", "999999.999999"} {
		price := decimal.RequireFromString(text)
		for _, at := range stages(t, price) {
			if at.name != string(opencontract.Matched) {
				continue
			}
			d, err := escrow.Decide(at.engine, opencontract.Withdraw{}.Command(), asker(worker), still(inTime))
			require.NoError(t, err)
			c := decimalMatched(price)
			var dd decimalDecision
			require.Empty(t, dd.withdraw(&c, worker, still(inTime)))
			require.Equal(t, engineTransfers(&d), dd.transfers(), "price %s", text)
		}
	}
}

// TestGuards holds the decimal switch and every peer against the engine.
func TestGuards(t *testing.T) {
	c, err := engineMatched(samplePrice)
	require.NoError(t, err)
	for _, actor := range []string{client, worker, stranger, system} {
		for _, now := range instants() {
			_, err := escrow.Decide(c, opencontract.Withdraw{}.Command(), asker(actor), still(now))
			want := reasonOf(t, err)
			dc := decimalMatched(samplePrice)
			require.Equal(t, want, new(decimalDecision).withdraw(&dc, actor, still(now)))
			for _, p := range peers() {
				p.load(withdrawal(actor, peerMatched, now.UnixNano()))
				leads := p.withdraw()
				require.Equal(t, want == "", leads == peerWithdrawn, "%s: %s at %s", p.name, actor, now)
				require.Equal(t, want != "", leads == peerMatched, "%s: %s at %s", p.name, actor, now)
			}
		}
	}
}

// TestWrongStatus sees that the guards look at the status.
func TestWrongStatus(t *testing.T) {
	dc := decimalMatched(samplePrice)
	dc.status = created
	require.Equal(t, escrow.WrongStatus, new(decimalDecision).withdraw(&dc, worker, still(inTime)))
	for _, p := range peers() {
		p.load(withdrawal(worker, "under-review", inTime.UnixNano()))
		require.Equal(t, "under-review", p.withdraw(), p.name)
	}
}

// TestLives sees that a whole life ends well and pays out everything.
func TestLives(t *testing.T) {
	c := engineDraft(samplePrice)
	var into escrow.Decision
	require.NoError(t, liveInto(&into, new(escrow.Decision), &c, still(early)))
	byValue, err := live(c, still(early))
	require.NoError(t, err)
	require.Equal(t, opencontract.SettledFullyMet, into.To)
	require.Equal(t, into.Keep(), byValue)

	f := floorDraft(inUnits(samplePrice))
	var fd floorDecision
	require.Empty(t, fd.live(&f, still(early)))
	require.Equal(t, settledFullyMet, fd.contract.status)
	require.Equal(t, engineTransfers(&into), fd.transfers())
}

// TestAllocations asserts what the README says of escrow: by value, a refusal that
// carries an instant or the ids of those concerned needs memory, its own copy, and
// so does each record of the state that a snapshot does not share with the one
// before. Into the caller's memory nothing does.
func TestAllocations(t *testing.T) {
	s := newSample(t)
	byValue := func(actor *escrow.Actor, clock escrow.Clock) func() error {
		return func() error {
			_, err := escrow.Decide(s.matched, opencontract.Withdraw{}.Command(), *actor, clock)
			return err
		}
	}
	into := func(actor *escrow.Actor, clock escrow.Clock) func() error {
		return func() error { return s.decideInto(actor, clock) }
	}
	for _, c := range []struct {
		name string
		want float64
		ask  func() error
	}{
		{"by value, accepted", 0, byValue(&s.worker, s.inTime)},
		{"by value, wrong actor", 1, byValue(&s.client, s.inTime)},
		{"by value, too late", 1, byValue(&s.worker, s.tooLate)},
		{"by value, whole life", 2, func() error { _, err := live(s.draft, s.early); return err }},
		{"into, accepted", 0, into(&s.worker, s.inTime)},
		{"into, wrong actor", 0, into(&s.client, s.inTime)},
		{"into, too late", 0, into(&s.worker, s.tooLate)},
		{"into, whole life", 0, s.liveInto},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, testing.AllocsPerRun(100, func() { _ = c.ask() }))
		})
	}
}
