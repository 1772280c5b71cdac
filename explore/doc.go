// Package explore walks through everything that can happen to a contract: from
// its draft on, everybody asks for everything at every instant that matters, and
// the real [escrow.Decide] answers. Every answer is checked against the guarantees
// G1 to G12, and when all states are known, so is how they end and who can end
// them.
//
//	report, err := explore.Run(play.Scope(escrow.Policy{})) // of opencontract/play
//	fmt.Println(report)
//
// # What is a state
//
// A state is a snapshot, an instant, and who has put how much into each pot. Two are
// the same when nothing that can follow tells them apart: revisions, the time of the
// latest decision, ids of approvals and the records of ended ones (but for how some
// have ended) do not, nor do the lengths of time, as long as the moments that still
// matter lie in the same order: past, now, one, two or three nanoseconds ahead, or
// further. That is exact for rules that compare the time with moments of their terms and with
// moments that all lie one and the same window after what made them, as those of
// the lifecycles here do. A lifecycle that does more with time is explored by the
// first of several such states only.
//
// # What is an edge
//
// A [Scope] says who there is, what they ask for and with which payloads. In each
// state every actor asks for everything; each answer is an edge, a refusal one
// that leads nowhere. Time passes from each state to the next instant that
// matters: the nanosecond before a moment, the moment, the nanosecond after.
//
// [ScopeOf] makes a scope of a lifecycle's declaration alone; lifecycles that ship
// bring one that knows better what is worth asking, beside their play.
package explore
