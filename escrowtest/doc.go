// Package escrowtest drives any backend next to the engine of package escrow.
// It draws lives of contracts, asks the backend and [escrow.Decide] the same
// questions, compares every answer, and checks what the backend answers against
// the guarantees G1 to G12. The first difference is shortened to the shortest
// story that shows one. In a test of the backend:
//
//	func TestBackend(t *testing.T) { escrowtest.Run(t, newBackend(t), escrowtest.Playing(play.Play())) }
//
// where play is the package opencontract/play, say: a lifecycle that ships brings its
// play, and for one of your own it is made of the declaration (escrowtest.Of).
//
// docs/testing.md leads from there to a failing and then a passing run;
// examples/marketplace is the backend that it tests, and escrowtest/planted shows the
// harness find fifteen bugs in it, and more, each by its name.
//
// # Running
//
//   - [System] is the backend: two methods, put over whatever it speaks. [Engine] is the engine as one.
//   - [Run] is the test; [Try] is the same outside of a test, and returns a [Report].
//   - [Playing] and [Of] say what is played; [Seed], [AtLeast], [Watch] and [ArtefactsIn] change how.
//   - [AppliesDeadlinesFirst], [FillsApprovalURL] and [HidesContracts] say what the backend does otherwise than the engine.
//   - [Failure] is what a run found: [Failure.Leave] writes it as a transcript, a Go test and a page.
//   - [Reach] counts what the answers came by, [Wanted] lists what there is to come by.
//
// # What is kept
//
// An answer can be right and what is kept wrong. A backend lets the harness look at
// more by implementing further interfaces, each found on its System:
//
//   - [Reader], [ApprovalReader], [Historian] and [Lister] read: contracts, approvals, decisions, lists.
//   - [Ledger] shows what is booked and held ([Books]), [Payer] what is paid in and out ([Payment]).
//   - [Keyed] takes idempotency keys ([Question.Key]), [Racer] interleaves two questions, [Crasher] can be killed.
//   - [Finding] is what they show to be wrong, [Checks] counts what was looked at.
//
// # Answers
//
//   - [Question] is who asks what, and when.
//   - [Answer] is what a system says, made by [AnswerOf], by [ParseAnswer] or by hand.
//   - [Compare] and [CompareWire] list the [Difference] of two.
//
// # Guarantees
//
//   - [Audit] checks a story, whoever gave the answers; no engine is asked, so that it serves recorded histories.
//   - [Step.Audit] checks one question with its answer, [AuditContract] a snapshot by itself.
//   - [Step.AuditAfter] knows who has put what into each pot ([Deposits]): who put it in, or whom the rules name, gets it.
//   - [Violation] names the guarantee and the step.
//
// # Stories
//
//   - [Story] is what was asked of one contract, a [Step] each; [Story.Scenes] are the contracts on the way.
//   - [Tell] asks the engine a list of questions.
//   - [Story.Written] writes a story down, [ParseStory] reads one, [Replay] asks a system its questions.
//
// # Generators
//
// These are for [pgregory.net/rapid], in tests of your own:
//
//   - [Lives] draws lives, [Contracts] contracts in any reachable state, [Drafts] those that nobody has founded yet.
//   - [Policies] draws what contracts are founded under, [Amounts] and [Ratios] the numbers in them.
//   - [Altered] draws snapshots that no decision led to, and that are read back all the same.
//   - [Moves], [Commands] and [Actors] draw what is asked and by whom, [Instants] when: around every moment that matters.
//
// # Plays
//
// A [Play] is how contracts of a lifecycle are played. [PlayOf] makes one of the
// lifecycle's declaration alone; the packages opencontract/play and opentrain/play
// know better what is worth asking.
package escrowtest
