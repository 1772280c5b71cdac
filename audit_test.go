package escrow

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The ends of forged movements.
var (
	toClient = accountID{kind: AccountClient}
	toWorker = accountID{kind: AccountWorker}
	inEscrow = potEscrow.account()
	inStake  = potStake.account()
)

func agent(i uint16) accountID { return accountID{AccountBackup, i} }
func bond(i uint16) accountID  { return accountID{AccountBackupBond, i} }
func stone(i uint16) accountID { return accountID{AccountMilestone, i} }

func flow(units uint64, from, to accountID) movement {
	return movement{amount: Units(units), from: from, to: to}
}

// audited is a contract of 100 in escrow and 5 in stake.
func audited() *Contract {
	c := &Contract{terms: &terms{client: "0xC", price: Units(100), criteria: []string{"all"}}, worker: "0xW"}
	c.terms.policy.BackupAgentBondRatio = Ratio{ratioOne / 20}
	c.held = potEscrow.set() | potStake.set() | potBackupBond.set() | potMilestone.set()
	c.posted[potEscrow], c.posted[potStake] = Units(100), Units(5)
	return c
}

// voted seats two agents, of whom some have voted, each for a bond of 5.
func voted(seats ...int) *jury {
	j := &jury{agents: []string{"0xA", "0xB"}}
	for _, seat := range seats {
		j.ballots[seat] = 1
	}
	return j
}

// stones is a book of funded milestones.
func stones(amounts ...Amount) *book {
	b := &book{}
	for _, amount := range amounts {
		b.milestones = append(b.milestones, Milestone{Amount: amount, Status: ActiveFunded})
	}
	return b
}

// paid is a book with one of its milestones paid.
func (b *book) paid(i int) *book {
	b.milestones[i].Status = Paid
	return b
}

// TestAuditSeesForgedDecisions: what no table does, the audit would see. Each
// decision is in order but for what its name says.
func TestAuditSeesForgedDecisions(t *testing.T) {
	all := Amount{math.MaxUint64, math.MaxUint64}
	ten := Units(10)
	// Four of the greatest movements come to more than fits, and leave this.
	most := movement{amount: Amount{maxTotal.hi, math.MaxUint64}, from: toClient, to: stone(0)}
	wrapped := ten
	for range 4 {
		wrapped, _ = wrapped.plus(most.amount)
	}
	for name, c := range map[string]struct {
		fine         bool
		before, next func(*Contract)
		moves        []movement
	}{
		"nothing happens":                {fine: true},
		"a deposit":                      {fine: true, next: func(c *Contract) { c.posted[potEscrow] = Units(103) }, moves: []movement{flow(3, toClient, inEscrow)}},
		"nothing is moved":               {moves: []movement{flow(0, toClient, inEscrow)}},
		"to whom it comes from":          {moves: []movement{flow(3, toClient, toClient)}},
		"from pot to pot":                {next: func(c *Contract) { c.posted[potEscrow] = Units(97) }, moves: []movement{flow(3, inEscrow, inStake)}},
		"from a worker who is nobody":    {next: func(c *Contract) { c.worker, c.posted[potEscrow] = "", Units(103) }, moves: []movement{flow(3, toWorker, inEscrow)}},
		"to a worker who is nobody":      {next: func(c *Contract) { c.worker, c.posted[potEscrow] = "", Units(97) }, moves: []movement{flow(3, inEscrow, toWorker)}},
		"from a client who is nobody":    {next: func(c *Contract) { c.terms, c.posted[potEscrow] = &terms{}, Units(103) }, moves: []movement{flow(3, toClient, inEscrow)}},
		"from a second client":           {next: func(c *Contract) { c.posted[potEscrow] = Units(103) }, moves: []movement{flow(3, accountID{AccountClient, 1}, inEscrow)}},
		"to a second client":             {next: func(c *Contract) { c.posted[potEscrow] = Units(97) }, moves: []movement{flow(3, inEscrow, accountID{AccountClient, 1})}},
		"to a milestone of a book":       {fine: true, before: func(c *Contract) { c.book = stones(ten).paid(0) }, next: func(c *Contract) { c.book = stones(ten) }, moves: []movement{flow(10, toClient, stone(0))}},
		"to a milestone without a book":  {moves: []movement{flow(3, toClient, stone(0))}},
		"to a bond without a jury":       {moves: []movement{flow(3, toClient, bond(0))}},
		"by a milestone that is none":    {before: func(c *Contract) { c.book = stones(ten, ten) }, moves: []movement{flow(3, toClient, stone(2)), flow(3, stone(2), toClient)}},
		"to an agent who is none":        {before: func(c *Contract) { c.jury = voted(0) }, next: func(c *Contract) { c.jury = voted() }, moves: []movement{flow(5, bond(0), agent(2))}},
		"to the second agent":            {fine: true, before: func(c *Contract) { c.jury = voted(0) }, next: func(c *Contract) { c.jury = voted() }, moves: []movement{flow(5, bond(0), agent(1))}},
		"the pot is overdrawn":           {next: func(c *Contract) { c.posted[potStake], _ = Units(0).minus(Units(1)) }, moves: []movement{flow(6, inStake, toWorker)}},
		"the pot keeps what it paid":     {moves: []movement{flow(5, inStake, toWorker)}},
		"a pot that is held no more":     {next: func(c *Contract) { c.held &^= potStake.set() }},
		"a pot that is paid and left":    {fine: true, next: func(c *Contract) { c.held &^= potStake.set() }, moves: []movement{flow(5, inStake, toWorker)}},
		"a bond appears":                 {next: func(c *Contract) { c.jury = voted(1) }},
		"a bond vanishes":                {before: func(c *Contract) { c.jury = voted(1) }, next: func(c *Contract) { c.jury = nil }},
		"a bond changes hands":           {before: func(c *Contract) { c.jury = voted(0) }, next: func(c *Contract) { c.jury = voted(1) }},
		"two milestones change money":    {before: func(c *Contract) { c.book = stones(ten, Units(3)) }, next: func(c *Contract) { c.book = stones(Units(3), ten) }},
		"others change it meanwhile":     {before: func(c *Contract) { c.book = stones(ten, ten, Units(3)) }, next: func(c *Contract) { c.book = stones(ten, Units(3), ten).paid(0) }, moves: []movement{flow(10, stone(0), toWorker)}},
		"a bond is posted":               {fine: true, before: func(c *Contract) { c.jury = voted() }, next: func(c *Contract) { c.jury = voted(1) }, moves: []movement{flow(5, agent(1), bond(1))}},
		"a milestone's money appears":    {next: func(c *Contract) { c.book = stones(ten) }},
		"a milestone's money vanishes":   {before: func(c *Contract) { c.book = stones(ten) }, next: func(c *Contract) { c.book = nil }},
		"a milestone added and funded":   {fine: true, before: func(c *Contract) { c.book = stones(ten) }, next: func(c *Contract) { c.book = stones(ten, ten) }, moves: []movement{flow(10, toClient, stone(1))}},
		"another milestone pays":         {before: func(c *Contract) { c.book = stones(ten, ten) }, next: func(c *Contract) { c.book = stones(ten, ten).paid(1) }, moves: []movement{flow(10, stone(0), toWorker)}},
		"another pays, after a deposit":  {before: func(c *Contract) { c.book = stones(ten, ten) }, next: func(c *Contract) { c.posted[potEscrow], c.book = Units(103), stones(ten, ten).paid(1) }, moves: []movement{flow(3, toClient, inEscrow), flow(10, stone(0), toWorker)}},
		"what moves in wraps around":     {before: func(c *Contract) { c.book = stones(ten) }, next: func(c *Contract) { c.book = stones(wrapped) }, moves: []movement{most, most, most, most}},
		"what is held wraps around":      {before: func(c *Contract) { c.book = stones(Units(1)) }, next: func(c *Contract) { c.book = stones(all, Units(2)) }},
		"what was held wraps around":     {before: func(c *Contract) { c.book = stones(all, Units(2)) }, next: func(c *Contract) { c.book = stones(Units(1)) }},
		"more moves than there may be":   {before: func(c *Contract) { c.book = stones(ten).paid(0) }, next: func(c *Contract) { c.book = stones(all) }, moves: []movement{{amount: all, from: toClient, to: stone(0)}}},
		"the most that may move":         {fine: true, before: func(c *Contract) { c.book = stones(ten).paid(0) }, next: func(c *Contract) { c.book = stones(maxTotal) }, moves: []movement{{amount: maxTotal, from: toClient, to: stone(0)}}},
		"several parts of one milestone": {fine: true, before: func(c *Contract) { c.book = stones(ten) }, next: func(c *Contract) { c.book = stones(ten).paid(0) }, moves: []movement{flow(4, stone(0), toWorker), flow(6, stone(0), toClient)}},
	} {
		t.Run(name, func(t *testing.T) {
			before := audited()
			if c.before != nil {
				c.before(before)
			}
			d := Decision{Contract: *before, moved: len(c.moves)}
			copy(d.inline[:], c.moves)
			if c.next != nil {
				c.next(&d.Contract)
			}
			assert.Equal(t, c.fine, d.audit(before))
		})
	}
}

// TestSameMoney: two proposals are the same only with the same accounts, amounts
// and reasons in the same order.
func TestSameMoney(t *testing.T) {
	client, worker := Account{AccountClient, "0xC"}, Account{AccountWorker, "0xW"}
	one := Movement{From: Account{Kind: AccountEscrow}, To: client, Amount: Units(1), Reason: EscrowRefund}
	other := func(change func(*Movement)) []Movement {
		m := one
		change(&m)
		return []Movement{m}
	}
	assert.True(t, sameMoney([]Movement{one}, []Movement{one}))
	assert.False(t, sameMoney([]Movement{one}, nil))
	assert.False(t, sameMoney([]Movement{one}, other(func(m *Movement) { m.From = worker })), "from")
	assert.False(t, sameMoney([]Movement{one}, other(func(m *Movement) { m.To = worker })), "to")
	assert.False(t, sameMoney([]Movement{one}, other(func(m *Movement) { m.Amount = Units(2) })), "amount")
	assert.False(t, sameMoney([]Movement{one}, other(func(m *Movement) { m.Reason = Payout })), "reason")
}
