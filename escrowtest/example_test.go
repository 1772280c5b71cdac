package escrowtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/opencontract"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/escrow-go/escrow/purchase"
	"github.com/shopspring/decimal"
)

// monday is when the contracts of the examples begin.
var monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// client and worker are their parties.
var client, worker = escrow.Agent("0xClient"), escrow.Agent("0xWorker")

// day returns noon of a day after monday.
func day(n time.Duration) time.Time { return monday.Add(n * 24 * time.Hour) }

// task is a draft.
func task() escrow.Contract {
	return (opencontract.Terms{
		ID: "task", Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50),
		TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}).Draft()
}

// withdrawal is the story of a worker that accepts the task and withdraws.
func withdrawal() *escrowtest.Story {
	return escrowtest.Tell(task(), monday, []escrowtest.Question{
		{Command: opencontract.Create{}.Command(), Actor: client, Now: monday},
		{Command: opencontract.Accept{}.Command(), Actor: worker, Now: monday},
		{Command: opencontract.Withdraw{}.Command(), Actor: worker, Now: day(1)},
	})
}

// kind is a backend that slashes nobody who withdraws. It makes its answers by
// hand.
type kind struct{ escrowtest.System }

func (k kind) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	a, err := k.System.Ask(q)
	moves := slices.DeleteFunc(a.Movements, func(m escrowtest.Movement) bool {
		return a.To == opencontract.CancelledWithdrawn && m.Reason == "stake_slash"
	})
	return escrowtest.Answer{Code: a.Code, Reason: a.Reason, From: a.From, To: a.To, Movements: moves, Contract: a.Contract}, err
}

// console stands for the *testing.T of a test.
type console struct{}

func (console) Helper()                           {}
func (console) Name() string                      { return "Example" }
func (console) Logf(string, ...any)               { fmt.Println("logged what was reached") }
func (console) Fatalf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// In a test, t is the test's and the system is the backend.
func ExampleRun() {
	t := console{}
	escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(octplay.Play(), otplay.Play()))
	// Output: logged what was reached
}

func ExampleTry() {
	report := escrowtest.Try(kind{escrowtest.Engine()}, escrowtest.Playing(octplay.Play()))
	for _, step := range report.Failure.Story.Steps {
		fmt.Println(step.Command.Action())
	}
	fmt.Println(report.Passed(), report.Failure.Differences[0].Path)
	// Output:
	// create
	// accept
	// withdraw
	// false decision.movements
}

func ExampleEngine() {
	system := escrowtest.Engine()
	if err := system.Begin(task()); err != nil {
		fmt.Println(err)
	}
	for _, asks := range []escrow.Actor{worker, client, client} {
		fmt.Println(system.Ask(escrowtest.Question{Command: opencontract.Create{}.Command(), Actor: asks, Now: monday}))
	}
	// Output:
	// refused: forbidden not_client <nil>
	// OC-1 draft -> created <nil>
	// refused: conflict wrong_status <nil>
}

func ExamplePlaying() {
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(otplay.Play()))
	for lifecycle := range report.Reached {
		fmt.Println(lifecycle)
	}
	// Output: opentrain
}

// Another seed is other lives; the same seed is the same ones.
func ExampleSeed() {
	of := func(seed int) string {
		return escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(otplay.Play()), escrowtest.AtLeast(100), escrowtest.Seed(seed)).String()
	}
	seven, again, eight := of(7), of(7), of(8)
	fmt.Println(seven == again, seven == eight)
	// Output: true false
}

func ExampleOf() {
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Of(purchase.Lifecycle), escrowtest.AtLeast(100))
	fmt.Println(report.Failure == nil, report.Reached["purchase"]["status reviewed"] > 0)
	// Output: true true
}

// What a lifecycle of one's own is played by follows from its declaration; what is
// known better is changed.
func ExamplePlayOf() {
	play := escrowtest.PlayOf(purchase.Lifecycle)
	play.Unreached = append(play.Unreached, "reason window_closed")
	draft := escrowtest.Drafts(play).Example(1).Contract
	fmt.Println(draft.Account(purchase.Customer), draft.Account(purchase.Provider))
	// Output: acct-customer acct-provider
}

// Snapshots that no decision led to, and that are read all the same.
func ExampleAltered() {
	altered := escrowtest.Altered(escrowtest.PlayOf(purchase.Lifecycle))
	for seed := range 50 {
		for _, violation := range escrowtest.AuditContract(altered.Example(seed).Contract) {
			fmt.Println(violation)
		}
	}
	// Output:
}

// Who has put how much into each pot, from movements alone.
func ExampleStep_AuditAfter() {
	deposits := escrowtest.Deposits{}
	for _, step := range withdrawal().Steps {
		var found []escrowtest.Violation
		deposits, found = step.AuditAfter(deposits)
		fmt.Println(found, len(deposits.AppendKey(nil)) > 0)
	}
	// Output:
	// [] true
	// [] true
	// [] false
}

func ExampleAtLeast() {
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(otplay.Play()), escrowtest.AtLeast(200))
	fmt.Println(report.Passed(), report.Lives >= 200)
	// Output: true true
}

// With a bound a run ends, and says what it has not reached.
func ExampleAtMost() {
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(otplay.Play()), escrowtest.AtLeast(10), escrowtest.AtMost(20))
	fmt.Println(report.Passed(), report.Lives, len(report.Missing["opentrain"]) > 0)
	// Output: false 20 true
}

func ExampleWatch() {
	lives := 0
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(octplay.Play()), escrowtest.AtLeast(100), escrowtest.Watch(func(*escrowtest.Report) { lives++ }))
	fmt.Println(lives == report.Lives)
	// Output: true
}

func ExampleArtefactsIn() {
	folder, err := os.MkdirTemp("", "escrowtest")
	if err != nil {
		fmt.Println(err)
	}
	defer os.RemoveAll(folder)
	t := silent{}
	escrowtest.Run(t, kind{escrowtest.Engine()}, escrowtest.Playing(octplay.Play()), escrowtest.ArtefactsIn(folder))
	left, _ := filepath.Glob(folder + "/*/*")
	for _, file := range left {
		fmt.Println(strings.TrimPrefix(file, folder))
	}
	// Output:
	// /Example/story.html
	// /Example/story.txt
	// /Example/story_test.go.txt
}

// silent is a test that says nothing.
type silent struct{ console }

func (silent) Logf(string, ...any)   {}
func (silent) Fatalf(string, ...any) {}

func ExampleFailure_Test() {
	report := escrowtest.Try(kind{escrowtest.Engine()}, escrowtest.Playing(octplay.Play()))
	for line := range strings.Lines(report.Failure.Test()) {
		fmt.Println(strings.TrimSpace(line[:min(len(line), 24)]))
	}
	// Output:
	// // In step 3, the system
	// func TestStory(t *testin
	// escrowtest.Replay(t, ne
	// {"contract":{"id":"task-
	// {"command":{"action":"cr
	// {"command":{"action":"ac
	// {"command":{"action":"wi
	// `, opencontract.Lifecycl
	// }
}

func ExampleFailure_Leave() {
	folder, err := os.MkdirTemp("", "escrowtest")
	if err != nil {
		fmt.Println(err)
	}
	defer os.RemoveAll(folder)
	report := escrowtest.Try(kind{escrowtest.Engine()}, escrowtest.Playing(octplay.Play()))
	files, err := report.Failure.Leave(folder)
	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
	fmt.Println(err)
	// Output:
	// story.txt
	// story_test.go.txt
	// story.html
	// <nil>
}

func ExampleFailure_Page() {
	report := escrowtest.Try(kind{escrowtest.Engine()}, escrowtest.Playing(octplay.Play()))
	page, err := report.Failure.Page()
	fmt.Println(strings.Contains(page, "stake_slash"), strings.Contains(page, "http-equiv=\"refresh\""), err)
	// Output: true false <nil>
}

func ExampleQuestion() {
	fmt.Println(escrowtest.Question{Command: opencontract.Withdraw{}.Command(), Actor: worker, Now: monday})
	// Output: 2026-06-01T12:00:00Z agent 0xWorker asks {"action":"withdraw"}
}

func ExampleAnswerOf() {
	created, err := opencontract.Create{}.On(task(), client, escrow.At(monday))
	fmt.Println(escrowtest.AnswerOf(created, err))
	fmt.Println(escrowtest.AnswerOf(opencontract.Withdraw{}.On(created.Contract, worker, escrow.At(monday))))
	// Output:
	// OC-1 draft -> created
	// refused: conflict wrong_status
}

// A backend that answers in wire form is compared whole.
func ExampleParseAnswer() {
	fmt.Println(escrowtest.ParseAnswer([]byte(`{"refusal": {"code": "conflict", "reason": "deadline_due", "message": "too late"}}`)))
	_, err := escrowtest.ParseAnswer([]byte(`{"ok": true}`))
	fmt.Println(err)
	// Output:
	// refused: conflict deadline_due <nil>
	// the answer is neither {"refusal": {"code", "reason"}} nor {"decision": {…, "contract"}}
}

// By hand, an answer says of a refusal the code and the reason, of a decision
// where it leads and what moves.
func ExampleAnswer() {
	late := escrowtest.Answer{Code: escrow.Conflict, Reason: escrow.DeadlineDue}
	declined := escrowtest.Answer{From: opencontract.Created, To: opencontract.CancelledUnmatched, Movements: []escrowtest.Movement{{
		From: escrow.Account{Kind: "escrow", Custody: true}, To: escrow.Account{Kind: "client", ID: "0xClient"},
		Amount: escrow.Units(50_000_000), Reason: "escrow_refund",
	}}}
	fmt.Println(late.Accepted(), declined.Accepted())
	// Output: false true
}

func ExampleCompare() {
	engine := escrowtest.AnswerOf(opencontract.Deliver{Delivery: "report"}.On(withdrawal().Last().Contract, worker, escrow.At(day(1))))
	system := escrowtest.Answer{Code: escrow.Conflict, Reason: escrow.WindowClosed}
	for _, difference := range escrowtest.Compare(&engine, &system) {
		fmt.Println(difference)
	}
	// Output: refusal.reason: the engine says "wrong_status", the system "window_closed"
}

// The words of a refusal are free.
func ExampleCompareWire() {
	engine := `{"refusal": {"code": "conflict", "reason": "deadline_due", "message": "the deadline is due"}}`
	system := `{"refusal": {"code": "forbidden", "reason": "deadline_due", "message": "too late"}}`
	for _, difference := range escrowtest.CompareWire([]byte(engine), []byte(system)) {
		fmt.Println(difference)
	}
	// Output: refusal.code: the engine says "conflict", the system "forbidden"
}

// The history of a backend that has paid a worker twice.
func ExampleAudit() {
	story := withdrawal()
	last := &story.Steps[2].Answer
	last.Movements = append(last.Movements, last.Movements[2])
	for _, violation := range escrowtest.Audit(story) {
		fmt.Println(violation)
	}
	// Output:
	// G2 in step 3: stake pays 1750000 more than it holds
	// G1 in step 3: stake holds 0 smallest units, and should hold -1750000 by its movements
	// G10 in step 3: movement 3 is task/3/2/7b8ecb007bd5, not task/3/3/ and 12 digits
	// G10 in step 3: movement task/3/2/7b8ecb007bd5 is there twice
	// G1 in step 3: stake holds 0 smallest units, and should hold -1750000 over the life
}

func ExampleStep_Audit() {
	step := withdrawal().Steps[2]
	step.Actor = client
	fmt.Println(step.Audit())
	// Output: [G7: OC-7 is for worker, and 0xClient asks]
}

func ExampleStep_After() {
	story := withdrawal()
	for i := range story.Steps {
		after := story.Steps[i].After()
		fmt.Println(after.Status())
	}
	// Output:
	// created
	// matched
	// cancelled-withdrawn
}

func ExampleAuditContract() {
	fmt.Println(escrowtest.AuditContract(withdrawal().Last().Contract))
	// Output: []
}

func ExampleTell() {
	story := escrowtest.Tell(task(), monday, []escrowtest.Question{
		{Command: opencontract.Create{}.Command(), Actor: client, Now: monday},
		{Command: opencontract.Accept{}.Command(), Actor: worker, Now: day(1)},
		{Command: escrow.Advance(), Actor: worker, Now: day(2)},
	})
	for i := range story.Steps {
		fmt.Println(&story.Steps[i])
	}
	// Output:
	// 2026-06-01T12:00:00Z agent 0xClient asks {"action":"create"}
	//      OC-1 draft -> created
	//      50 USDC client:0xClient -> escrow (escrow_deposit)
	// 2026-06-02T12:00:00Z agent 0xWorker asks {"action":"accept"}
	//      refused: conflict deadline_due
	// 2026-06-03T12:00:00Z agent 0xWorker asks {"action":"advance"}
	//      OC-6 created -> cancelled-unmatched
	//      50 USDC escrow -> client:0xClient (escrow_refund)
}

func ExampleStory_Scenes() {
	for _, scene := range withdrawal().Scenes() {
		fmt.Printf("%s %q holds %v\n", scene.Now.Format(time.DateOnly), scene.Contract.Status(), scene.Contract.Custody())
	}
	// Output:
	// 2026-06-01 "" holds []
	// 2026-06-01 "created" holds [{escrow 50000000 {USDC 6}}]
	// 2026-06-01 "matched" holds [{escrow 50000000 {USDC 6}} {stake 2500000 {USDC 6}}]
	// 2026-06-02 "cancelled-withdrawn" holds []
}

func ExampleStory_Written() {
	for line := range strings.Lines(withdrawal().Written()) {
		fmt.Println(strings.TrimSpace(line[:min(len(line), 80)]))
	}
	// Output:
	// {"contract":{"id":"task","lifecycle":"opencontract","lifecycleVersion":1,"schema
	// {"command":{"action":"create"},"actor":{"id":"0xClient","kind":"agent"},"now":"2
	// {"command":{"action":"accept"},"actor":{"id":"0xWorker","kind":"agent"},"now":"2
	// {"command":{"action":"withdraw"},"actor":{"id":"0xWorker","kind":"agent"},"now":
}

func ExampleParseStory() {
	again, err := escrowtest.ParseStory(withdrawal().Written(), opencontract.Lifecycle)
	fmt.Println(again.String() == withdrawal().String(), err)
	_, err = escrowtest.ParseStory("once upon a time")
	fmt.Println(err)
	// Output:
	// true <nil>
	// story line 1: want {"contract": …}, the contract that the story begins with
}

func ExampleReplay() {
	t := console{}
	escrowtest.Replay(t, escrowtest.Engine(), withdrawal().Written(), opencontract.Lifecycle)
	fmt.Println("agrees")
	// Output: agrees
}

func ExampleReach() {
	reach := escrowtest.Reach{}
	for _, step := range withdrawal().Steps {
		reach.Note(step.Question, &step.Answer)
	}
	fmt.Println(reach)
	// Output:
	//         1  action accept
	//         1  action create
	//         1  action withdraw
	//         1  rule OC-1
	//         1  rule OC-2
	//         1  rule OC-7
	//         1  status cancelled-withdrawn
	//         1  status created
	//         1  status matched
}

func ExampleReach_Missing() {
	play := otplay.Play()
	report := escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(play), escrowtest.AtLeast(100))
	fmt.Println(report.Reached["opentrain"].Missing(play), slices.Contains(play.Unreached, "reason too_many"))
	// Output: [] true
}

func ExampleWanted() {
	names := escrowtest.Wanted(opencontract.Lifecycle)
	fmt.Println(names[:4], slices.Contains(names, "reason deadline_due"))
	// Output: [action create rule OC-1 action accept rule OC-2] true
}

// The generators by themselves: a property of one's own, here that what has ended
// holds nothing. In a test it is rapid.Check(t, func(t *rapid.T) { … }) with
// lives.Draw(t, "life"), and rapid looks for the shortest life that breaks it.
func ExampleLives() {
	lives := escrowtest.Lives(octplay.Play())
	for seed := range 100 {
		last := lives.Example(seed).Last().Contract
		if last.IsTerminal() && len(last.Custody()) > 0 {
			fmt.Println("money is left in", last.Status())
		}
	}
	// Output:
}

func ExampleContracts() {
	contracts := escrowtest.Contracts(octplay.Play())
	seen := map[escrow.Status]bool{}
	for seed := range 500 {
		scene := contracts.Example(seed)
		seen[scene.Contract.Status()] = true
	}
	fmt.Println(seen[escrow.Draft], seen[opencontract.Matched], seen[opencontract.Disputed], seen[opencontract.SettledFullyMet])
	// Output: true true true true
}

func ExampleDrafts() {
	scene := escrowtest.Drafts(otplay.Play()).Example(1)
	fmt.Println(scene.Contract.IsDraft(), scene.Contract.Lifecycle().Name())
	// Output: true opentrain
}

func ExamplePolicies() {
	policies := escrowtest.Policies(otplay.Play())
	for seed := range 100 {
		if p := policies.Example(seed).View(); opentrain.Quorum.In(p) < 1 || opentrain.Quorum.In(p) > 10 {
			fmt.Println("no contract is founded under a quorum of", opentrain.Quorum.In(p))
		}
	}
	// Output:
}

func ExampleAmounts() {
	usd := escrow.Asset{Code: "USD", Scale: 2}
	amounts := escrowtest.Amounts(usd)
	for seed := range 100 {
		if _, err := usd.Amount(amounts.Example(seed)); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
}

func ExampleRatios() {
	ratios := escrowtest.Ratios()
	for seed := range 100 {
		if r := ratios.Example(seed).Decimal(); r.IsNegative() || r.GreaterThan(decimal.NewFromInt(1)) {
			fmt.Println(r)
		}
	}
	// Output:
}

func ExampleActors() {
	actors := escrowtest.Actors(otplay.Play())
	kinds := map[escrow.Kind]bool{}
	for seed := range 100 {
		kinds[actors.Example(seed).Kind] = true
	}
	fmt.Println(kinds[escrow.KindToken], kinds[escrow.KindHuman], kinds[escrow.KindSystem])
	// Output: true true true
}

func ExampleCommands() {
	matched := withdrawal().Scenes()[2]
	commands := escrowtest.Commands(octplay.Play(), matched)
	seen := map[escrow.Action]bool{}
	for seed := range 100 {
		seen[commands.Example(seed).Action()] = true
	}
	fmt.Println(len(seen))
	// Output: 12
}

// Moves are likely ones: to a matched task mostly the worker says something.
func ExampleMoves() {
	matched := withdrawal().Scenes()[2]
	moves, byWorker := escrowtest.Moves(octplay.Play(), matched), 0
	for seed := range 100 {
		if moves.Example(seed).Actor.ID == worker.ID {
			byWorker++
		}
	}
	fmt.Println(byWorker > 50)
	// Output: true
}

// Instants lie around the moments at which answers change.
func ExampleInstants() {
	instants := escrowtest.Instants(withdrawal().Scenes()[2])
	seen := map[time.Time]bool{}
	for seed := range 200 {
		seen[instants.Example(seed)] = true
	}
	fmt.Println(seen[day(3).Add(-1)], seen[day(3)], seen[day(3).Add(1)])
	// Output: true true true
}
