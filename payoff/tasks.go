package payoff

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

var (
	theClient = escrow.Agent(ClientAccount)
	theWorker = escrow.Agent(WorkerAccount)
	theSystem = escrow.SystemActor()
)

// Steps of a task. What only time does is asked for by the system.
var (
	create   = step{by: theClient, cmd: opencontract.Create{}.Command()}
	accept   = step{by: theWorker, cmd: opencontract.Accept{}.Command()}
	decline  = step{by: theWorker, cmd: opencontract.Decline{}.Command()}
	cancel   = step{by: theClient, cmd: opencontract.Cancel{}.Command()}
	withdraw = step{by: theWorker, cmd: opencontract.Withdraw{}.Command()}
	deliver  = step{by: theWorker, cmd: opencontract.Deliver{Delivery: "the work"}.Command()}
	approve  = step{by: theClient, cmd: opencontract.Approve{}.Command()}
	dispute  = step{by: theClient, cmd: opencontract.Dispute{}.Command()}
	passing  = step{by: theSystem, cmd: escrow.Advance()}
	settle   = step{by: theSystem, cmd: opencontract.Settle{}.Command()}
)

// opinion is what one backup agent says of each criterion; nil is silence.
type opinion []string

// all returns the opinion that is the same of every criterion.
func all(v string, criteria int) opinion {
	if v == "" {
		return nil
	}
	return slices.Repeat(opinion{v}, max(criteria, 0))
}

// unanimous returns a jury of one opinion.
func (c Case) unanimous(o opinion) []opinion {
	return slices.Repeat([]opinion{o}, c.recruits())
}

// delivered returns the steps up to the delivery, then more.
func delivered(more ...step) []step { return append([]step{create, accept, deliver}, more...) }

// called returns the steps by which a delivery comes before backup agents.
func (c Case) called() []step {
	if c.mode() == opencontract.Standard {
		return delivered()
	}
	return delivered(dispute)
}

// judged returns a life in which backup agents say what they think, and
// time passes when some are silent.
func (c Case) judged(jury []opinion) []step { return append(c.drawn(len(jury)), verdict(jury)...) }

// drawn returns the steps by which so many backup agents come to judge.
func (c Case) drawn(agents int) []step {
	names := make([]string, agents)
	for i := range names {
		names[i] = Backup(i + 1)
	}
	return append(c.called(), step{by: theSystem, cmd: opencontract.Draw{BackupAgents: names}.Command()})
}

// verdict returns the steps by which a jury that was drawn ends a life.
func verdict(jury []opinion) []step {
	var steps []step
	silent := len(jury) == 0
	for i, o := range jury {
		if silent = silent || o == nil; o != nil {
			steps = append(steps, step{by: escrow.Agent(Backup(i + 1)), cmd: opencontract.Vote{Ballots: o.ballots()}.Command()})
		}
	}
	if silent {
		steps = append(steps, passing)
	}
	return append(steps, settle)
}

func (o opinion) ballots() []opencontract.Ballot {
	list := make([]opencontract.Ballot, len(o))
	for i, v := range o {
		list[i] = opencontract.Ballot{CriterionIndex: i, Vote: v}
	}
	return list
}

// taskPlans returns every way in which a task can end.
func taskPlans(c Case) []plan {
	plans := []plan{
		{"the client takes the task back", []step{create, cancel}},
		{"nobody takes the task", []step{create, passing}},
		{"the worker withdraws in time", []step{create, accept, withdraw}},
		{"the worker vanishes", []step{create, accept, passing}},
	}
	if c.award() == opencontract.AwardDirect {
		plans = slices.Insert(plans, 1, plan{"the worker declines", []step{create, decline}})
	}
	if c.mode() == opencontract.PrivacyPreserving {
		plans = append(plans,
			plan{"the client approves", delivered(approve, settle)},
			plan{"the client stays silent", delivered(passing, settle)})
	}
	return append(plans, juryPlans(c)...)
}

// juryPlans returns every way in which backup agents end a task.
func juryPlans(c Case) []plan {
	name := "disputed: "
	if c.mode() == opencontract.Standard {
		name = "judged: "
	}
	plans := []plan{
		{name + "no backup agents are drawn", append(c.called(), passing, settle)},
		{name + "all backup agents stay silent", c.judged(c.unanimous(nil))},
	}
	for _, o := range splits(c.Criteria) {
		plans = append(plans, plan{name + "all say " + o.String(), c.judged(c.unanimous(o))})
	}
	if c.recruits() > 2 {
		plans = append(plans, dividedPlans(c, name)...)
	}
	return plans
}

// dividedPlans returns the ends in which backup agents differ, or some are
// silent; a jury of one cannot.
func dividedPlans(c Case, name string) []plan {
	met, notMet, unclear := all(opencontract.Met, c.Criteria), all(opencontract.NotMet, c.Criteria), all(opencontract.Unclear, c.Criteria)
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
			o := append(all(opencontract.Met, met), all(opencontract.Unclear, unclear)...)
			list = append(list, append(o, all(opencontract.NotMet, criteria-met-unclear)...))
		}
	}
	return list
}

// String tells how many criteria are what, as in "2 met, 1 not met".
func (o opinion) String() string {
	text := ""
	for _, v := range []string{opencontract.Met, opencontract.Unclear, opencontract.NotMet} {
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
func (o opinion) count(v string) (n int) {
	for _, own := range o {
		if own == v {
			n++
		}
	}
	return n
}
