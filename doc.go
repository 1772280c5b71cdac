// Package escrow is a rules engine and state machine for escrowed work
// contracts: a client puts money in escrow, a worker stakes, delivers, is paid,
// withdraws, vanishes or is disputed; deadlines pass; a human co-signs before
// money moves.
//
// # Shape
//
// The heart is pure functions over an immutable snapshot:
//
//	Decide(contract, command, actor, clock) -> (Decision, error)
//	Explain(contract, actor, clock)         -> every action: allowed, or why not
//	NextDeadline(contract)                  -> what time alone does next, and when
//	MaxTime(contract)                       -> from when on no party is needed to end it
//
// A [Decision] is one transition with its movements of money, the approval or
// payout review that is now required, and the next snapshot. An [*Error] is a
// refusal: code, reason, rule and remedy. There is no I/O, no goroutine, no
// global state, no randomness and no hidden clock: the same inputs give the same
// bytes.
//
// # Using it
//
//   - [Lifecycle.Draft] with [Terms] makes the draft that a founding command is given; [ParseContract] reads a stored one.
//   - [Decide] answers a [Command] of an [Actor]; [Contract.Withdraw], [Contract.Confirm] and the others are short for it; [DecideInto] is for loops of millions.
//   - [Decision.Movements] says what to collect, pay and charge. Collect the deposits first; then commit snapshot, movements and decision in one transaction, on the expected [Contract.Revision]. If a deposit cannot be collected, drop the decision: nothing has happened.
//   - [NextDeadline] says when to send [Advance]. Being late changes nothing.
//   - [ParseRequest] and [AppendAnswer] speak the JSON of the decide driver.
//
// # Lifecycles
//
// A [Lifecycle] is a rule book: one literal table of [Rule] rows that engine,
// explanations, diagrams and documents read. [OpenContract] and [OpenTrain] ship;
// others are composed from the same parts and proved by [Define]:
//
//   - who: [Client], [Worker], [BackupAgent], [System], [Anyone], [Owner], [Either], [PartyIn]
//   - when: [DirectAward], [SomethingFunded] and the other cases, [CaseIn]; [Before], [Due], [MatchDeadline] and the other moments, [MomentIn]
//   - needs: [DeliveryGiven] and the others, [Require], [RequireData], [RequireAccount], [RequireAmount]
//   - money: [Deposit], [Charge], [All], [Split], [Step.Less] over the pots [Escrow], [Stake], [DisputeBond], [BackupBond], [MilestonePot], [Each]
//   - records: [DeliveryRecorded] and the others, [Record], [NameWorker]
//   - approvals: [CoSign]
//
// # Time
//
// All windows are half-open: an action is allowed while now is before its
// deadline, and the deadline is due from that very instant on. While a deadline
// of the current status is due and not yet applied, every other command that the
// status would allow is refused with [DeadlineDue], so that the outcome depends on
// when things were asked and never on how late a scheduler ran. [Advance] applies
// one due deadline, at the deadline's own instant.
//
// # Money
//
// An [Amount] is an exact whole number of the asset's smallest units, up to 128
// bits. Text and decimals are bounded before any arithmetic: at most 40
// characters in plain notation and 10^36 smallest units. Everything that divides
// money is [Allocate]: floor each share, then hand the units left over to the
// largest remainders, on a tie to the one listed first. Deposits and charges by a
// ratio round half up.
//
// Before a decision is returned it is audited, in production too: for every pot,
// what it held, plus what came in, less what went out, is what the next status
// implies. What does not balance is [Unbalanced], never a decision.
//
// # Guarantees
//
//	G1   conservation: what came in = change of custody + what went out
//	G2   no negative pot, no movement of nothing or to a stranger
//	G3   terminal means empty: no money, no pending approval, no command
//	G4   a time horizon: from MaxTime on, advance and settle end an OpenContract contract
//	G5   purity: same inputs, same bytes; inputs unchanged
//	G6   time is idempotent: advancing late = on time
//	G7   authority: no transition without an actor whom the rule names
//	G8   refusals are inert
//	G9   unilateral recovery: no state locks a party's money
//	G10  replay: folding the decisions gives the last snapshot, byte for byte
//	G11  approvals bind: once, in time, for these terms, on this contract
//	G12  withdrawing in time never costs the worker more than vanishing
package escrow
