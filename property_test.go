package escrow_test

import (
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
)

// TestMain lets the environment say how many cases each property is held against:
// ESCROW_CHECKS=10000 in the continuous integration, few where nothing is said.
func TestMain(m *testing.M) {
	flag.Parse()
	checks := 30
	if n, err := strconv.Atoi(os.Getenv("ESCROW_CHECKS")); err == nil {
		checks = n
	}
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		_ = flag.Set("rapid.checks", strconv.Itoa(checks))
	}
	os.Exit(m.Run())
}

// question is one command by somebody at some time.
type question struct {
	cmd escrow.Command
	who escrow.Actor
	now time.Time
}

// asking draws lives of one lifecycle.
type asking struct {
	name     string
	draft    func(*rapid.T) escrow.Contract
	actors   []escrow.Actor
	commands func(*rapid.T, escrow.Contract) escrow.Command
}

// euros draws an amount of money: small, large, or far too large.
func euros(t *rapid.T) decimal.Decimal {
	exponent := rapid.SampledFrom([]int32{-2, -2, -1, 0, 3, 20, 32}).Draw(t, "exponent")
	return decimal.New(rapid.Int64Range(1, 99_999).Draw(t, "amount"), exponent)
}

// fraction draws a ratio near nothing, a half or all, or any.
func fraction(t *rapid.T) escrow.Ratio {
	text := rapid.SampledFrom([]string{"0", "1", "0.5", "0.333333333333333333", "0.000000000000000001", "0.999999999999999999", "0.05"}).Draw(t, "ratio")
	r, err := escrow.ParseRatio(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lastApproval draws the id of an approval, or of none.
func lastApproval(t *rapid.T, c escrow.Contract) string {
	ids := []string{"x-ap-1"}
	for _, a := range c.Approvals() {
		ids = append(ids, a.ID)
	}
	return rapid.SampledFrom(ids).Draw(t, "approval")
}

// answers are the commands that every lifecycle has.
func answers(t *rapid.T, c escrow.Contract) []escrow.Command {
	id := lastApproval(t, c)
	return []escrow.Command{escrow.Advance(), escrow.Confirm(id, ""), escrow.DeclineApproval(id, ""), escrow.RevokeConfirmation(id)}
}

// lives are the lifecycles that the properties are held against.
var lives = []asking{{
	name: "order",
	draft: func(t *rapid.T) escrow.Contract {
		values := terms()
		if rapid.Bool().Draw(t, "unnamed") {
			values = unnamed()
		}
		return order.Draft("o1", append(values, price.Decimal(euros(t)), deposit.To(fraction(t)), penalty.To(fraction(t)),
			quorum.To(rapid.Uint64Range(1, 2).Draw(t, "quorum")), separate.To(rapid.Bool().Draw(t, "separate")))...)
	},
	actors: []escrow.Actor{byBuyer, bySeller, byStranger, bySystem, byAnn, byBob, theToken},
	commands: func(t *rapid.T, c escrow.Contract) escrow.Command {
		id := rapid.SampledFrom([]string{"x1", "x2"}).Draw(t, "extra")
		return rapid.SampledFrom(append(answers(t, c), open.Command(), take.Command(), cancel.Command(), shipIt(), giveUp.Command(), accept.Command(), object.Command(),
			judge.Command(verdict.To(fraction(t))), add.Command(extraID.To(id), extraCost.Decimal(euros(t))), payFor(id), refund.Command(theExtra.To(id)))).Draw(t, "command")
	},
}, {
	name: "loan",
	draft: func(t *rapid.T) escrow.Contract {
		return lentDraft(people.To(rapid.Uint64Range(1, 2).Draw(t, "people")))
	},
	actors: []escrow.Actor{byLender, byBorrower, byGuard, bySystem, escrow.Human("lea", "lena"), escrow.Human("ben", "bo"), escrow.Human("gil", "gus")},
	commands: func(t *rapid.T, c escrow.Contract) escrow.Command {
		return rapid.SampledFrom(append(answers(t, c), lend.Command(), amendTo(rapid.Int64Range(1, 200).Draw(t, "rent"), rapid.IntRange(1, 15).Draw(t, "days")),
			split.Command(share.To(fraction(t))), note.Command(noted.To("n")), whole.Command(thePiece.To("p1"), claimed.Decimal(euros(t))), settle.Command(noted.To("s")))).Draw(t, "command")
	},
}, {
	name: "proposal",
	draft: func(*rapid.T) escrow.Contract {
		return proposals.Draft("p1", escrow.TextOf(mover.Account, "moe"), motion.To("tea"))
	},
	actors: []escrow.Actor{escrow.Agent("moe"), escrow.Human("ann", "moe"), bySystem, byStranger},
	commands: func(t *rapid.T, c escrow.Contract) escrow.Command {
		return rapid.SampledFrom(append(answers(t, c), propose.Command())).Draw(t, "command")
	},
}}

// question draws one; half of the time of several the first that is answered.
func (l asking) question(t *rapid.T, c escrow.Contract, now time.Time) (q question) {
	tries := rapid.SampledFrom([]int{1, 8}).Draw(t, "tries")
	for range tries {
		q = l.any(t, c, now)
		if _, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now)); err == nil {
			break
		}
	}
	return q
}

// any draws a question: at once, later, or around a moment of the contract.
func (l asking) any(t *rapid.T, c escrow.Contract, now time.Time) question {
	times := []time.Time{now, now.Add(time.Hour), now.AddDate(0, 0, 3)}
	for _, at := range c.Moments() {
		times = append(times, at.Add(-1), at)
	}
	return question{l.commands(t, c), rapid.SampledFrom(l.actors).Draw(t, "who"), rapid.SampledFrom(times).Draw(t, "when")}
}

// live holds a property against every question of a random life.
func live(t *testing.T, steps int, holds func(t *rapid.T, l asking, c escrow.Contract, q question)) {
	for _, l := range lives {
		t.Run(l.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c, now := l.draft(t), june(3, 0)
				for range rapid.IntRange(1, steps).Draw(t, "steps") {
					q := l.question(t, c, now)
					holds(t, l, c, q)
					d, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now))
					if err == nil {
						c = d.Contract
					}
					if q.now.After(now) {
						now = q.now
					}
				}
			})
		})
	}
}
