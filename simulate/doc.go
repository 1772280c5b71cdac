// Package simulate tells what a policy will do to the people who live under it,
// before real people pay for it.
//
// A [Scenario] names policies, contracts and a population: workers who are
// reliable, late, absent or rational, clients who are honest or dispute
// everything, backup agents who are diligent or collude, people who co-sign at
// once or never. [Run] lets contracts by the million be lived through by them,
// each step of each decided by escrow.DecideInto: there is no second model of the
// rules, so what is simulated is what will happen. The [Result] has the share of
// each ending, everybody's money, fees, slashes, bonds, disputes and how often
// they were judged rightly, times and locked capital, each with its 95 % interval.
//
// # What is simulated and what is not
//
// People choose who does what and when; the engine decides everything else.
// Contracts do not touch each other: there is no reputation, no learning and no
// competition for workers. Behaviour does not answer to the policy, but for
// rational workers and clients, who ask package payoff what pays best and do that.
// So a difference between two policies is what the rules do, and what rational
// people make of them.
//
// An OpenContract contract is offered, accepted or not, withdrawn from, delivered
// or not, reviewed or not, disputed, judged, settled. An OpenTrain contract is
// hired for, worked on milestone by milestone, each funded and released by
// co-signs that may expire, and ended by its client. A client who never looks
// leaves an OpenTrain contract "open" with money in it: no rule ends it.
//
// # Numbers
//
// Money is whole smallest units from the engine on; every sum over contracts is
// exact. Only estimates, which are no money, are floating-point numbers: means,
// quantiles, their intervals. Time is the engine's: no wall clock.
//
// Every quantity that chance decides has a random number of its own, made from
// seed, contract and quantity. So the same seed gives the same bytes on any number
// of processors; several policies are lived through by the same people, which
// makes their [Difference] far more certain than two separate runs would; and a
// run that is stopped is the run of fewer contracts.
//
// Intervals are normal ones for means, Wilson's for shares, those of ranks for
// quantiles, and those of twenty batches for locked capital. They say how certain
// the simulation is of its own model, not how well the model fits the world.
//
// # Sweeps
//
// [Sweep] varies one or two fields of a scenario, marks the points of the
// [Frontier], and finds to the last digit the [Threshold] at which rational
// workers change their mind.
package simulate
