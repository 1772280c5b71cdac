package escrow

// The statuses of an OpenContract contract.
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

// OpenContract is the lifecycle of work between agents: a client posts a task
// with acceptance criteria and locks the price; a worker stakes and delivers; the
// client approves, stays silent (which approves), or disputes; backup agents then
// vote criterion by criterion; everything held is paid out.
var OpenContract = mustDefine(Spec{
	Name:  "opencontract",
	About: "Work between agents: a price in escrow, a worker's stake, disputes judged criterion by criterion.",
	Asset: Asset{"USDC", 6},
	Policy: []PolicyField{ProtocolFee, WorkerStakeRatio, DisputeBondRatio, BackupAgentBondRatio,
		EarlyWithdrawalSlashRatio, AbsentNoneMetClientShare, BAUnclearSlashRatio, TokenMintRewardFull,
		TokenMintRewardReduced, BAEligibilityStake, BAVotingWindow, BARecruitCount, NoQuorum, UnclearCredit,
		DisputeForfeitTo, BackupSlashTo, PayoutReviewField},
	Terminal: In(SettledFullyMet, SettledPartiallyMet, SettledNoneMet,
		CancelledByClient, CancelledUnmatched, CancelledWithdrawn, CancelledAbsent),
	Rules: []Rule{
		{ID: "OC-1", On: Create{}, By: Client, From: In(Draft), Needs: Needs{TermsInOrder}, To: Created,
			Money: Money{Deposit(Price, Client, Escrow)}},

		{ID: "OC-2", On: Accept{}, By: Worker, From: In(Created), When: Cases{DirectAward}, Window: Before(MatchDeadline), To: Matched,
			Money: Money{Deposit(Of(WorkerStakeRatio, Price), Worker, Stake)}},
		{ID: "OC-3", On: Accept{}, By: AnyoneButClient, From: In(Created), When: Cases{OpenTender}, Window: Before(MatchDeadline), To: Matched,
			Sets: Effects{ActorIsWorker}, Money: Money{Deposit(Of(WorkerStakeRatio, Price), Worker, Stake)}},
		{ID: "OC-4", On: Decline{}, By: Worker, From: In(Created), Window: Before(MatchDeadline), Needs: Needs{WorkerNamed}, To: CancelledUnmatched,
			Money: Money{All(Escrow, Client)}},
		{ID: "OC-5", On: Cancel{}, By: Client, From: In(Created), Window: Before(MatchDeadline), To: CancelledByClient,
			Money: Money{All(Escrow, Client)}},
		{ID: "OC-6", On: Advance{}, By: Anyone, From: In(Created), Window: Due(MatchDeadline), To: CancelledUnmatched,
			Money: Money{All(Escrow, Client)}},

		{ID: "OC-7", On: Withdraw{}, By: Worker, From: In(Matched), Window: Before(WithdrawalDeadline), To: CancelledWithdrawn,
			Money: Money{All(Escrow, Client), Split(Stake, By(EarlyWithdrawalSlashRatio), Client, Worker)}},
		{ID: "OC-8", On: Deliver{}, By: Worker, From: In(Matched), Window: Before(DeliveryDeadline), Needs: Needs{DeliveryGiven}, To: UnderReview,
			Sets: Effects{DeliveryRecorded}},
		{ID: "OC-9", On: Advance{}, By: Anyone, From: In(Matched), Window: Due(DeliveryDeadline), To: CancelledAbsent,
			Money: Money{All(Escrow, Client), Split(Stake, By(AbsentNoneMetClientShare), Client, Treasury)}},

		{ID: "OC-10", On: Approve{}, By: Client, From: In(UnderReview), When: Cases{ClientReviews}, Window: Before(ReviewDeadline), To: Resolved,
			Sets: Effects{AllMet}},
		{ID: "OC-11", On: Dispute{}, By: Client, From: In(UnderReview), When: Cases{ClientReviews}, Window: Before(ReviewDeadline), To: Disputed,
			Sets: Effects{DisputeRecorded}, Money: Money{Deposit(Of(DisputeBondRatio, Price), Client, DisputeBond)}},
		{ID: "OC-12", On: Advance{}, By: Anyone, From: In(UnderReview), When: Cases{ClientReviews}, Window: Due(ReviewDeadline), To: Resolved,
			Sets: Effects{AllMet}},

		{ID: "OC-13", On: Draw{}, By: System, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Undrawn}, Window: Before(DrawDeadline),
			Needs: Needs{AgentsInOrder}, To: Same, Sets: Effects{AgentsSeated}},
		{ID: "OC-14", On: Vote{}, By: BackupAgent, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Drawn, LastVote}, Window: Before(VotingDeadline),
			Needs: Needs{VotesComplete, VerdictsKnown, NotVoted}, To: Resolved, Sets: Effects{VotesRecorded, Tallied},
			Money: Money{Deposit(PerCriterion(Of(BackupAgentBondRatio, Price)), BackupAgent, BackupBond)}},
		{ID: "OC-14", On: Vote{}, By: BackupAgent, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Drawn}, Window: Before(VotingDeadline),
			Needs: Needs{VotesComplete, VerdictsKnown, NotVoted}, To: Same, Sets: Effects{VotesRecorded},
			Money: Money{Deposit(PerCriterion(Of(BackupAgentBondRatio, Price)), BackupAgent, BackupBond)}},
		{ID: "OC-15", On: Advance{}, By: Anyone, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Undrawn}, Window: Due(DrawDeadline), To: Resolved,
			Sets: Effects{Tallied}},
		{ID: "OC-15", On: Advance{}, By: Anyone, From: In(Disputed, UnderReview), When: Cases{JuryJudges, Drawn}, Window: Due(VotingDeadline), To: Resolved,
			Sets: Effects{Tallied}},

		{ID: "OC-16", On: Settle{}, By: System, From: In(Resolved), When: Cases{DeliveryUpheld, FullyMet}, To: SettledFullyMet,
			Money: Money{All(Escrow, Worker).Less(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, ForfeitReceiver),
				Split(Each(BackupBond), BondsKept, BackupAgent, SlashReceiver)}},
		{ID: "OC-16", On: Settle{}, By: System, From: In(Resolved), When: Cases{FullyMet}, To: SettledFullyMet,
			Money: Money{All(Escrow, Worker).Less(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, Client),
				Split(Each(BackupBond), BondsKept, BackupAgent, SlashReceiver)}},
		{ID: "OC-16", On: Settle{}, By: System, From: In(Resolved), When: Cases{PartlyMet}, To: SettledPartiallyMet,
			Money: Money{Split(Escrow, Credit, Worker, Client).Less(ProtocolFee, Treasury), All(Stake, Worker), All(DisputeBond, Client),
				Split(Each(BackupBond), BondsKept, BackupAgent, SlashReceiver)}},
		{ID: "OC-16", On: Settle{}, By: System, From: In(Resolved), When: Cases{NoneMet, MostNotMet}, To: SettledNoneMet,
			Money: Money{All(Escrow, Client), Split(Stake, By(AbsentNoneMetClientShare), Client, Treasury), All(DisputeBond, Client),
				Split(Each(BackupBond), BondsKept, BackupAgent, SlashReceiver)}},
		{ID: "OC-16", On: Settle{}, By: System, From: In(Resolved), When: Cases{NoneMet}, To: SettledNoneMet,
			Money: Money{All(Escrow, Client), All(Stake, Worker), All(DisputeBond, Client),
				Split(Each(BackupBond), BondsKept, BackupAgent, SlashReceiver)}},
	},
})
