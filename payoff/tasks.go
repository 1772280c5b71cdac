package payoff

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
)

var (
	theClient = escrow.Agent(ClientAccount)
	theWorker = escrow.Agent(WorkerAccount)
	theSystem = escrow.SystemActor()
)

// Steps of a task. What only time does is asked for by the system.
var (
	create  = step{theClient, escrow.Create{}}
	accept  = step{theWorker, escrow.Accept{}}
	deliver = step{theWorker, escrow.Deliver{Delivery: "the work"}}
	dispute = step{theClient, escrow.Dispute{}}
	passing = step{theSystem, escrow.Advance{}}
	settle  = step{theSystem, escrow.Settle{}}
)

// opinion is what one backup agent says of each criterion; nil is silence.
type opinion []escrow.Verdict

// all returns the opinion that is the same of every criterion.
func all(v escrow.Verdict, criteria int) opinion {
	if v == "" {
		return nil
	}
	return slices.Repeat(opinion{v}, criteria)
}

// unanimous returns a jury of one opinion.
func (c Case) unanimous(o opinion) []opinion {
	return slices.Repeat([]opinion{o}, max(c.Policy.BARecruitCount, 0))
}

// delivered returns the steps up to the delivery, then more.
func delivered(more ...step) []step { return append([]step{create, accept, deliver}, more...) }

// called returns the steps by which a delivery comes before backup agents.
func (c Case) called() []step {
	if c.mode() == escrow.Standard {
		return delivered()
	}
	return delivered(dispute)
}

// judged returns a life in which backup agents say what they think, and
// time passes when some are silent.
func (c Case) judged(jury []opinion) []step {
	names := make([]string, len(jury))
	for i := range jury {
		names[i] = Backup(i + 1)
	}
	steps := append(c.called(), step{theSystem, escrow.Draw{BackupAgents: names}})
	silent := false
	for i, o := range jury {
		if silent = silent || o == nil; o != nil {
			steps = append(steps, step{escrow.Agent(names[i]), escrow.Vote{Votes: o.ballots()}})
		}
	}
	if silent || len(jury) == 0 {
		steps = append(steps, passing)
	}
	return append(steps, settle)
}

func (o opinion) ballots() []escrow.Ballot {
	list := make([]escrow.Ballot, len(o))
	for i, v := range o {
		list[i] = escrow.Ballot{CriterionIndex: i, Vote: v}
	}
	return list
}

// taskPlans returns every way in which a task can end.
func taskPlans(c Case) []plan {
	plans := []plan{
		{"the client takes the task back", []step{create, {theClient, escrow.Cancel{}}}},
		{"nobody takes the task", []step{create, passing}},
		{"the worker withdraws in time", []step{create, accept, {theWorker, escrow.Withdraw{}}}},
		{"the worker vanishes", []step{create, accept, passing}},
	}
	if c.award() == escrow.AwardDirect {
		plans = slices.Insert(plans, 1, plan{"the worker declines", []step{create, {theWorker, escrow.Decline{}}}})
	}
	if c.mode() == escrow.PrivacyPreserving {
		plans = append(plans,
			plan{"the client approves", delivered(step{theClient, escrow.Approve{}}, settle)},
			plan{"the client stays silent", delivered(passing, settle)})
	}
	return append(plans, juryPlans(c)...)
}

// juryPlans returns every way in which backup agents end a task.
func juryPlans(c Case) []plan {
	name := "disputed: "
	if c.mode() == escrow.Standard {
		name = "judged: "
	}
	plans := []plan{
		{name + "no backup agents are drawn", append(c.called(), passing, settle)},
		{name + "all backup agents stay silent", c.judged(c.unanimous(nil))},
	}
	for _, o := range splits(c.Criteria) {
		plans = append(plans, plan{name + "all say " + o.String(), c.judged(c.unanimous(o))})
	}
	if c.Policy.BARecruitCount > 2 {
		plans = append(plans, dividedPlans(c, name)...)
	}
	return plans
}

// dividedPlans returns the ends in which backup agents differ, or some are
// silent; a jury of one cannot.
func dividedPlans(c Case, name string) []plan {
	met, notMet, unclear := all(escrow.Met, c.Criteria), all(escrow.NotMet, c.Criteria), all(escrow.Unclear, c.Criteria)
	few := c.unanimous(nil)
	few[0] = notMet
	divided := c.unanimous(nil)
	for i := range divided {
		divided[i] = []opinion{met, notMet, unclear}[i%3]
	}
	plans := []plan{
		{name + "one votes, too few for a quorum", c.judged(few)},
		{name + "no verdict has a majority", c.judged(divided)},
	}
	for _, one := range []struct {
		name          string
		most, differs opinion
	}{
		{"all met, one stays silent", met, nil}, {"none met, one stays silent", notMet, nil},
		{"all met, one says not met", met, notMet}, {"none met, one says met", notMet, met},
		{"all met, one says unclear", met, unclear}, {"none met, one says unclear", notMet, unclear},
		{"all unclear, one says met", unclear, met},
	} {
		jury := c.unanimous(one.most)
		jury[len(jury)-1] = one.differs
		plans = append(plans, plan{name + one.name, c.judged(jury)})
	}
	return plans
}

// splits returns every opinion that differs in how many criteria are met, not
// met and unclear.
func splits(criteria int) (list []opinion) {
	for met := criteria; met >= 0; met-- {
		for unclear := criteria - met; unclear >= 0; unclear-- {
			o := append(all(escrow.Met, met), all(escrow.Unclear, unclear)...)
			list = append(list, append(o, all(escrow.NotMet, criteria-met-unclear)...))
		}
	}
	return list
}

// String tells how many criteria are what, as in "2 met, 1 not met".
func (o opinion) String() string {
	text := ""
	for _, v := range []escrow.Verdict{escrow.Met, escrow.Unclear, escrow.NotMet} {
		n := o.count(v)
		switch {
		case n > 0 && text != "":
			text += fmt.Sprintf(", %d %s", n, v)
		case n > 0:
			text = fmt.Sprintf("%d %s", n, v)
		}
	}
	return text
}

// count returns how many criteria are that.
func (o opinion) count(v escrow.Verdict) (n int) {
	for _, own := range o {
		if own == v {
			n++
		}
	}
	return n
}
