package escrow

// Reason says why a request was refused. It is an error, so that
// errors.Is(err, escrow.DeadlineDue) asks for it. Reasons are append-only, one
// meaning each; [Catalogue] lists them. A lifecycle from outside adds its own
// with [Require].
type Reason string

// Error returns the reason itself.
func (r Reason) Error() string { return string(r) }

// The reasons, in the order in which they are checked within each code.
const (
	NoActor Reason = "no_actor"

	Malformed              Reason = "malformed"
	UnknownAction          Reason = "unknown_action"
	UnknownLifecycle       Reason = "unknown_lifecycle"
	AmountBounds           Reason = "amount_bounds"
	AmountScale            Reason = "amount_scale"
	InvalidPolicy          Reason = "invalid_policy"
	InvalidTerms           Reason = "invalid_terms"
	InvalidMilestone       Reason = "invalid_milestone"
	UnsupportedCombination Reason = "unsupported_combination"
	DeliveryMissing        Reason = "delivery_missing"
	BackupAgentsInvalid    Reason = "backup_agents_invalid"
	VotesIncomplete        Reason = "votes_incomplete"
	VoteInvalid            Reason = "vote_invalid"
	DeclinedOpenTender     Reason = "declined_open_tender"
	DispositionInvalid     Reason = "disposition_invalid"

	NotClient            Reason = "not_client"
	NotWorker            Reason = "not_worker"
	WorkerIsClient       Reason = "worker_is_client"
	NotBackupAgent       Reason = "not_backup_agent"
	NotSystem            Reason = "not_system"
	NotHuman             Reason = "not_human"
	ScopeMissing         Reason = "scope_missing"
	FeatureDisabled      Reason = "feature_disabled"
	AccountClaimRequired Reason = "account_claim_required"

	ContractNotFound  Reason = "contract_not_found"
	MilestoneNotFound Reason = "milestone_not_found"
	ApprovalNotFound  Reason = "approval_not_found"

	WrongStatus          Reason = "wrong_status"
	ContractEnded        Reason = "contract_ended"
	DeadlineDue          Reason = "deadline_due"
	WindowClosed         Reason = "window_closed"
	NothingDue           Reason = "nothing_due"
	AlreadyVoted         Reason = "already_voted"
	MilestoneExists      Reason = "milestone_exists"
	MilestoneNotFundable Reason = "milestone_not_fundable"
	MilestoneNotFunded   Reason = "milestone_not_funded"
	TooMany              Reason = "too_many"
	ApprovalConfirmed    Reason = "approval_confirmed"
	ApprovalDeclined     Reason = "approval_declined"
	ApprovalExpired      Reason = "approval_expired"
	ApprovalSuperseded   Reason = "approval_superseded"
	ApprovalStale        Reason = "approval_stale"
	SeparateDuties       Reason = "separate_duties"

	DispositionRequired Reason = "disposition_required"

	Unbalanced Reason = "unbalanced"
)

// CatalogueEntry is one reason with its class, what it means and what would
// remedy it.
type CatalogueEntry struct {
	Reason  Reason
	Code    Code
	Meaning string
	Remedy  string
}

var catalogue = []CatalogueEntry{
	{NoActor, Unauthorized, "the request names no actor", "authenticate the caller and pass it as the actor"},

	{Malformed, InvalidRequest, "the contract, the command or the actor is not well formed", "correct the field that the message names"},
	{UnknownAction, InvalidRequest, "the contract's lifecycle has no such action", "use an action of the lifecycle's rule book"},
	{UnknownLifecycle, InvalidRequest, "no such lifecycle is registered", "name opencontract, opentrain or a lifecycle that was passed in"},
	{AmountBounds, InvalidRequest, "a number is longer than 40 characters or larger than 10^36 smallest units", "use a smaller amount in plain notation"},
	{AmountScale, InvalidRequest, "an amount has more decimal places than its asset", "round the amount to the asset's scale before asking"},
	{InvalidPolicy, InvalidRequest, "the policy holds a value under which the lifecycle cannot work", "correct the field that the details name"},
	{InvalidTerms, InvalidRequest, "the terms of the draft are incomplete or contradict each other", "correct the field that the details name"},
	{InvalidMilestone, InvalidRequest, "the milestone lacks an id, a name or description, or a positive amount", "complete the milestone"},
	{UnsupportedCombination, InvalidRequest, "this combination of contract type and modes has no rules yet", "use contract type fixed"},
	{DeliveryMissing, InvalidRequest, "the delivery is blank", "say what is delivered, as a hash or an address"},
	{BackupAgentsInvalid, InvalidRequest, "the draw must name exactly as many backup agents as the policy recruits, none a party, none twice", "draw again"},
	{VotesIncomplete, InvalidRequest, "a vote has exactly one entry for every acceptance criterion", "send one entry for each criterion"},
	{VoteInvalid, InvalidRequest, "a vote is met, not met or unclear", "use one of the three values"},
	{DeclinedOpenTender, InvalidRequest, "an open tender names no worker, so nobody can decline it", "ignore the tender; it lapses by itself"},
	{DispositionInvalid, InvalidRequest, "dispositions belong to a human's own decision to end, each naming a funded milestone once", "name each funded milestone at most once, with release or refund"},

	{NotClient, Forbidden, "only the contract's client may do this", "ask as the client"},
	{NotWorker, Forbidden, "only the contract's worker may do this", "ask as the worker"},
	{WorkerIsClient, Forbidden, "the client cannot be the worker of its own contract", "let another account accept"},
	{NotBackupAgent, Forbidden, "only a backup agent drawn for this contract may vote", "ask as one of the drawn backup agents"},
	{NotSystem, Forbidden, "only the platform itself may do this", "let the application's own scheduler ask"},
	{NotHuman, Forbidden, "only a signed-in human may co-sign", "let a human of the account confirm or decline"},
	{ScopeMissing, Forbidden, "the token lacks a scope", "use a token with the scopes that the details name"},
	{FeatureDisabled, Forbidden, "the account has not enabled this feature", "enable the feature that the details name"},
	{AccountClaimRequired, Forbidden, "the account has not been claimed by a human", "claim the account first"},

	{ContractNotFound, NotFound, "there is no such contract for this actor", "ask as the account that owns the contract"},
	{MilestoneNotFound, NotFound, "the contract has no such milestone", "name a milestone of the contract"},
	{ApprovalNotFound, NotFound, "the contract has no such approval for this account", "name an approval of the contract"},

	{WrongStatus, Conflict, "the contract's status does not allow this", "see the statuses that the details name"},
	{ContractEnded, Conflict, "the contract has ended", "nothing is left to do"},
	{DeadlineDue, Conflict, "a deadline of this status has passed and decides first", "send advance, then look at the contract again"},
	{WindowClosed, Conflict, "the time for this has passed", "nothing reopens the window"},
	{NothingDue, Conflict, "no deadline has passed", "advance again at the next deadline"},
	{AlreadyVoted, Conflict, "this backup agent has voted", "nothing is left to do"},
	{MilestoneExists, Conflict, "the contract has a milestone of this id", "use another id"},
	{MilestoneNotFundable, Conflict, "only a milestone that was never funded can be funded", "add a new milestone"},
	{MilestoneNotFunded, Conflict, "the milestone holds no money", "fund the milestone first"},
	{TooMany, Conflict, "a contract holds at most 1,000 milestones and 1,000 approvals", "end this contract and make another"},
	{ApprovalConfirmed, Conflict, "the approval was confirmed", "nothing is left to do"},
	{ApprovalDeclined, Conflict, "the approval was declined", "ask again for a new approval"},
	{ApprovalExpired, Conflict, "the approval expired before it was confirmed", "ask again for a new approval"},
	{ApprovalSuperseded, Conflict, "a later request took the approval's place", "look at the newest approval"},
	{ApprovalStale, Conflict, "the contract has changed so that other money would move than the approval shows", "ask again for a new approval"},
	{SeparateDuties, Conflict, "whoever asked cannot be the only one to confirm", "let another human of the account confirm"},

	{DispositionRequired, InvalidRequest, "the policy requires a disposition for every funded milestone", "say release or refund for each funded milestone"},

	{Unbalanced, InternalError, "the engine caught itself out of balance and did nothing", "report it with the contract and the command"},
}

// Catalogue returns every refusal reason of the engine, in the order in which
// they are checked.
func Catalogue() []CatalogueEntry { return append([]CatalogueEntry(nil), catalogue...) }

var codeOf = func() map[Reason]CatalogueEntry {
	m := make(map[Reason]CatalogueEntry, len(catalogue))
	for _, e := range catalogue {
		m[e.Reason] = e
	}
	return m
}()
