package simulate

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// account is one end of a movement as the ledger tells them apart. Those from
// escrowPot on are in custody.
type account uint8

const (
	otherAccount account = iota
	clientAccount
	workerAccount
	backupAccount
	treasuryAccount
	platformAccount
	escrowPot
	stakePot
	disputePot
	backupPot
	milestonePot
)

func (a account) custody() bool { return a >= escrowPot }

// accountNames are the parties and pots of both lifecycles by name.
var accountNames = map[string]account{
	opencontract.Client.Name:      clientAccount,
	opencontract.Worker.Name:      workerAccount,
	opencontract.BackupAgent.Name: backupAccount,
	opencontract.Treasury.Name:    treasuryAccount,
	opentrain.Platform.Name:       platformAccount,
	opencontract.Escrow.Name:      escrowPot,
	opencontract.Stake.Name:       stakePot,
	opencontract.DisputeBond.Name: disputePot,
	opencontract.BackupBond.Name:  backupPot,
	opentrain.MilestonePot.Name:   milestonePot,
}

// accounts are a lifecycle's accounts by the number that [escrow.Decision.Transfer]
// gives them.
type accounts []account

// accountsOf finds out what the numbers of a lifecycle's accounts mean.
func accountsOf(l *escrow.Lifecycle) accounts {
	var list accounts
	for _, a := range l.AccountKinds() {
		list = append(list, accountNames[a.Kind])
	}
	return list
}
