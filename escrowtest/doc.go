// Package escrowtest drives any backend next to the engine of package escrow.
// It draws lives of contracts, asks the backend and [escrow.Decide] the same
// questions, compares every answer, and checks what the backend answers against
// the guarantees G1 to G12. The first difference is shortened to the shortest
// story that shows one. In a test of the backend:
//
//	func TestBackend(t *testing.T) { escrowtest.Run(t, newBackend(t)) }
//
// docs/testing.md leads from there to a failing and then a passing run;
// examples/marketplace is the backend that it tests.
//
// # Running
//
//   - [System] is the backend: two methods, put over whatever it speaks. [Engine] is the engine as one.
//   - [Run] is the test; [Try] is the same outside of a test, and returns a [Report].
//   - [Playing], [Seed], [AtLeast], [Watch] and [ArtefactsIn] change how a run is made.
//   - [Failure] is what a run found: [Failure.Leave] writes it as a transcript, a Go test and a page.
//   - [Reach] counts what the answers came by, [Wanted] lists what there is to come by.
//
// # Answers
//
//   - [Question] is who asks what, and when; [At] is the time as a clock.
//   - [Answer] is what a system says, made by [AnswerOf], by [ParseAnswer] or by hand.
//   - [Compare] and [CompareWire] list the [Difference] of two.
//
// # Guarantees
//
//   - [Audit] checks a story, whoever gave the answers; no engine is asked, so that it serves recorded histories.
//   - [Step.Audit] checks one question with its answer, [AuditContract] a snapshot by itself.
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
//   - [Terms] and [Policies] draw what contracts are founded on, [Amounts] and [Ratios] the numbers in them.
//   - [Moves], [Commands] and [Actors] draw what is asked and by whom, [Instants] when: around every moment that matters.
//
// # Plays
//
// A [Play] is how contracts of a lifecycle are played. [OpenContract] and
// [OpenTrain] are two; a lifecycle of your own gets all of the above by a play of
// its own, as examples/erc8183 shows.
package escrowtest
