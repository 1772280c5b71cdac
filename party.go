package escrow

import "strings"

type partyKind uint8

const (
	partyNone partyKind = iota
	partyAnyone
	partyClient
	partyWorker
	partyBackupAgent
	partySystem
	partyNewWorker
	partyOwner
	partySignedIn
	partyTreasury
	partyPlatform
	partyForfeit
	partySlash
	partyData
	partyEither
)

// Party is a role in a contract: who may ask, and who is paid.
type Party struct {
	name   string
	kind   partyKind
	reason Reason
	of     func(any) string
	either []Party
	fit    fit
	// account is where a party is paid that is always the same, 0 otherwise.
	account AccountKind
}

// String returns the party's name as the rule book prints it.
func (p Party) String() string { return p.name }

// The parties.
var (
	// Anyone is every actor, the system included.
	Anyone = Party{name: "anyone", kind: partyAnyone}
	// Client is who posts the contract and its money.
	Client = Party{name: "client", kind: partyClient, reason: NotClient, account: AccountClient}
	// Worker is who is paid for the work.
	Worker = Party{name: "worker", kind: partyWorker, reason: NotWorker, account: AccountWorker}
	// BackupAgent is each of those drawn to judge.
	BackupAgent = Party{name: "backup agent", kind: partyBackupAgent, reason: NotBackupAgent}
	// System is the platform itself. It is no party and receives nothing.
	System = Party{name: "system", kind: partySystem, reason: NotSystem}
	// AnyoneButClient is every account but the client's, and not the system.
	AnyoneButClient = Party{name: "anyone but the client", kind: partyNewWorker, reason: NotWorker}
	// Owner is a token or a signed-in human of the client's account. For
	// everybody else the contract does not exist.
	Owner = Party{name: "owner (token or human of the client)", kind: partyOwner, reason: ContractNotFound}

	// SignedIn is a signed-in human of the account that asked: who may co-sign.
	SignedIn = Party{name: "signed-in human of the account", kind: partySignedIn, reason: NotHuman}

	// Treasury receives protocol fees and slashes.
	Treasury = Party{name: "treasury", kind: partyTreasury, account: AccountTreasury}
	// Platform receives the marketplace's fees.
	Platform = Party{name: "platform", kind: partyPlatform, account: AccountPlatform}
	// ForfeitReceiver is who the policy gives the bond of a rejected dispute.
	ForfeitReceiver = Party{name: "disputeForfeitTo", kind: partyForfeit}
	// SlashReceiver is who the policy gives slashed backup bonds.
	SlashReceiver = Party{name: "backupSlashTo", kind: partySlash}
)

// PartyIn returns a party whose account stands in the lifecycle's own data, such
// as an evaluator. An actor who is not that party is refused with the reason,
// whose class is [Forbidden]. Such a party may ask; it holds no account of its
// own in the escrow.
func PartyIn[D comparable](name string, reason Reason, account func(D) string) Party {
	return Party{name: name, kind: partyData, reason: reason, fit: fitData[D](), of: func(data any) string { return account(data.(D)) }}
}

// Either returns the party that is any of the given ones. An actor who is none
// is refused with the reason of the first.
func Either(parties ...Party) Party {
	names := make([]string, len(parties))
	for i, p := range parties {
		names[i] = p.name
	}
	return Party{name: strings.Join(names, " or "), kind: partyEither, reason: parties[0].reason, either: parties}
}

// refuses returns why the actor is not the party, "" when it is.
func (p *Party) refuses(q *ask) Reason {
	c, account := q.c, q.actor.account()
	is := false
	switch p.kind {
	case partyAnyone:
		return ""
	case partySystem:
		is = q.actor.isSystem()
	case partyClient:
		is = account == c.terms.client
	case partyWorker:
		is = account == c.worker
	case partyBackupAgent:
		is = c.jury.seat(account) >= 0
	case partyNewWorker:
		if is = account != c.terms.client; !is && !q.actor.isSystem() {
			return WorkerIsClient
		}
	case partyOwner:
		is = account == c.terms.client && (q.actor.Kind == KindToken || q.actor.isHuman())
	case partyData:
		is = account == p.of(c.data)
	case partyEither:
		for i := range p.either {
			if p.either[i].refuses(q) == "" {
				return ""
			}
		}
	}
	if is && (p.kind == partySystem || !q.actor.isSystem()) {
		return ""
	}
	return p.reason
}

// founder reports whether the party is the contract's client, who alone can
// found one.
func (p *Party) founder() bool { return p.kind == partyClient || p.kind == partyOwner }

// payable reports whether the party has an account that money can move to.
func (p *Party) payable() bool {
	switch p.kind {
	case partyClient, partyWorker, partyBackupAgent, partyTreasury, partyPlatform, partyForfeit, partySlash:
		return true
	}
	return false
}
