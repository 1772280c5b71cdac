package explore

import (
	"slices"

	"github.com/escrow-go/escrow"
)

// parties is a set of parties, one bit each: the client, the worker, then backup
// agents in drawn order.
type parties uint32

const (
	client parties = 1 << iota
	worker
	firstAgent
	// everyone is the mark of what needs no party: time, and what the system does
	// without being told what.
	everyone parties = 1<<32 - 1
)

// partyNames are how the bits are called.
func partyName(bit int) string {
	switch bit {
	case 0:
		return "client"
	case 1:
		return "worker"
	}
	return "backup agent " + string(rune('1'+bit-2))
}

// partiesOf returns whose move a question is.
func partiesOf(c *escrow.Contract, command escrow.Command, actor *escrow.Actor) (p parties) {
	_, advance := command.(escrow.Advance)
	_, settle := command.(escrow.Settle)
	if advance || settle && actor.Kind == escrow.KindSystem {
		return everyone
	}
	if actor.Kind == escrow.KindSystem {
		return 0
	}
	account := actor.Account
	if account == "" {
		account = actor.ID
	}
	if account == c.Client() {
		p |= client
	}
	if account == c.Worker() && account != "" {
		p |= worker
	}
	if i := slices.Index(c.BackupAgents(), account); i >= 0 {
		p |= firstAgent << i
	}
	return p
}

// holders returns whose money a contract holds.
func holders(c *escrow.Contract) (p parties) {
	for _, h := range c.Custody() {
		switch h.Account.Kind {
		case escrow.AccountStake:
			p |= worker
		case escrow.AccountBackupBond:
			p |= firstAgent << slices.Index(c.BackupAgents(), h.Account.ID)
		default:
			p |= client
		}
	}
	return p
}
