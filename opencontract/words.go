package opencontract

import (
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The bounds of what backup agents judge.
const (
	maxAgents   = 15
	maxCriteria = 10
)

// The parties.
var (
	// Client posts the contract and its money.
	Client = Party("client", NotClient)
	// Worker is paid for the work: named by the terms in a direct award, found by
	// OC-3 in an open tender.
	Worker = PartySet("worker", NotWorker)
	// BackupAgent is each of those drawn to judge.
	BackupAgent = EachOf("backup", Jury, NotBackupAgent)
	// Treasury receives protocol fees and slashes.
	Treasury = Receiver("treasury")

	// AnyoneElse may take the work of an open tender.
	AnyoneElse = AnyoneBut("anyone but the client", NotWorker, WorkerIsClient, Client)
	// ForfeitReceiver is who the policy gives the bond of a rejected dispute.
	ForfeitReceiver = ChosenBy(DisputeForfeitTo, Worker, Treasury)
	// SlashReceiver is who the policy gives slashed backup bonds.
	SlashReceiver = ChosenBy(BackupSlashTo, Treasury, Client)
)

// The terms.
var (
	TaskDescription        = Text("taskDescription", "what is to be done").Lines().Filled()
	SupplementaryMaterials = Text("supplementaryMaterials", "what helps to do it").Lines().Optional()
	Price                  = Amount("budgetOrPrice", "what the work costs").Positive()
	AcceptanceCriteria     = Texts("acceptanceCriteria", "what the work is judged by, one to ten").Between("1", "10").Filled()
	ContractType           = Choice("contractType", "how the price comes about; auction has no rules yet", Fixed, Auction)
	AwardMethod            = Choice("awardMethod", "how the worker is found", AwardDirect, AwardOpenTender)
	VerificationMode       = Choice("verificationMode", "who judges a delivery: the client, with backup agents only in a dispute, or always backup agents", PrivacyPreserving, Standard)

	MatchDeadline      = Instant("matchDeadline", "until when a worker must have accepted")
	WithdrawalDeadline = Instant("withdrawalDeadline", "until when the worker may withdraw")
	DeliveryDeadline   = Instant("deliveryDeadline", "until when the worker must have delivered")
	ReviewDeadline     = Instant("reviewDeadline", "until when the client may approve or dispute; absent in standard mode").Optional()
)

// What rules record.
var (
	// Delivered is what the worker handed over; the command carries it under the
	// same name.
	Delivered = Text("delivery", "what was delivered, as a hash or an address").Lines().Filled().Or(DeliveryMissing)
	// DeliveredAt and DisputedAt are the times of OC-8 and OC-11.
	DeliveredAt = Instant("deliveredAt", "when it was delivered").Implied(At(DeliveryDeadline),
		UnderReview, Disputed, Resolved, SettledFullyMet, SettledPartiallyMet, SettledNoneMet)
	DisputedAt = Instant("disputedAt", "when the client disputed").Implied(At(ReviewDeadline), Disputed)
	// VotingDeadline is baVotingWindow after the draw.
	VotingDeadline = Instant("votingDeadline", "until when backup agents may vote").ImpliedWhen(Some("backup agents drawn", Jury), windowOver,
		UnderReview, Disputed, Resolved, SettledFullyMet, SettledPartiallyMet, SettledNoneMet)
	// Outcomes are set when the contract is resolved.
	Outcomes = Sheet("criteriaMet", "the outcome of every criterion", AcceptanceCriteria, verdicts...)

	// Jury are the backup agents in drawn order, each with its votes.
	Jury = &escrow.List{Name: "jury", Meaning: "the backup agents drawn to judge", Key: agent, Fields: Fields{Ballots}, Statuses: []string{seated, voted}, Max: maxAgents}
	// Ballots are a backup agent's votes, unset until it votes.
	Ballots = Sheet("ballots", "one vote for each criterion", AcceptanceCriteria, verdicts...).Optional()

	agent = Account("backupAgent", "who was drawn to judge")
)

// What a backup agent is: drawn, and then one that has voted.
const (
	seated = "drawn"
	voted  = "voted"
)

// The pots.
var (
	// Escrow holds the price.
	Escrow = &escrow.Pot{Name: "escrow", Owner: Client, In: "escrow_deposit", Posted: "escrowedFunds", Implied: true,
		Out: []escrow.PotReason{To(Client, "escrow_refund"), To(Worker, "payout"), To(Treasury, "protocol_fee")}}
	// Stake holds the worker's stake.
	Stake = &escrow.Pot{Name: "stake", Owner: Worker, In: "stake_deposit", Posted: "workerStake",
		Out: []escrow.PotReason{To(Worker, "stake_return"), To(Client, "stake_slash"), To(Treasury, "stake_slash")}}
	// DisputeBond holds what the client puts behind a dispute.
	DisputeBond = &escrow.Pot{Name: "dispute-bond", Owner: Client, In: "dispute_bond_deposit", Posted: "disputeBond",
		Out: []escrow.PotReason{To(Client, "dispute_bond_return"), To(ForfeitReceiver, "dispute_bond_forfeit")}}
	// BackupBond holds what a backup agent puts behind its votes.
	BackupBond = &escrow.Pot{Name: "backup-bond", Owner: BackupAgent, Each: Jury, Holds: []string{voted}, In: "backup_bond_deposit", Implied: true,
		Out: []escrow.PotReason{To(BackupAgent, "backup_bond_return"), To(SlashReceiver, "backup_bond_slash")}}
)

// The policy.
var (
	ProtocolFee = Ratio("protocolFee",
		"cut of the worker's gross payout, to the treasury").Default(`"0.05"`)
	WorkerStakeRatio = Ratio("workerStakeRatio",
		"the worker's stake, of the price").Default(`"0.05"`)
	DisputeBondRatio = Ratio("disputeBondRatio",
		"the client's dispute bond, of the price").Default(`"0.05"`)
	BackupAgentBondRatio = Ratio("backupAgentBondRatio",
		"a backup agent's bond for each criterion, of the price").Default(`"0.05"`)
	EarlyWithdrawalSlashRatio = Ratio("earlyWithdrawalSlashRatio",
		"part of the stake that goes to the client on withdrawal; below 1, so that withdrawing beats vanishing").Default(`"0.3"`).Below("1")
	AbsentNoneMetClientShare = Ratio("absentNoneMetClientShare",
		"the client's part of a fully slashed stake; the rest goes to the treasury").Default(`"0.8"`)
	BAUnclearSlashRatio = Ratio("baUnclearSlashRatio",
		"slash of a criterion's bond for voting unclear against a decisive majority").Default(`"0.3"`)
	TokenMintRewardFull = Amount("tokenMintRewardFull",
		"tokens for matching a decisive majority").Scaled(18).Default(`"10"`)
	TokenMintRewardReduced = Amount("tokenMintRewardReduced",
		"tokens for matching a majority for unclear").Scaled(18).Default(`"4"`)
	BAEligibilityStake = Amount("baEligibilityStake",
		"tokens a backup agent must hold staked; checked by the application that draws").Scaled(18).Default(`"1000"`)
	BAVotingWindow = Window("baVotingWindow",
		"how long backup agents may vote from the draw, and how long the draw may take; whole seconds, at most 10 years").Default(`"PT24H"`).Between("PT1S", "P3650D")
	BARecruitCount = Count("baRecruitCount",
		"backup agents drawn; odd, 1 to 15").Default("3").Between("1", "15")
	NoQuorum = Choice("noQuorum",
		"what it means when most backup agents stay silent: approve (criteria count as met) or unclear", "approve", Unclear).Default(`"approve"`)
	UnclearCredit = Ratio("unclearCredit",
		"what an unclear criterion is worth between 0 (as not met) and 1 (as met)").Default(`"0"`)
	DisputeForfeitTo = Choice("disputeForfeitTo",
		"who receives the bond of a rejected dispute: worker or treasury", "worker", "treasury").Default(`"worker"`)
	BackupSlashTo = Choice("backupSlashTo",
		"who receives slashed backup bonds: treasury or client", "treasury", "client").Default(`"treasury"`)
)

// What commands carry.
var (
	// DrawnAgents are the accounts that a draw names.
	DrawnAgents = Texts("backupAgents", "the accounts drawn, as many as the policy recruits").Or(BackupAgentsInvalid)

	criterion = Count("criterionIndex", "the criterion, counted from 0").Or(VotesIncomplete)
	verdict   = Text("vote", "met, not met or unclear").Or(VoteInvalid).Optional()
	entries   = Rows("votes", "one entry for each criterion, in any order", criterion, verdict)
)

// The actions.
var (
	create   = Do("create")
	accept   = Do("accept")
	decline  = Do("decline")
	cancel   = Do("cancel")
	withdraw = Do("withdraw")
	deliver  = Do("deliver", Delivered)
	approve  = Do("approve")
	dispute  = Do("dispute")
	draw     = Do("draw", DrawnAgents)
	vote     = Do("vote", entries)
	settle   = Do("settle")
)

// windowOver is baVotingWindow after the dispute, in standard mode after the delivery.
var windowOver = FirstSet("windowOver", After("", DisputedAt, BAVotingWindow), After("", DeliveredAt, BAVotingWindow))

// DrawDeadline is until when backup agents must have been drawn. A dispute that an
// object dates before what it has recorded counts as made when its status was entered.
var DrawDeadline = LaterOf("drawDeadline", windowOver, SinceEntered("windowSinceEntered", BAVotingWindow))

// The cases.
var (
	DirectAward   = Is("direct award", AwardMethod, AwardDirect)
	OpenTender    = Is("open tender", AwardMethod, AwardOpenTender)
	ClientReviews = Is("client reviews", VerificationMode, PrivacyPreserving)
	JuryJudges    = Or("backup agents judge", Is("standard mode", VerificationMode, Standard), IsSet("disputed", DisputedAt))
	Undrawn       = NotSet("undrawn", VotingDeadline)
	Drawn         = IsSet("drawn", VotingDeadline)
	LastVote      = When("last vote", lastVote)
	MoreVotes     = Not("more votes to come", LastVote)

	FullyMet   = Both("all credit earned", Lacks("", Outcomes, NotMet), Or("", allDecided, When("unclear counts as met", func(v View) bool { return UnclearCredit.In(v).Units() == whole })))
	PartlyMet  = Both("some credit earned", Not("", FullyMet), Not("", noCredit))
	NoneMet    = Both("no credit earned", Not("", FullyMet), noCredit)
	noCredit   = Both("no credit earned", Lacks("", Outcomes, Met), Or("", allDecided, When("unclear counts as not met", func(v View) bool { return UnclearCredit.In(v).Units() == 0 })))
	allDecided = Lacks("", Outcomes, Unclear)

	MostNotMet = When("more than half not met", mostNotMet)
	FewNotMet  = Not("at most half not met", MostNotMet)

	DeliveryUpheld = Both("every criterion met by a quorum's majority", Some("backup agents drawn", Jury), When("upheld by the votes", upheld))
	NotUpheld      = Not("not every criterion met by a quorum's majority", DeliveryUpheld)
)

// What drafts and rules demand.
var (
	OddRecruits     = DemandOf(BARecruitCount, escrow.InvalidRequest, escrow.InvalidPolicy, When("an odd number of backup agents", oddRecruits))
	FixedPrice      = saying("auctions have no rules yet; use fixed", DemandOf(ContractType, escrow.InvalidRequest, UnsupportedCombination, Is("fixed price", ContractType, Fixed)))
	WorkerAsAwarded = saying("must be named in a direct award, and only there", DemandOf(Worker.Account, escrow.InvalidRequest, escrow.InvalidTerms, Or("worker named in a direct award, and only there",
		Both("", DirectAward, IsSet("", Worker.Account)), Both("", OpenTender, NotSet("", Worker.Account)))))
	WorkerNotClient = saying("must not be the client", DemandOf(Worker.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Worker, Client)))

	MatchAhead      = saying("must lie in the future", DemandOf(MatchDeadline, escrow.InvalidRequest, escrow.InvalidTerms, Ahead(At(MatchDeadline))))
	WithdrawalAfter = saying("must not be before the match deadline", DemandOf(WithdrawalDeadline, escrow.InvalidRequest, escrow.InvalidTerms,
		InOrder("", At(MatchDeadline), At(WithdrawalDeadline))))
	DeliveryAfter = saying("must be after the match deadline and not before the withdrawal deadline", DemandOf(DeliveryDeadline, escrow.InvalidRequest, escrow.InvalidTerms,
		Both("", OneByOne("", At(MatchDeadline), At(DeliveryDeadline)), InOrder("", At(WithdrawalDeadline), At(DeliveryDeadline)))))
	ReviewAfter = saying("must be after the delivery deadline", DemandOf(ReviewDeadline, escrow.InvalidRequest, escrow.InvalidTerms,
		OneByOne("", At(DeliveryDeadline), At(ReviewDeadline))))
	ReviewedOrNot = saying("must come after the delivery deadline where the client reviews, and be absent in standard mode", DemandOf(ReviewDeadline, escrow.InvalidRequest, escrow.InvalidTerms,
		Or("review deadline where the client reviews, and only there", Both("", ClientReviews, IsSet("", ReviewDeadline)), Both("", Is("", VerificationMode, Standard), NotSet("", ReviewDeadline)))))

	WorkerNamed   = Demand(escrow.InvalidRequest, DeclinedOpenTender, DirectAward)
	AgentsInOrder = Demand(escrow.InvalidRequest, BackupAgentsInvalid, WhenGiven("baRecruitCount backup agents, no party, no duplicate", agentsInOrder))
	VotesComplete = Demand(escrow.InvalidRequest, VotesIncomplete, WhenGiven("one vote per criterion", votesComplete))
	VerdictsKnown = Demand(escrow.InvalidRequest, VoteInvalid, WhenGiven("every vote met, not met or unclear", verdictsKnown))
)

// What rules record, and how they pay.
var (
	// AllMet: every criterion is met.
	AllMet = Fill("every criterion met", Outcomes, Met)
	// VotesRecorded: the votes of the backup agent who asks.
	VotesRecorded = Compute("votes recorded", Ballots, ballots)
	// Tallied: every criterion is decided by the votes.
	Tallied = Compute("criteria decided by the tally", Outcomes, tally)

	// Credit gives the first receiver what the criteria earned of the most they
	// could.
	Credit = Parts("credit", credit)
	// BondsKept gives the first receiver what its votes did not lose.
	BondsKept = First("bonds kept", bondsKept)
)

// saying returns a requirement that tells a person what is wrong.
func saying(message string, r *escrow.Requirement) *escrow.Requirement {
	r.Message = message
	return r
}

// PerCriterion is a sum, rounded, times the number of criteria.
func PerCriterion(s *Sum) *Sum { return Times(s, AcceptanceCriteria) }

func oddRecruits(v View) bool { return BARecruitCount.In(v)%2 == 1 }

// agentsInOrder reports whether a draw names the right number of accounts, none a
// party and none twice. Nobody chooses their own judges.
func agentsInOrder(v View) bool {
	agents := DrawnAgents.In(v.Given())
	return uint64(len(agents)) == BARecruitCount.In(v) && strangers(v, agents)
}

// strangers reports whether all are accounts, none a party and none twice.
func strangers(v View, agents []string) bool {
	client, worker := v.Account(Client), v.Account(Worker)
	for i, a := range agents {
		if !isAccount(a) || a == client || a == worker || slices.Contains(agents[:i], a) {
			return false
		}
	}
	return true
}

// isAccount reports whether an id of an account is well formed: 1 to 200 bytes of
// printable ASCII without blanks.
func isAccount(id string) bool {
	return id != "" && len(id) <= 200 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// votesComplete reports whether the entries name every criterion once.
func votesComplete(v View) bool {
	var named uint64
	n := AcceptanceCriteria.Len(v)
	for i := range entries.Len(v) {
		at := criterion.In(entries.At(v, i))
		if at >= uint64(n) || named>>at&1 != 0 {
			return false
		}
		named |= 1 << at
	}
	return entries.Len(v) == n
}

// verdictsKnown reports whether every entry is one of the verdicts.
func verdictsKnown(v View) bool {
	for i := range entries.Len(v) {
		if !slices.Contains(verdicts, verdict.In(entries.At(v, i))) {
			return false
		}
	}
	return true
}

// ballots returns the votes that the command carries, by criterion.
func ballots(v View) Value {
	var cast escrow.Sheet
	for i := range entries.Len(v) {
		entry := entries.At(v, i)
		cast = cast.With(int(criterion.In(entry)), slices.Index(verdicts, verdict.In(entry))+1)
	}
	return Ballots.Is(cast)
}
