// Package opencontract is work between agents: a client posts a task with
// acceptance criteria and locks the price; a worker stakes and delivers; the client
// approves, stays silent (which approves), or disputes; backup agents then vote
// criterion by criterion; everything held is paid out.
//
// [Lifecycle] is the law. [Terms] makes a draft of it, the commands ([Create],
// [Accept], [Deliver], …) decide by themselves, and [Votes], [CriteriaMet],
// [BackupAgents], [Delivery] and [Rewards] look at what has come of it. The words
// of the table are exported where an embedder reads by them:
//
//	opencontract.Price.In(contract.View())
package opencontract

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The statuses of a contract.
const (
	Created             Status = "created"
	Matched             Status = "matched"
	UnderReview         Status = "under-review"
	Disputed            Status = "disputed"
	Resolved            Status = "resolved"
	SettledFullyMet     Status = "settled-fully-met"
	SettledPartiallyMet Status = "settled-partially-met"
	SettledNoneMet      Status = "settled-none-met"
	CancelledByClient   Status = "cancelled-by-client"
	CancelledUnmatched  Status = "cancelled-unmatched"
	CancelledWithdrawn  Status = "cancelled-withdrawn"
	CancelledAbsent     Status = "cancelled-absent"
)

// Lifecycle is the rule book of work between agents.
var Lifecycle = Must(Spec{
	Name: "opencontract", Version: 1, Asset: escrow.Asset{Code: "USDC", Scale: 6}, ReadsUnnamed: true,
	About:   "Work between agents: a price in escrow, a worker's stake, disputes judged criterion by criterion.",
	Parties: Parties{Client, Worker, BackupAgent, Treasury},
	Terms: Fields{TaskDescription, SupplementaryMaterials, Price, AcceptanceCriteria, ContractType, AwardMethod, VerificationMode,
		Worker.Account, MatchDeadline, WithdrawalDeadline, DeliveryDeadline, ReviewDeadline},
	Check: Needs{OddRecruits, FixedPrice, WorkerAsAwarded, WorkerNotClient},
	State: Fields{Delivered, DeliveredAt, DisputedAt, VotingDeadline, Outcomes},
	Lists: Lists{Jury},
	Pots:  Pots{Escrow, Stake, DisputeBond, BackupBond},
	Policy: Fields{ProtocolFee, WorkerStakeRatio, DisputeBondRatio, BackupAgentBondRatio, EarlyWithdrawalSlashRatio,
		AbsentNoneMetClientShare, BAUnclearSlashRatio, TokenMintRewardFull, TokenMintRewardReduced, BAEligibilityStake,
		BAVotingWindow, BARecruitCount, NoQuorum, UnclearCredit, DisputeForfeitTo, BackupSlashTo},
	Terminal: In(SettledFullyMet, SettledPartiallyMet, SettledNoneMet,
		CancelledByClient, CancelledUnmatched, CancelledWithdrawn, CancelledAbsent),
	Reasons: reasons,
	Forms:   []escrow.Form{juryForm},
	Extras:  []escrow.Extra{rewardsExtra},
	Rules: []Rule{
		{ID: "OC-1", On: create, By: Client, From: In(Draft), Needs: Needs{MatchAhead, WithdrawalAfter, DeliveryAfter, ReviewAfter, ReviewedOrNot}, To: Created,
			Money: Money{Deposit(The(Price), Client, Escrow)}},

		{ID: "OC-2", On: accept, By: Worker, From: In(Created), When: Cases{DirectAward}, Window: Before(At(MatchDeadline)), To: Matched,
			Money: Money{Deposit(Of(WorkerStakeRatio, The(Price)), Worker, Stake)}},
		{ID: "OC-3", On: accept, By: AnyoneElse, From: In(Created), When: Cases{OpenTender}, Window: Before(At(MatchDeadline)), To: Matched,
			Sets: Effects{ActorIs(Worker)}, Money: Money{Deposit(Of(WorkerStakeRatio, The(Price)), Worker, Stake)}},
		{ID: "OC-4", On: decline, By: Worker, From: In(Created), Window: Before(At(MatchDeadline)), Needs: Needs{WorkerNamed}, To: CancelledUnmatched,
			Money: Money{All(Escrow, Client)}},
		{ID: "OC-5", On: cancel, By: Client, From: In(Created), Window: Before(At(MatchDeadline)), To: CancelledByClient,
			Money: Money{All(Escrow, Client)}},
		{ID: "OC-6", On: Advance, By: Anyone, From: In(Created), Window: Due(At(MatchDeadline)), To: CancelledUnmatched,
			Money: Money{All(Escrow, Client)}},

		{ID: "OC-7", On: withdraw, By: Worker, From: In(Matched), Window: Before(At(WithdrawalDeadline)), To: CancelledWithdrawn,
			Money: Money{All(Escrow, Client), Split(Stake, By(EarlyWithdrawalSlashRatio), Client, Worker)}},
		{ID: "OC-8", On: deliver, By: Worker, From: In(Matched), Window: Before(At(DeliveryDeadline)), To: UnderReview,
			Sets: Effects{Take(Delivered), Now(DeliveredAt)}},
		{ID: "OC-9", On: Advance, By: Anyone, From: In(Matched), Window: Due(At(DeliveryDeadline)), To: CancelledAbsent,
			Money: Money{All(Escrow, Client), Split(Stake, By(AbsentNoneMetClientShare), Client, Treasury)}},

		{ID: "OC-10", On: approve, By: Client, From: In(UnderReview), When: Cases{ClientReviews}, Window: Before(At(ReviewDeadline)), To: Resolved,
			Sets: Effects{AllMet}},
		{ID: "OC-11", On: dispute, By: Client, From: In(UnderReview), When: Cases{ClientReviews}, Window: Before(At(ReviewDeadline)), To: Disputed,
			Sets: Effects{Now(DisputedAt)}, Money: Money{Deposit(Of(DisputeBondRatio, The(Price)), Client, DisputeBond)}},
		{ID: "OC-12", On: Advance, By: Anyone, From: In(UnderReview), When: Cases{ClientReviews}, Window: Due(At(ReviewDeadline)), To: Resolved,
			Sets: Effects{AllMet}},

		{ID: "OC-13", On: draw, By: System, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Undrawn}, Window: Before(DrawDeadline),
			Needs: Needs{AgentsInOrder}, To: Same, Sets: Effects{AddAll(Jury, seated, DrawnAgents), FromNow(VotingDeadline, BAVotingWindow)}},
		{ID: "OC-14", On: vote, By: BackupAgent, From: In(Disputed, UnderReview), Each: Jury, When: Cases{JuryJudges, Drawn, LastVote}, Window: Before(At(VotingDeadline)),
			Being: []string{seated}, Becomes: voted, Unlike: AlreadyVoted, Needs: Needs{VotesComplete, VerdictsKnown}, To: Resolved, Sets: Effects{VotesRecorded, Tallied},
			Money: Money{Deposit(PerCriterion(Of(BackupAgentBondRatio, The(Price))), BackupAgent, BackupBond)}},
		{ID: "OC-14", On: vote, By: BackupAgent, From: In(Disputed, UnderReview), Each: Jury, When: Cases{JuryJudges, Drawn, MoreVotes}, Window: Before(At(VotingDeadline)),
			Being: []string{seated}, Becomes: voted, Unlike: AlreadyVoted, Needs: Needs{VotesComplete, VerdictsKnown}, To: Same, Sets: Effects{VotesRecorded},
			Money: Money{Deposit(PerCriterion(Of(BackupAgentBondRatio, The(Price))), BackupAgent, BackupBond)}},
		{ID: "OC-15", On: Advance, By: Anyone, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Undrawn}, Window: Due(DrawDeadline), To: Resolved,
			Sets: Effects{Tallied}},
		{ID: "OC-15", On: Advance, By: Anyone, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Drawn}, Window: Due(At(VotingDeadline)), To: Resolved,
			Sets: Effects{Tallied}},

		{ID: "OC-16", On: settle, By: System, From: In(Resolved), When: Cases{FullyMet, DeliveryUpheld}, To: SettledFullyMet,
			Money: Money{All(Escrow, Worker).Deduct(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, ForfeitReceiver),
				Each(Split(BackupBond, BondsKept, BackupAgent, SlashReceiver))}},
		{ID: "OC-16", On: settle, By: System, From: In(Resolved), When: Cases{FullyMet, NotUpheld}, To: SettledFullyMet,
			Money: Money{All(Escrow, Worker).Deduct(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, Client),
				Each(Split(BackupBond, BondsKept, BackupAgent, SlashReceiver))}},
		{ID: "OC-16", On: settle, By: System, From: In(Resolved), When: Cases{PartlyMet}, To: SettledPartiallyMet,
			Money: Money{Split(Escrow, Credit, Worker, Client).Deduct(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, Client),
				Each(Split(BackupBond, BondsKept, BackupAgent, SlashReceiver))}},
		{ID: "OC-16", On: settle, By: System, From: In(Resolved), When: Cases{NoneMet, MostNotMet}, To: SettledNoneMet,
			Money: Money{All(Escrow, Client), Split(Stake, By(AbsentNoneMetClientShare), Client, Treasury), All(DisputeBond, Client),
				Each(Split(BackupBond, BondsKept, BackupAgent, SlashReceiver))}},
		{ID: "OC-16", On: settle, By: System, From: In(Resolved), When: Cases{NoneMet, FewNotMet}, To: SettledNoneMet,
			Money: Money{All(Escrow, Client), All(Stake, Worker), All(DisputeBond, Client),
				Each(Split(BackupBond, BondsKept, BackupAgent, SlashReceiver))}},
	},
})
