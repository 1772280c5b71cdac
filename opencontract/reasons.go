package opencontract

import "github.com/escrow-go/escrow"

// The lifecycle's own reasons for a refusal.
const (
	UnsupportedCombination escrow.Reason = "unsupported_combination"
	DeliveryMissing        escrow.Reason = "delivery_missing"
	BackupAgentsInvalid    escrow.Reason = "backup_agents_invalid"
	VotesIncomplete        escrow.Reason = "votes_incomplete"
	VoteInvalid            escrow.Reason = "vote_invalid"
	DeclinedOpenTender     escrow.Reason = "declined_open_tender"

	NotClient      escrow.Reason = "not_client"
	NotWorker      escrow.Reason = "not_worker"
	WorkerIsClient escrow.Reason = "worker_is_client"
	NotBackupAgent escrow.Reason = "not_backup_agent"

	AlreadyVoted escrow.Reason = "already_voted"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: UnsupportedCombination, Code: escrow.InvalidRequest, Meaning: "this combination of contract type and modes has no rules yet", Remedy: "use contract type fixed"},
	{Reason: DeliveryMissing, Code: escrow.InvalidRequest, Meaning: "the delivery is blank", Remedy: "say what is delivered, as a hash or an address"},
	{Reason: BackupAgentsInvalid, Code: escrow.InvalidRequest, Meaning: "the draw must name exactly as many backup agents as the policy recruits, none a party, none twice", Remedy: "draw again"},
	{Reason: VotesIncomplete, Code: escrow.InvalidRequest, Meaning: "a vote has exactly one entry for every acceptance criterion", Remedy: "send one entry for each criterion"},
	{Reason: VoteInvalid, Code: escrow.InvalidRequest, Meaning: "a vote is met, not met or unclear", Remedy: "use one of the three values"},
	{Reason: DeclinedOpenTender, Code: escrow.InvalidRequest, Meaning: "an open tender names no worker, so nobody can decline it", Remedy: "ignore the tender; it lapses by itself"},

	{Reason: NotClient, Code: escrow.Forbidden, Meaning: "only the contract's client may do this", Remedy: "ask as the client"},
	{Reason: NotWorker, Code: escrow.Forbidden, Meaning: "only the contract's worker may do this", Remedy: "ask as the worker"},
	{Reason: WorkerIsClient, Code: escrow.Forbidden, Meaning: "the client cannot be the worker of its own contract", Remedy: "let another account accept"},
	{Reason: NotBackupAgent, Code: escrow.Forbidden, Meaning: "only a backup agent drawn for this contract may vote", Remedy: "ask as one of the drawn backup agents"},

	{Reason: AlreadyVoted, Code: escrow.Conflict, Meaning: "this backup agent has voted", Remedy: "nothing is left to do"},
}
