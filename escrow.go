package escrow

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// potKind numbers the pots. The single ones come first: they index
// Contract.posted.
type potKind uint8

const (
	potEscrow potKind = iota
	potStake
	potDisputeBond
	potBackupBond
	potMilestone
	potKinds
	singlePots = potBackupBond
)

// potSet is a set of pots, one bit each.
type potSet uint8

func (k potKind) set() potSet        { return 1 << k }
func (k potKind) single() bool       { return k < singlePots }
func (s potSet) has(k potKind) bool  { return s&k.set() != 0 }
func (k potKind) account() accountID { return accountID{kind: AccountEscrow + AccountKind(k)} }

// Pot is an account that holds money for a contract.
type Pot struct {
	name string
	kind potKind
	each bool
}

// String returns the pot as the rule book prints it.
func (p Pot) String() string { return p.name }

// The pots.
var (
	// Escrow holds the price.
	Escrow = Pot{name: "escrow", kind: potEscrow}
	// Stake holds the worker's stake.
	Stake = Pot{name: "stake", kind: potStake}
	// DisputeBond holds the client's dispute bond.
	DisputeBond = Pot{name: "dispute bond", kind: potDisputeBond}
	// BackupBond holds the bond of the backup agent who acts.
	BackupBond = Pot{name: "backup bond", kind: potBackupBond}
	// MilestonePot holds the money of the milestone that the command names.
	MilestonePot = Pot{name: "milestone", kind: potMilestone}
)

// Each returns every pot of the kind that holds money: each backup agent's bond,
// or each funded milestone.
func Each(p Pot) Pot { return Pot{name: "each " + p.name, kind: p.kind, each: true} }

// AccountKind is what sort of account a movement touches.
type AccountKind uint8

// The kinds of account: first those outside custody, then those that hold money
// for a contract.
const (
	AccountClient AccountKind = iota + 1
	AccountWorker
	AccountBackup
	AccountTreasury
	AccountPlatform
	AccountEscrow
	AccountStake
	AccountDisputeBond
	AccountBackupBond
	AccountMilestone
)

var accountNames = [...]string{"", "client", "worker", "backup", "treasury", "platform",
	"escrow", "stake", "dispute-bond", "backup-bond", "milestone"}

// Custody reports whether accounts of the kind hold money for a contract.
func (k AccountKind) Custody() bool { return k >= AccountEscrow }

// Account is one end of a movement.
type Account struct {
	Kind AccountKind
	// ID is whose, where there may be several.
	ID string
}

// String returns the account's text form, as in "client:acct_1" or "escrow".
func (a Account) String() string {
	name := accountNames[a.Kind]
	if a.ID == "" {
		return name
	}
	return name + ":" + a.ID
}

// accountID is an account as the engine carries it: the id is a position in the
// contract.
type accountID struct {
	kind  AccountKind
	index uint16
}

// account gives an account its text id.
func (c *Contract) account(a accountID) Account {
	out := Account{Kind: a.kind}
	switch a.kind {
	case AccountClient:
		out.ID = c.terms.client
	case AccountWorker:
		out.ID = c.worker
	case AccountBackup, AccountBackupBond:
		out.ID = c.jury.agents[a.index]
	case AccountMilestone:
		out.ID = c.book.milestones[a.index].ID
	}
	return out
}

// MovementReason says what a movement is for.
type MovementReason string

// The movement reasons.
const (
	EscrowDeposit      MovementReason = "escrow_deposit"
	StakeDeposit       MovementReason = "stake_deposit"
	DisputeBondDeposit MovementReason = "dispute_bond_deposit"
	BackupBondDeposit  MovementReason = "backup_bond_deposit"
	MilestoneDeposit   MovementReason = "milestone_deposit"
	MarketplaceFeeMove MovementReason = "marketplace_fee"
	InitiationFeeMove  MovementReason = "initiation_fee"
	EscrowRefund       MovementReason = "escrow_refund"
	StakeSlash         MovementReason = "stake_slash"
	StakeReturn        MovementReason = "stake_return"
	Payout             MovementReason = "payout"
	ProtocolFeeMove    MovementReason = "protocol_fee"
	DisputeBondReturn  MovementReason = "dispute_bond_return"
	DisputeBondForfeit MovementReason = "dispute_bond_forfeit"
	BackupBondReturn   MovementReason = "backup_bond_return"
	BackupBondSlash    MovementReason = "backup_bond_slash"
	MilestoneRelease   MovementReason = "milestone_release"
	MilestoneRefund    MovementReason = "milestone_refund"
)

var depositReasons = [potKinds]MovementReason{EscrowDeposit, StakeDeposit, DisputeBondDeposit, BackupBondDeposit, MilestoneDeposit}

// payoutReason follows from the pot and who receives.
func payoutReason(pot potKind, to AccountKind) MovementReason {
	switch {
	case pot == potEscrow && to == AccountClient:
		return EscrowRefund
	case pot == potEscrow && to == AccountWorker:
		return Payout
	case pot == potEscrow:
		return ProtocolFeeMove
	case pot == potStake && to == AccountWorker:
		return StakeReturn
	case pot == potStake:
		return StakeSlash
	case pot == potDisputeBond && to == AccountClient:
		return DisputeBondReturn
	case pot == potDisputeBond:
		return DisputeBondForfeit
	case pot == potBackupBond && to == AccountBackup:
		return BackupBondReturn
	case pot == potBackupBond:
		return BackupBondSlash
	case to == AccountWorker:
		return MilestoneRelease
	}
	return MilestoneRefund
}

// movement is one transfer as the engine carries it.
type movement struct {
	amount   Amount
	of       Amount
	ratio    Ratio
	policy   *PolicyField
	from, to accountID
}

// basis returns where the amount comes from.
func (m *movement) basis() Basis {
	if m.policy == nil {
		return Basis{Of: m.of}
	}
	return Basis{Of: m.of, Ratio: m.ratio, Policy: m.policy.Name, HasRatio: m.policy.ratio != nil}
}

// charges reports whether the movement is a charge by a policy field.
func (m *movement) charges(f *PolicyField) bool { return m.policy != nil && m.policy.Name == f.Name }

// reason follows from the accounts and, for a charge, from what is charged.
func (m *movement) reason() MovementReason {
	switch {
	case m.to.kind.Custody():
		return depositReasons[m.to.kind-AccountEscrow]
	case m.from.kind.Custody():
		return payoutReason(potKind(m.from.kind-AccountEscrow), m.to.kind)
	case m.charges(&InitiationFee):
		return InitiationFeeMove
	case m.charges(&MarketplaceFee):
		return MarketplaceFeeMove
	}
	return ProtocolFeeMove
}

// Movement is one transfer of a positive amount. A movement from a party into
// custody is a deposit, which the application must collect before it commits the
// decision; from custody to a party a payout; from party to party a charge.
type Movement struct {
	From, To Account
	Amount   Amount
	Asset    Asset
	Reason   MovementReason
	Basis    Basis

	contract string
	revision uint64
	position int
}

// Basis is where a movement's amount comes from: the amount it is a part of, and
// the fraction with the policy field that fixes it, when there is one.
type Basis struct {
	Of     Amount
	Ratio  Ratio
	Policy string
	// HasRatio says whether Ratio means anything.
	HasRatio bool
	// Times is how often that was taken: a backup agent's bond is one for each
	// criterion. 0 means once.
	Times int
}

// ID is unique and stable: contract id, revision of the next snapshot, position.
func (m Movement) ID() string {
	return m.contract + "/" + strconv.FormatUint(m.revision, 10) + "/" + strconv.Itoa(m.position)
}

// Decimal returns the amount in whole units of the asset.
func (m Movement) Decimal() decimal.Decimal { return m.Asset.Decimal(m.Amount) }

// IsDeposit reports whether the money enters custody.
func (m Movement) IsDeposit() bool { return m.To.Kind.Custody() }

// IsPayout reports whether the money leaves custody.
func (m Movement) IsPayout() bool { return m.From.Kind.Custody() }

// String returns the movement for a person, as in
// "0.75 USDC stake -> client:0xC (stake_slash)".
func (m Movement) String() string {
	return m.Asset.Text(m.Amount) + " " + m.Asset.Code + " " + m.From.String() + " -> " + m.To.String() + " (" + string(m.Reason) + ")"
}

// Holding is what one custody account holds.
type Holding struct {
	Account Account
	Amount  Amount
}

// holds returns what a pot holds. Custody is not stored: the lifecycle's proof
// says which pots a status holds, and the snapshot what was posted into them.
func (c *Contract) holds(a accountID) Amount {
	pot := potKind(a.kind - AccountEscrow)
	if !c.held.has(pot) {
		return Amount{}
	}
	switch pot {
	case potBackupBond:
		return c.backupBond(int(a.index))
	case potMilestone:
		if m := c.milestones()[a.index]; m.Status == ActiveFunded {
			return m.Amount
		}
		return Amount{}
	}
	return c.posted[pot]
}

// pots returns how many accounts of a pot the contract can have.
func (c *Contract) pots(k potKind) int {
	switch {
	case k.single():
		return 1
	case k == potMilestone:
		return len(c.milestones())
	}
	return c.jury.size()
}

// Custody returns what is held for the contract now: only positive amounts, in
// the order of the account kinds.
func (c *Contract) Custody() []Holding {
	var held []Holding
	for k := range potKinds {
		for i := range c.pots(k) {
			a := accountID{k.account().kind, uint16(i)}
			if amount := c.holds(a); !amount.IsZero() {
				held = append(held, Holding{c.account(a), amount})
			}
		}
	}
	return held
}

// total returns what all accounts of a pot that has several hold together.
func (c *Contract) total(k potKind) (sum Amount, ok bool) {
	ok = true
	for i := range c.pots(k) {
		if sum, ok = sum.plus(c.holds(accountID{k.account().kind, uint16(i)})); !ok {
			return sum, false
		}
	}
	return sum, ok
}
