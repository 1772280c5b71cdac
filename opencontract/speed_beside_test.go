package opencontract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	old "github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

type oldAsked struct {
	name  string
	cmd   old.Command
	actor old.Actor
	clock old.Clock
}

func oldLives() (draft old.Contract, plain, judged []oldAsked) {
	draft = old.OpenContract.Draft(old.Terms{
		ID: "contract_xyz789", Client: "0xC", Worker: "0xW", Price: decimal.NewFromInt(50), TaskDescription: "Summarize 10 papers",
		AcceptanceCriteria: []string{"length", "method", "all covered"},
		ContractType:       old.Fixed, AwardMethod: old.AwardDirect, VerificationMode: old.PrivacyPreserving,
		MatchDeadline: match, WithdrawalDeadline: withdrawal, DeliveryDeadline: delivery, ReviewDeadline: review,
	})
	c, w, s := old.Agent("0xC"), old.Agent("0xW"), old.SystemActor()
	plain = []oldAsked{
		{"create", old.Create{}, c, instantly(start)},
		{"accept", old.Accept{}, w, instantly(start.Add(time.Hour))},
		{"deliver", old.Deliver{Delivery: "ipfs://result"}, w, instantly(withdrawal)},
		{"approve", old.Approve{}, c, instantly(delivery)},
		{"settle", old.Settle{}, s, instantly(delivery)},
	}
	votes := func(by string, votes ...old.Verdict) oldAsked {
		var ballots []old.Ballot
		for i, v := range votes {
			ballots = append(ballots, old.Ballot{CriterionIndex: i, Vote: v})
		}
		return oldAsked{"vote", old.Vote{Votes: ballots}, old.Agent(by), instantly(delivery)}
	}
	judged = append(append(judged, plain[:3]...),
		oldAsked{"dispute", old.Dispute{}, c, instantly(delivery)},
		oldAsked{"draw", old.Draw{BackupAgents: []string{"b1", "b2", "b3"}}, s, instantly(delivery)},
		votes("b1", old.Met, old.Met, old.NotMet),
		votes("b2", old.Met, old.NotMet, old.NotMet),
		votes("b3", old.Met, old.Met, old.Unclear),
		oldAsked{"settle", old.Settle{}, s, instantly(delivery)},
	)
	return draft, plain, judged
}

func oldLived(draft old.Contract, life []oldAsked) []old.Contract {
	snapshots := []old.Contract{draft}
	for i := range life {
		d, err := old.Decide(snapshots[i], life[i].cmd, life[i].actor, life[i].clock)
		if err != nil {
			panic(err)
		}
		snapshots = append(snapshots, d.Contract)
	}
	return snapshots
}

func oldLive(by *[2]old.Decision, draft *old.Contract, life []oldAsked) {
	c := draft
	for i := range life {
		d := &by[i%2]
		if err := old.DecideInto(d, c, life[i].cmd, &life[i].actor, life[i].clock); err != nil {
			panic(err)
		}
		c = &d.Contract
	}
}

func oldMeasures() map[string]func() {
	rounds := map[string]func(){}
	add := func(name string, once func()) { rounds[name] = once }
	draft, life, judged := oldLives()
	snapshots := oldLived(draft, life)
	var d old.Decision
	into := func(c old.Contract, q oldAsked) func() {
		return func() { _ = old.DecideInto(&d, &c, q.cmd, &q.actor, q.clock) }
	}
	for i, q := range life {
		add(q.name, into(snapshots[i], q))
	}
	withdraw := oldAsked{"withdraw", old.Withdraw{}, old.Agent("0xW"), instantly(start.Add(time.Hour))}
	add("withdraw", into(snapshots[2], withdraw))
	add("withdraw by value", func() { _, _ = old.Decide(snapshots[2], withdraw.cmd, withdraw.actor, withdraw.clock) })
	late, strange := withdraw, withdraw
	late.clock, strange.actor, strange.clock = instantly(withdrawal), old.Agent("0xS"), instantly(start)
	add("refused, too late", into(snapshots[2], late))
	add("refused, stranger", into(snapshots[2], strange))
	var by [2]old.Decision
	add("life", func() { oldLive(&by, &draft, life) })
	jury := oldLived(draft, judged)
	for i, q := range judged[3:] {
		if q.name != "vote" || i == 2 {
			add("jury: "+q.name, into(jury[3+i], q))
		}
	}
	add("jury life", func() { oldLive(&by, &draft, judged) })
	return rounds
}

// TestBeside tells how long each takes beside the old engine: the least of many
// short rounds, taken by turns.
func TestBeside(t *testing.T) {
	if os.Getenv("BESIDE") == "" {
		t.Skip("set BESIDE to all, or to the names of what is to be measured")
	}
	names, rounds := measures()
	before := oldMeasures()
	least := func(once func(), n int, best time.Duration) time.Duration {
		began := time.Now()
		for range n {
			once()
		}
		if took := time.Since(began) ; best == 0 || took < best {
			best = took
		}
		return best
	}
	for _, name := range names {
		if wanted := os.Getenv("BESIDE"); wanted != "all" && !strings.Contains(wanted, name) {
			continue
		}
		var was, is time.Duration
		n := max(1, int(100*time.Microsecond/max(1, least(before[name], 100, 0)/100)))
		for range 600 {
			was, is = least(before[name], n, was), least(rounds[name], n, is)
		}
		fmt.Printf("%-20s %7.1f ns %7.1f ns  %5.2f   allocations %v -> %v\n", name, float64(was)/float64(n), float64(is)/float64(n), float64(is)/float64(was),
			testing.AllocsPerRun(100, before[name]), testing.AllocsPerRun(100, rounds[name]))
	}
}

func BenchmarkOld(b *testing.B) {
	rounds := oldMeasures()
	for name, once := range rounds {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				once()
			}
		})
	}
}
