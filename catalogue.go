package escrow

// Reason says why a request was refused. It is an error, so that
// errors.Is(err, escrow.DeadlineDue) asks for it. Reasons are append-only, one
// meaning each; [Catalogue] lists them. A lifecycle from outside adds its own
// with [Spec.Reasons].
type Reason string

// Error returns the reason itself.
func (r Reason) Error() string { return string(r) }

// The reasons, in the order in which they are checked within each code.
const (
	NoActor Reason = "no_actor"

	Malformed        Reason = "malformed"
	UnknownAction    Reason = "unknown_action"
	UnknownLifecycle Reason = "unknown_lifecycle"
	AmountBounds     Reason = "amount_bounds"
	AmountScale      Reason = "amount_scale"
	InvalidPolicy    Reason = "invalid_policy"
	InvalidTerms     Reason = "invalid_terms"

	NotSystem            Reason = "not_system"
	NotHuman             Reason = "not_human"
	ScopeMissing         Reason = "scope_missing"
	FeatureDisabled      Reason = "feature_disabled"
	AccountClaimRequired Reason = "account_claim_required"
	UserMissing          Reason = "user_missing"
	NotConfirmer         Reason = "not_confirmer"

	ContractNotFound Reason = "contract_not_found"
	ItemNotFound     Reason = "item_not_found"
	ApprovalNotFound Reason = "approval_not_found"

	WrongStatus        Reason = "wrong_status"
	ContractEnded      Reason = "contract_ended"
	DeadlineDue        Reason = "deadline_due"
	WindowClosed       Reason = "window_closed"
	NothingDue         Reason = "nothing_due"
	TooMany            Reason = "too_many"
	ApprovalConfirmed  Reason = "approval_confirmed"
	ApprovalDeclined   Reason = "approval_declined"
	ApprovalExpired    Reason = "approval_expired"
	ApprovalSuperseded Reason = "approval_superseded"
	ApprovalStale      Reason = "approval_stale"
	ApprovalResolved   Reason = "approval_resolved"
	NotConfirmedByYou  Reason = "not_confirmed_by_you"
	SeparateDuties     Reason = "separate_duties"
	ItemExists         Reason = "item_exists"
	NotCovered         Reason = "not_covered"
	SplitInvalid       Reason = "split_invalid"

	Unbalanced Reason = "unbalanced"
	RuleFailed Reason = "rule_failed"
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
	{UnknownLifecycle, InvalidRequest, "no lifecycle of this name and version was passed", "pass the lifecycle, in the version that the contract names"},
	{AmountBounds, InvalidRequest, "a number is longer than 40 characters or larger than 10^36 smallest units", "use a smaller amount in plain notation"},
	{AmountScale, InvalidRequest, "an amount has more decimal places than its asset", "round the amount to the asset's scale before asking"},
	{InvalidPolicy, InvalidRequest, "the policy holds a value under which the lifecycle cannot work", "correct the field that the details name"},
	{InvalidTerms, InvalidRequest, "the terms of the draft are incomplete or contradict each other", "correct the field that the details name"},

	{NotSystem, Forbidden, "only the platform itself may do this", "let the application's own scheduler ask"},
	{NotHuman, Forbidden, "only a signed-in human may co-sign", "let a human of the account confirm or decline"},
	{ScopeMissing, Forbidden, "the token lacks a scope", "use a token with the scopes that the details name"},
	{FeatureDisabled, Forbidden, "the account has not enabled this feature", "enable the feature that the details name"},
	{AccountClaimRequired, Forbidden, "the account has not been claimed by a human", "claim the account first"},

	{UserMissing, Forbidden, "the token names no user, and the policy asks for separate duties", "name the user that the token acts for"},
	{NotConfirmer, Forbidden, "the account that asked cannot agree to its own request", "let the other party confirm, or decline the approval to take the request back"},

	{ContractNotFound, NotFound, "there is no such contract for this actor", "ask as the account that owns the contract"},
	{ItemNotFound, NotFound, "the contract has no such item", "name an item of the contract"},
	{ApprovalNotFound, NotFound, "the contract has no such approval for this account", "name an approval of the contract"},

	{WrongStatus, Conflict, "the contract's status does not allow this", "see the statuses that the details name"},
	{ContractEnded, Conflict, "the contract has ended", "nothing is left to do"},
	{DeadlineDue, Conflict, "a deadline of this status has passed and decides first", "send advance, then look at the contract again"},
	{WindowClosed, Conflict, "the time for this has passed", "nothing reopens the window"},
	{NothingDue, Conflict, "no deadline has passed", "advance again at the next deadline"},
	{TooMany, Conflict, "a contract holds at most 1,000 items of a list, and 100 pending approvals for an account", "end this contract and make another"},
	{ApprovalConfirmed, Conflict, "the approval was confirmed", "nothing is left to do"},
	{ApprovalDeclined, Conflict, "the approval was declined", "ask again for a new approval"},
	{ApprovalExpired, Conflict, "the approval expired before it was confirmed", "ask again for a new approval"},
	{ApprovalSuperseded, Conflict, "a later request took the approval's place", "look at the newest approval"},
	{ApprovalStale, Conflict, "the contract has changed so that other money would move than the approval shows", "ask again for a new approval"},
	{ApprovalResolved, Conflict, "the approval ended so long ago that the contract keeps it no longer", "look it up in the contract's decisions"},
	{NotConfirmedByYou, Conflict, "this person has not confirmed the approval", "nothing is left to take back"},
	{ItemExists, Conflict, "the contract has an item of this key", "use another key"},
	{NotCovered, Conflict, "the pot holds less than was asked for", "ask for at most what it holds"},
	{SplitInvalid, Conflict, "the parts do not add up to the whole", "give parts that add up to 1"},
	{SeparateDuties, Conflict, "whoever asked cannot be the only one to confirm", "let another human of the account confirm"},

	{RuleFailed, InternalError, "a function of the lifecycle failed, and nothing was done", "report it to who wrote the lifecycle, with the contract and the command"},
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
