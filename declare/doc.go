// Package declare is the vocabulary in which a lifecycle is written down: fields,
// parties, pots, lists, moments, cases, requirements, effects and money, each made
// by one constructor. It is meant to be imported with a dot, in the package of the
// lifecycle and nowhere else, so that a table reads like the agreement it is:
//
//	{ID: "OC-7", On: Withdraw, By: Worker, From: In(Matched), Window: Before(WithdrawalDeadline), To: CancelledWithdrawn,
//		Money: Money{All(Escrow, Client), Split(Stake, By(Slash), Client, Worker)}},
//
// What the words mean when a contract is decided is told by package escrow, whose
// types they make. A word is made once, as a package variable: that it is the same
// variable is what makes two uses of it the same word.
package declare
