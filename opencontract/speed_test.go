package opencontract_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// instantly is a clock that costs nothing.
type instantly time.Time

func (t instantly) Now() time.Time { return time.Time(t) }

// asked is a question, ready to be asked.
type asked struct {
	name  string
	cmd   escrow.Command
	actor escrow.Actor
	clock escrow.Clock
}

// plainLife is accepted, delivered and approved; juryLife is disputed and judged.
func plainLife() []asked {
	return []asked{
		{"create", opencontract.Create{}.Command(), client, instantly(start)},
		{"accept", opencontract.Accept{}.Command(), worker, instantly(start.Add(time.Hour))},
		{"deliver", opencontract.Deliver{Delivery: "ipfs://result"}.Command(), worker, instantly(withdrawal)},
		{"approve", opencontract.Approve{}.Command(), client, instantly(delivery)},
		{"settle", opencontract.Settle{}.Command(), system, instantly(delivery)},
	}
}

func juryLife() []asked {
	votes := func(by escrow.Actor, votes ...string) asked {
		var ballots []opencontract.Ballot
		for i, v := range votes {
			ballots = append(ballots, opencontract.Ballot{CriterionIndex: i, Vote: v})
		}
		return asked{"vote", opencontract.Vote{Ballots: ballots}.Command(), by, instantly(delivery)}
	}
	return append(plainLife()[:3],
		asked{"dispute", opencontract.Dispute{}.Command(), client, instantly(delivery)},
		asked{"draw", opencontract.Draw{BackupAgents: []string{"b1", "b2", "b3"}}.Command(), system, instantly(delivery)},
		votes(b1, opencontract.Met, opencontract.Met, opencontract.NotMet),
		votes(b2, opencontract.Met, opencontract.NotMet, opencontract.NotMet),
		votes(b3, opencontract.Met, opencontract.Met, opencontract.Unclear),
		asked{"settle", opencontract.Settle{}.Command(), system, instantly(delivery)},
	)
}

// lived returns the contract before each question of a life, and after the last.
func lived(draft escrow.Contract, life []asked) []escrow.Contract {
	snapshots := []escrow.Contract{draft}
	for i := range life {
		d, err := escrow.Decide(snapshots[i], life[i].cmd, life[i].actor, life[i].clock)
		if err != nil {
			panic(err)
		}
		snapshots = append(snapshots, d.Contract)
	}
	return snapshots
}

// play plays a life in the memory of two decisions by turns.
func play(by *[2]escrow.Decision, draft *escrow.Contract, life []asked) {
	c := draft
	for i := range life {
		d := &by[i%2]
		if err := escrow.DecideInto(d, c, life[i].cmd, &life[i].actor, life[i].clock); err != nil {
			panic(err)
		}
		c = &d.Contract
	}
}

// refusals are a withdrawal that comes too late and one of a stranger.
func refusals() []asked {
	withdraw := opencontract.Withdraw{}.Command()
	return []asked{{"too late", withdraw, worker, instantly(withdrawal)}, {"stranger", withdraw, stranger, instantly(start)}}
}

// measures are what the speed of is told, by name: what one round does.
func measures() (names []string, rounds map[string]func()) {
	rounds = map[string]func(){}
	add := func(name string, once func()) { names, rounds[name] = append(names, name), once }
	draft, life, judged := terms().Draft(), plainLife(), juryLife()
	snapshots := lived(draft, life)
	var d escrow.Decision
	into := func(c escrow.Contract, q asked) func() {
		return func() { _ = escrow.DecideInto(&d, &c, q.cmd, &q.actor, q.clock) }
	}
	for i, q := range life {
		add(q.name, into(snapshots[i], q))
	}
	withdraw := asked{"withdraw", opencontract.Withdraw{}.Command(), worker, instantly(start.Add(time.Hour))}
	add("withdraw", into(snapshots[2], withdraw))
	add("withdraw by value", func() { _, _ = escrow.Decide(snapshots[2], withdraw.cmd, withdraw.actor, withdraw.clock) })
	for _, q := range refusals() {
		add("refused, "+q.name, into(snapshots[2], q))
	}
	var by [2]escrow.Decision
	add("life", func() { play(&by, &draft, life) })
	jury := lived(draft, judged)
	for i, q := range judged[3:] {
		if q.name != "vote" || i == 2 {
			add("jury: "+q.name, into(jury[3+i], q))
		}
	}
	add("jury life", func() { play(&by, &draft, judged) })
	return names, rounds
}

func BenchmarkDecide(b *testing.B) {
	names, rounds := measures()
	for _, name := range names {
		once := rounds[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				once()
			}
		})
	}
}

// A decision makes no garbage unless it has something new to keep: the jury does.
func TestDecisionsNeedNoMemory(t *testing.T) {
	names, rounds := measures()
	for _, name := range names {
		if name == "jury: draw" || name == "jury: vote" || name == "jury: settle" || name == "jury life" {
			continue
		}
		require.Zero(t, testing.AllocsPerRun(100, rounds[name]), name)
	}
}
