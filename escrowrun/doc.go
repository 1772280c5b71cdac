// Package escrowrun takes decisions to production: it decides on stored contracts, asks
// payers for their money before a decision is committed, pays out after, and does all
// that time and the system do by themselves, so that a kill, a lost answer or a rival at
// any point loses no money and moves none twice.
//
//	runner := &escrowrun.Runner{Store: store, Rail: rail, Clock: clock}
//	answer, err := runner.Do(ctx, "contract_1", command, actor, key)
//	go runner.Run(ctx)
//
// # How money is moved
//
// An intent is stored, then the rail is asked to hold what one payer pays in by one
// decision, then the decision is committed and the intent with it, or not at all. What
// was held and not committed is let go. Everything else (captures, payouts, refunds) is
// stored with the decision and done afterwards, each under one id for good, as often as
// it takes. Nothing is paid out of a contract before what was paid in is captured.
//
// What nobody knows the outcome of is looked up before anything else is done about it.
package escrowrun
