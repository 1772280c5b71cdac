// Package sandbox is a payment rail with made-up money. It keeps its transfers in a
// SQL database of its own, SQLite or PostgreSQL, so that they survive whoever asks for
// them, and any number of processes may share it. It keeps account: what is paid or
// refunded for a contract beyond what was captured for it is refused and remembered,
// for tests to fail on.
//
//   - [Open] makes the rail; [WithoutHolds], [WithFunds], [WithFaults] and [WithSleep] change it.
//   - [Rail.Balances] says who has paid and received what, [Rail.Overdrawn] what should not have been asked for.
//   - [Rail.Give] gives payers their money where they have no more than that, and [Rail.Funds] says how much it is now.
//   - [Faults] make the network between caller and rail a bad one: [RandomFaults] by chance, Faults.Choose by plan.
package sandbox
