package escrow_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	escrow "github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// A rota of tasks, to try items with deadlines of their own, and work that is left to
// the system about one of them. It holds no money.
var (
	planner = Party("planner", "not_planner")
	endOf   = Instant("endOf", "when the rota is over")
	taskID  = ID("id", "the task's id")
	taskDue = Instant("due", "when it is due").Optional()
	tasks   = tasksOfARota()
	task    = Record("task", "a new task", taskID, taskDue)
	news    = Record("news", "what changes", taskDue).Changes()
	theTask = Target("taskId", "the task", tasks)

	plan    = Do("plan")
	addTask = Do("add_task", task)
	move    = Do("move", theTask, news)
	assign  = Do("assign", theTask)

	taskOver = EarlierOf("taskOver", At(taskDue), At(endOf))
	allDone  = None("all is done", tasks, "OPEN")

	rota = Must(Spec{
		Name: "rota", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "A rota of tasks, for tests.",
		Parties: Parties{planner}, Terms: Fields{endOf}, Lists: Lists{tasks}, Terminal: In("over"),
		Rules: []Rule{
			{ID: "R-1", On: plan, By: planner, From: In(Draft), To: "open"},
			{ID: "R-2", On: addTask, By: planner, From: In("open"), Window: Before(At(endOf)), To: Same, Sets: Effects{AddRecord(tasks, "OPEN", task)}},
			{ID: "R-3", On: move, By: planner, From: In("open"), Window: Before(taskOver), Each: tasks, Being: []string{"OPEN"}, To: Same, Sets: Effects{Change(news)}},
			{ID: "R-4", On: assign, By: System, From: In("open"), Window: Before(taskOver), Each: tasks, Being: []string{"OPEN"}, Becomes: "DONE", To: Same},
			{ID: "R-5", On: Advance, By: Anyone, From: In("open"), Window: Due(taskOver), Each: tasks, Being: []string{"OPEN"}, Becomes: "LATE", To: Same},
			{ID: "R-6", On: Advance, By: Anyone, From: In("open"), When: Cases{allDone}, Window: Due(At(endOf)), To: "over"},
		},
		Reasons: []escrow.CatalogueEntry{{Reason: "not_planner", Code: escrow.Forbidden, Meaning: "only the planner", Remedy: "ask as the planner"}},
	})

	byPlanner = escrow.Agent("pat")
)

func tasksOfARota() *escrow.List {
	l := List("tasks", "what is to be done", taskID, taskDue)
	l.Statuses = []string{"OPEN", "DONE", "LATE"}
	return l
}

// rotaOf is a rota until the tenth with two tasks, of which one is due on the fifth.
func rotaOf(t testing.TB) *desk {
	k := &desk{t, rota.Draft("r1", escrow.TextOf(planner.Account, "pat"), endOf.To(june(10, 0))), june(3, 0)}
	k.do(plan.Command(), byPlanner)
	k.do(addTask.Command(task.To(taskID.To("t1"), taskDue.To(june(5, 0)))), byPlanner)
	k.do(addTask.Command(task.To(taskID.To("t2"))), byPlanner)
	return k
}

// TestItemsHaveDeadlines of their own: the first that is due comes first.
func TestItemsHaveDeadlines(t *testing.T) {
	k := rotaOf(t)
	d, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, "taskOver", d.Moment)
	assert.True(t, d.At.Equal(june(5, 0)))
	assert.Equal(t, "LATE", d.Then.Contract.View().At(tasks, 0).ItemStatus())
	at, ok := escrow.MaxTime(k.c)
	assert.True(t, ok)
	assert.True(t, at.Equal(june(10, 0)))
	c, made, err := escrow.AsOf(k.c, june(11, 0))
	require.NoError(t, err)
	assert.Len(t, made, 3)
	assert.True(t, c.IsTerminal())
	var times []time.Time
	for name, at := range k.c.Moments() {
		if name == "taskOver" {
			times = append(times, at)
		}
	}
	assert.Equal(t, []time.Time{june(5, 0), june(10, 0)}, times, "once for each item")
	for name := range k.c.Moments() {
		if name == "taskOver" {
			break
		}
	}
	k.at(june(5, 0)).refused(escrow.DeadlineDue, move.Command(theTask.To("t2"), news.To(taskDue.To(june(6, 0)))), byPlanner)
}

// TestItemsAreChanged by what a command carries, and left as they are otherwise.
func TestItemsAreChanged(t *testing.T) {
	k := rotaOf(t)
	k.do(move.Command(theTask.To("t2"), news.To(taskDue.To(june(6, 0)))), byPlanner)
	assert.True(t, taskDue.In(k.c.View().At(tasks, 1)).Equal(june(6, 0)))
	assert.True(t, taskDue.In(k.c.View().At(tasks, 0)).Equal(june(5, 0)))
	k.do(move.Command(theTask.To("t2"), news.To()), byPlanner)
	assert.True(t, taskDue.In(k.c.View().At(tasks, 1)).Equal(june(6, 0)))
	k.refused(escrow.Malformed, move.Command(theTask.To("t2")), byPlanner)
	k.refused(escrow.Malformed, addTask.Command(), byPlanner)
	k.refused(escrow.Malformed, addTask.Command(task.To(taskDue.To(june(6, 0)))), byPlanner)
	k.refused(escrow.Malformed, addTask.Command(task.To(taskID.To("a b"))), byPlanner)
	k.refused(escrow.ItemExists, addTask.Command(task.To(taskID.To("t1"))), byPlanner)
}

// TestSystemWorkOnItems: an action about an item is open while it is for one.
func TestSystemWorkOnItems(t *testing.T) {
	k := rotaOf(t)
	assert.Equal(t, []escrow.Action{"assign"}, escrow.SystemWork(k.c, june(4, 0)))
	for _, id := range []string{"t1", "t2"} {
		k.do(assign.Command(theTask.To(id)), bySystem)
	}
	assert.Empty(t, escrow.SystemWork(k.c, june(4, 0)))
	refusesEdits(t, k.c, []edit{{"tasks.0.due", "x", "due"}, {"tasks", gone{}, ""}, {"tasks.0.due", gone{}, ""}, {"tasks.0.id", "t2", "t2"}, {"endOf", gone{}, "endOf"}, {"decidedAt", gone{}, "decidedAt"}})
	refusesEdits(t, standing(t, "contested").c, []edit{{"enteredAt", gone{}, "enteredAt"}})
}

// TestValuesOfOtherKinds are refused where a field cannot have them.
func TestValuesOfOtherKinds(t *testing.T) {
	for i, v := range []escrow.Value{escrow.CountValue(separate, 5), escrow.CountValue(commission, 1<<63), escrow.TextOf(goods, "\xff"), escrow.AmountValue(price, escrow.Units(1).Plus(power36(t)))} {
		_, err := escrow.Decide(order.Draft("o1", terms(v)...), open.Command(), byBuyer, escrow.At(june(3, 0)))
		assert.ErrorIs(t, err, escrow.InvalidRequest, "value %d", i)
	}
}

// power36 is 10^36 smallest units, the largest amount that may enter.
func power36(t testing.TB) escrow.Amount {
	a, err := escrow.Asset{Code: "X", Scale: 0}.Parse("1000000000000000000000000000000000000")
	require.NoError(t, err)
	return a
}

// power36Decimal is a sum of money that is large, and fine.
func power36Decimal() decimal.Decimal { return decimal.New(12345, 20) }
