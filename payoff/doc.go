// Package payoff tells what a policy means for money, without sampling: for every
// way in which a contract can end what each party pays, gets and has locked and
// for how long, and which of a policy's numbers do harm.
//
// No rule is written here a second time. Every number is read off contracts that
// the engine itself plays from draft to end, on real snapshots, by [escrow.Decide];
// how long a step may be put off is what [escrow.Explain] says. Thresholds are
// found by asking the engine again.
//
//   - [Case] is a policy with the terms that it is looked at with; [With] changes one
//     field of it.
//   - [Of] plays every ending: [Table], [Ending], [Flow], [Lock], [Vote].
//   - [Choices] plays the few that a worker and a client decide between.
//   - [Lint] looks for what does harm, and finds the smallest change that clears it.
package payoff
