package backtest_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite examples/history.jsonl")

// TestExampleHistory: the example is what the engine lives.
func TestExampleHistory(t *testing.T) {
	const path = "../examples/history.jsonl"
	history := record(exampleLives()...)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(history), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, history == string(text), "%s is not what the engine lives; go test -update rewrites it", path)
}

// exampleLives are contracts of every ending, begun six hours apart.
func exampleLives() (lives []*teller) {
	begin := func(prefix string) (string, int64, time.Time) {
		n := len(lives)
		return fmt.Sprintf("%s_%02d", prefix, n+1), int64(40 + 35*n%400), monday.Add(time.Duration(n) * 6 * time.Hour)
	}
	for _, live := range taskLives {
		lives = append(lives, live(begin("task")))
	}
	for _, live := range jobLives {
		lives = append(lives, live(begin("job")))
	}
	return lives
}

type life func(id string, price int64, start time.Time) *teller

var taskLives = []life{withdraws, approved, absent, withdraws, rejected, silent, cancelled, approved, lateVote, declined,
	absent, upheld, withdraws, unclear, approved, silentJury, withdraws, lateVote, tooLate, unmatched, rejected, standard, silent, underWay}

var jobLives = []life{paid, slowHire, declinedHire, expiredHire, paid, refunded, slowHire, running}

func withdraws(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(3, worker, opencontract.Accept{}.Command()).ask(30, worker, opencontract.Withdraw{}.Command())
}

func approved(id string, price int64, start time.Time) *teller {
	return delivered(id, price, start).ask(10, client, opencontract.Approve{}.Command()).ask(0, platform, opencontract.Settle{}.Command())
}

func silent(id string, price int64, start time.Time) *teller {
	return delivered(id, price, start).ask(94, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command())
}

func absent(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(5, worker, opencontract.Accept{}.Command()).ask(91, platform, escrow.Advance())
}

// tooLate wants to withdraw after the withdrawal deadline, and is absent then.
func tooLate(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(5, worker, opencontract.Accept{}.Command()).ask(50, worker, opencontract.Withdraw{}.Command()).ask(41, platform, escrow.Advance())
}

func cancelled(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(4, client, opencontract.Cancel{}.Command())
}

func declined(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(4, worker, opencontract.Decline{}.Command())
}

func unmatched(id string, price int64, start time.Time) *teller {
	tender := func(t *opencontract.Terms) { t.Worker, t.AwardMethod = "", opencontract.AwardOpenTender }
	return task(id, price, start, tender).ask(24, platform, escrow.Advance())
}

func underWay(id string, price int64, start time.Time) *teller {
	return task(id, price, start).ask(2, worker, opencontract.Accept{}.Command())
}

// judged has the three of a jury vote after some hours each, and settles.
func judged(l *teller, verdicts [3]string, hours [3]float64) *teller {
	for i, v := range verdicts {
		l.ask(hours[i], escrow.Agent(jury[i]), vote(v))
	}
	return l.ask(0, platform, opencontract.Settle{}.Command())
}

func upheld(id string, price int64, start time.Time) *teller {
	return judged(disputed(id, price, start), [3]string{opencontract.Met, opencontract.Met, opencontract.NotMet}, [3]float64{1, 1, 1})
}

func rejected(id string, price int64, start time.Time) *teller {
	return judged(disputed(id, price, start), [3]string{opencontract.NotMet, opencontract.NotMet, opencontract.Unclear}, [3]float64{1, 2, 1})
}

func unclear(id string, price int64, start time.Time) *teller {
	return judged(disputed(id, price, start), [3]string{opencontract.Unclear, opencontract.Unclear, opencontract.Met}, [3]float64{2, 1, 1})
}

// lateVote has the jury take most of the day that it has.
func lateVote(id string, price int64, start time.Time) *teller {
	return judged(disputed(id, price, start), [3]string{opencontract.NotMet, opencontract.NotMet, opencontract.NotMet}, [3]float64{3, 15, 4})
}

func silentJury(id string, price int64, start time.Time) *teller {
	return disputed(id, price, start).ask(1, escrow.Agent(jury[0]), vote(opencontract.NotMet)).
		ask(23, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command())
}

// standard has a jury judge the delivery, each criterion otherwise.
func standard(id string, price int64, start time.Time) *teller {
	l := delivered(id, price, start, func(t *opencontract.Terms) { t.VerificationMode, t.ReviewDeadline = opencontract.Standard, time.Time{} })
	l.ask(0, platform, opencontract.Draw{BackupAgents: jury}.Command())
	half := opencontract.Vote{Ballots: []opencontract.Ballot{{CriterionIndex: 0, Vote: opencontract.Met}, {CriterionIndex: 1, Vote: opencontract.NotMet}}}.Command()
	for _, j := range jury {
		l.ask(2, escrow.Agent(j), half)
	}
	return l.ask(0, platform, opencontract.Settle{}.Command())
}

// hired has the hire confirmed after some hours.
func hired(id string, amount int64, start time.Time, hours float64) *teller {
	l := job(id, amount, start)
	return l.ask(hours, ann, escrow.Confirm(l.last(), ""))
}

// cosigned has one human confirm what the token asked for.
func cosigned(l *teller, command escrow.Command) *teller {
	l.ask(4, token, command)
	return l.ask(1, ann, escrow.Confirm(l.last(), ""))
}

// paid has both humans confirm the payment: the second for nothing, one is enough.
func paid(id string, amount int64, start time.Time) *teller {
	l := job(id, amount, start)
	l.ask(2, ann, escrow.Confirm(l.last(), "")).ask(1, bob, escrow.Confirm(l.last(), ""))
	cosigned(l, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()).ask(1, bob, escrow.Confirm(l.last(), ""))
	return l.ask(1, ann, opentrain.End{}.Command())
}

func slowHire(id string, amount int64, start time.Time) *teller {
	return hired(id, amount, start, 60).ask(5, ann, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()).ask(1, ann, opentrain.End{}.Command())
}

func declinedHire(id string, amount int64, start time.Time) *teller {
	l := job(id, amount, start)
	return l.ask(3, bob, escrow.DeclineApproval(l.last(), ""))
}

func expiredHire(id string, amount int64, start time.Time) *teller {
	return job(id, amount, start).ask(72, platform, escrow.Advance())
}

func refunded(id string, amount int64, start time.Time) *teller {
	return cosigned(hired(id, amount, start, 1), opentrain.End{}.Command())
}

func running(id string, amount int64, start time.Time) *teller {
	return hired(id, amount, start, 1)
}
