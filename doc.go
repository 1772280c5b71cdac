// Package escrow decides what happens to contracts whose money is held until
// something is done. It is a pure core: a contract is an immutable snapshot, a
// command is asked by an actor at a time, and the answer is a [Decision] (the
// movements of money and the next snapshot, to be committed together) or a refusal,
// an [*Error] that says why and what would help. It does no input or output, moves no
// money and knows no clock of its own.
//
// It knows no lifecycle either. What contracts consist of and who may do what with
// them is a declaration and a table of rules over it, which [Define] proves: of what
// it accepts, no contract can lock money, pay it to the wrong account, or be stored
// and not read back. Packages of lifecycles stand beside this one; package declare has
// the vocabulary to write one's own, as the example of the package does.
//
// # For those who embed it
//
// Decide: [Decide] and [Contract], [Command], [Actor] ([Agent], [Human], [SystemActor]),
// [Clock] ([At]); in loops of millions [DecideInto] and [Decision.Keep]. What a decision
// has: [Decision.Movements] with [Movement.ID] as the payment's idempotency key,
// [Decision.Approval], [Decision.Review].
//
// Commands of every lifecycle: [Advance], [Confirm], [DeclineApproval],
// [RevokeConfirmation]. Its own are made by its package, or read by
// [Lifecycle.ParseCommand].
//
// Look: [Explain] (what an actor can do, and why not), [Visible] (who may know of a
// contract), [Contract.Custody], [Contract.Approvals], [Contract.View].
//
// Time: [NextDeadline], [AsOf] (every due deadline applied), [SystemWork] (what is left
// to the system), [MaxTime], [Contract.Moments]. All windows are half-open: at the
// exact instant of a deadline, the deadline wins, and being late changes nothing.
//
// Store: contracts marshal to JSON in one form; [ReadStored] reads what was written,
// strictly, [ParseContract] also imports; [Contract.Digest] chains snapshots.
// [ParseRequest] and [AppendAnswer] are whole questions and answers.
//
// Refusals: [Error] with [Code] for the class and [Reason] for why; [Catalogue] and
// [Lifecycle.Reasons] list them, [NewRefusal] makes the application's own.
//
// Numbers: [Amount] in smallest units, [Asset] for its decimal point, [Ratio],
// [Allocate], [ParseDuration], [FormatDuration]. Money is exact integers of up to 128
// bits; no floating point anywhere.
//
// Terms and policies: [Lifecycle.Draft], [Lifecycle.DraftIn], [Contract.WithItems];
// [Policy], [Lifecycle.DefaultPolicy], [Lifecycle.ParsePolicy], [Contract.WithPolicy].
//
// # For those who write rules
//
// The declaration: [Spec], of [Party], [Field], [List], [Pot], [Moment], [Form], [Extra]
// and [CatalogueEntry]; its proof: [Define].
//
// The table: [Rule], of [Act] ([Do], [Maybe], [Time]), [Statuses] ([In], [Draft], [Same]),
// [Grant], [Window], [Case], [Requirement], [Effect], [CoSign]; money: [Step], [Sum],
// [Shares], [Cut].
//
// Functions of a lifecycle look through a [View], and give a [Value]. They are pure; one
// that panics becomes a refusal.
//
// Tools read [Lifecycle.Spec], [Lifecycle.Acts], [Lifecycle.Statuses],
// [Lifecycle.Arrows], [Lifecycle.Reachable], [Lifecycle.MayHold], [Lifecycle.Label] and
// [Lifecycle.Schema]; they work for any lifecycle.
//
// # What it promises
//
// The same inputs give the same bytes, and inputs are never changed. Every decision
// balances to the smallest unit, which an audit that shares no code with the rules
// checks. Contracts, lifecycles and refusals are safe for use by many goroutines; a
// Decision that DecideInto writes belongs to one.
package escrow
