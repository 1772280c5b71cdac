// Package backtest asks recorded contracts again under other policies: what would
// each party have paid and got, and which contracts would have gone another way.
// It has no rules of its own, and knows no lifecycle: [escrow.Decide] answers every
// request, and whatever lifecycles the policies are of, or [Knowing] names, can be
// replayed.
//
//	report, err := backtest.Run(ctx, history, []backtest.Policy{{Name: "slash half", Policy: policy}})
//	fmt.Println(report)
//
// # What is a history
//
// A record is a request a line, {"contract", "command", "actor", "now"}, as
// "escrow decide --jsonl" reads them; each holds the snapshot that it was asked
// of. The history of a contract is its lines in their order, from the request
// made of its draft on. Those of different contracts may be mixed.
//
// # How it is replayed
//
// Every history is replayed under its own policy, as recorded, and once under each
// other policy of its lifecycle, put in the place of the draft's: the same
// commands, by the same actors, at the same instants. Requests that the record
// refused are asked as well; they may now be granted. Only what it refused because
// nobody had applied a deadline that was due is refused as well wherever one has come
// due since then: it would have been as late there.
//
// Before every request, and at the instant of the last one, the deadlines that are
// due are applied, in every replay alike. Being late changes nothing, as the
// engine guarantees, so what comes out depends only on when people acted, and the
// recorded advance requests ask for nothing more: that one of them has nothing to
// do under other windows is no difference.
//
// An approval that a request names is, in a replay, the one that the same requests
// led to there, whatever its id. A request that names one which the replay never
// came to is refused. Whoever confirmed what was shown, by its hash, is taken to
// confirm what the replay shows.
//
// A contract that had not ended by its last request is left as it stands at that
// instant, open, with what it holds. But if it had ended in the record and has not
// under another policy, time and the system that settles end it there, where they
// can ([escrow.MaxTime]); the report says for how many.
//
// People are taken to act as they did. A record cannot say what they would have
// done under another policy, nor what they would have named: in opencontract, the
// draw of three backup agents is refused where a policy wants five.
//
// # What is compared
//
// A history goes another way when a request is answered otherwise (granted and not
// refused, or the reverse, by another rule, to another status, or to wait for a
// human), or when it ends otherwise. Other amounts on the same way are told by the
// money alone.
//
// # What is left out, and told
//
// The snapshot of each line must be the one that the engine's answers lead to; what
// the application fills in (an approval's address, its evidence) may differ, and
// deadlines may have been applied on time without a line. A history with another
// snapshot is skipped, as is one that begins in mid-life; both are counted, the
// first ones named. A decision that the application dropped must not be in the
// record. A line that is no request, or goes back in time, stops the run unless
// [SkipFaulty] says otherwise; but as in the engine, a clock that is behind counts
// as showing the instant of the latest decision. Lines about a contract that has
// ended in every replay can change nothing; they are counted.
//
// Memory holds the contracts that have not ended in all replays, whatever the
// length of the record.
package backtest
