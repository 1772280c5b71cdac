package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// job is work in milestones, each with a pot and a clock of its own.
type job struct {
	client, worker        *Party
	key, price, submitted *Field
	target                *Field
	milestones            *List
	pot                   *Pot
	spec                  Spec
}

func newJob() *job {
	j := &job{
		client:    &Party{Name: "client", Refusal: "not_client", Account: &Field{Name: "client", Kind: AccountKind}},
		worker:    &Party{Name: "worker", Refusal: "not_worker", Account: &Field{Name: "worker", Kind: AccountKind}},
		key:       &Field{Name: "key", Kind: TextKind, Filled: true},
		price:     &Field{Name: "price", Kind: AmountKind, Positive: true},
		submitted: &Field{Name: "submittedAt", Kind: InstantKind, Optional: true},
	}
	j.milestones = &List{Name: "milestones", Key: j.key, Fields: []Word{j.price, j.submitted}, Statuses: []string{"open", "funded", "submitted", "paid", "cancelled"}, Initial: "open", Most: 10}
	j.target = &Field{Name: "milestone", Kind: TargetKind, List: j.milestones}
	j.pot = &Pot{Name: "milestone", Owner: j.client, Each: j.milestones, Holds: []string{"funded", "submitted"}, In: "deposit", Rest: "payout"}
	fund, submit, release := Do("fund", j.target), Do("submit", j.target), Do("release", j.target)
	add, end, stop := Do("add", j.key, j.price), Do("end"), Do("stop")
	due := &Moment{Name: "release due", Field: j.submitted, After: 14 * 24 * time.Hour}
	pay := []Step{all(j.pot, j.worker)}
	j.spec = Spec{Name: "job", Version: 1, Asset: Asset{Code: "USD", Scale: 2}, Terminal: In("ended"), Parties: []*Party{j.client, j.worker},
		Lists: []*List{j.milestones}, Pots: []*Pot{j.pot}, OpenEnded: map[Status]*Party{"active": j.client},
		Rules: []Rule{
			{ID: "J-1", On: Do("hire"), By: j.client, From: In(Draft), To: "active"},
			{ID: "J-2", On: add, By: j.client, From: In("active"), To: Same, Sets: []Effect{{Add: j.milestones, Status: "open"}}},
			{ID: "J-3", On: fund, By: j.client, From: In("active"), Each: j.milestones, Being: []string{"open"}, Becomes: "funded", To: Same,
				Money: []Step{{Deposit: &Sum{Field: j.price}, From: j.client, Pot: j.pot}}},
			{ID: "J-4", On: submit, By: j.worker, From: In("active"), Each: j.milestones, Being: []string{"funded"}, Becomes: "submitted", To: Same, Sets: []Effect{{Set: j.submitted, Now: true}}},
			{ID: "J-5", On: release, By: j.client, From: In("active"), Each: j.milestones, Being: []string{"funded", "submitted"}, Becomes: "paid", To: Same, Money: pay},
			{ID: "J-6", On: actAdvance, By: Anyone, From: In("active"), Each: j.milestones, Being: []string{"submitted"}, Becomes: "paid", Window: Window{Opens: due, Due: true}, To: Same, Money: pay},
			{ID: "J-7", On: end, By: j.client, From: In("active"), When: []*Case{{None: j.milestones, Statuses: []string{"funded", "submitted"}}}, To: "ended"},
			{ID: "J-8", On: stop, By: j.client, From: In("active"), To: "ended", Sets: []Effect{{Name: "all cancelled", Every: j.milestones, Becomes: func(View) string { return "cancelled" }}},
				Money: []Step{{Pay: true, Pot: j.pot, Each: true, To: []*Party{j.client}}}},
		}}
	return j
}

func (j *job) rule(n int) *Rule { return &j.spec.Rules[n-1] }

// TestMilestones lives milestones that have a clock each.
func TestMilestones(t *testing.T) {
	j := newJob()
	l, err := Define(j.spec)
	require.NoError(t, err)
	c := l.Draft("j1", TextOf(j.client.Account, "c"), TextOf(j.worker.Account, "w"))
	v := &life{t, c.WithItems(j.milestones, []Value{TextOf(j.key, "m1"), AmountValue(j.price, Units(500))}, []Value{TextOf(j.key, "m2"), AmountValue(j.price, Units(100))}), t0}
	client, worker := Actor{ID: "c"}, Actor{ID: "w"}
	v.do(j.rule(1).On.Command(), client)
	m1, m2 := TextOf(j.target, "m1"), TextOf(j.target, "m2")
	assert.Equal(t, []string{"5 USD client:c -> milestone:m1 (deposit)"}, v.do(j.rule(3).On.Command(m1), client))
	v.do(j.rule(3).On.Command(m2), client)
	v.do(j.rule(4).On.Command(m1), worker)
	v.now = t0.Add(15 * 24 * time.Hour)
	assert.Equal(t, DeadlineDue, v.refused(j.rule(5).On.Command(m2), client).Reason())
	assert.Equal(t, []string{"5 USD milestone:m1 -> worker:w (payout)"}, v.do(Advance(), client))
	assert.Equal(t, WrongStatus, v.refused(j.rule(7).On.Command(), client).Reason())
	assert.Equal(t, []string{"1 USD milestone:m2 -> client:c (payout)"}, v.do(j.rule(8).On.Command(), client))
}

// TestItemProofs are wrong tables over items.
func TestItemProofs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(j *job)
		want   []string
	}{
		{"money stays with a paid item", func(j *job) { j.rule(5).Money = nil }, []string{"rule J-5", "leaves money with an item that is paid", "funded or submitted"}},
		{"a part stays with a paid item", func(j *job) {
			j.rule(5).Money = []Step{{Pay: true, Pot: j.pot, To: []*Party{j.worker}, Part: &Sum{Field: j.price}}}
		},
			[]string{"rule J-5", "leaves money with an item that is paid"}},
		{"an unfunded item is paid", func(j *job) { j.rule(5).Being = []string{"open"} }, []string{"rule J-5", "pays milestone of an item before it may hold money"}},
		{"an item is funded twice", func(j *job) { j.rule(3).Being = []string{"open", "funded"} }, []string{"rule J-3", "deposits into milestone of an item that may hold money already", "TopUp"}},
		{"an end that holds", func(j *job) { j.rule(7).When = nil }, []string{"rule J-7", "leaves money in terminal status ended", "each milestone", "pay Each"}},
		{"a case that is not enough", func(j *job) { j.rule(7).When[0].Statuses = []string{"funded"} }, []string{"rule J-7", "leaves money in terminal status ended"}},
		{"an end that pays none", func(j *job) { j.rule(8).Money = nil }, []string{"rule J-8", "leaves money"}},
		{"a status that no item is in", func(j *job) { j.rule(4).Being = []string{"cancelled"} }, []string{"rule J-4", "cancelled", "no item ever is"}},
		{"a misspelt item status", func(j *job) { j.rule(4).Being = []string{"fundd"} }, []string{"rule J-4", `"fundd"`, `did you mean "funded"`}},
		{"an item that nothing names", func(j *job) { j.rule(4).On = Do("submit") }, []string{"rule J-4", "which nothing names"}},
		{"an item that may be left out", func(j *job) { j.target.Optional = true }, []string{"rule J-4", "not Optional"}},
		{"a pot in a row about no item", func(j *job) { j.rule(7).Money = []Step{all(j.pot, j.client)} }, []string{"rule J-7", "milestone is a pot of each of milestones"}},
		{"an item without its price", func(j *job) { j.rule(2).On = Do("add", j.key) }, []string{"rule J-2", "adds an item of milestones without price"}},
		{"a new key", func(j *job) {
			j.rule(4).Sets = append(j.rule(4).Sets, Effect{Name: "x", Set: j.key, Func: func(View) Value { return Value{} }})
		}, []string{"rule J-4", "sets key", "never change"}},
		{"a price taken away", func(j *job) { j.rule(4).Sets = append(j.rule(4).Sets, Effect{Set: j.price, Clear: true}) }, []string{"rule J-4", "may take price away"}},
		{"the open end of another", func(j *job) { j.spec.OpenEnded["active"] = j.worker }, []string{"active", "open-ended for worker", "milestone", "belongs to client"}},
		{"funded items that nothing frees", func(j *job) { j.spec.OpenEnded = nil }, []string{"active", "each milestone in funded", "neither time nor the system"}},
		{"a clock that may not run", func(j *job) {
			j.spec.OpenEnded, j.pot.Holds, j.rule(4).Sets = nil, []string{"submitted"}, nil
			j.rule(3).Becomes, j.rule(4).Being, j.rule(4).Becomes, j.rule(5).Being = "submitted", []string{"submitted"}, "", []string{"submitted"}
		}, []string{"active", "each milestone in submitted"}},
		{"a list's status without a start", func(j *job) { j.milestones.Initial = "" }, []string{"milestones", "Initial"}},
		{"the client is replaced", func(j *job) {
			j.spec.State = []Word{j.client.Account}
			j.spec.Rules = append(j.spec.Rules, Rule{ID: "J-9", On: Do("sell"), By: j.worker, From: In("active"), To: Same, Sets: []Effect{{Set: j.client.Account, Actor: true}}})
		}, []string{"rule J-9", "replaces client", "milestone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJob()
			c.change(j)
			mustRefuse(t, j.spec, c.want...)
		})
	}
}

// pool is money that many give in free amounts, and that comes back to each.
func pool() (s Spec, give *Act, amount *Field) {
	owner := &Party{Name: "owner", Refusal: "not_owner", Account: &Field{Name: "owner", Kind: AccountKind}}
	key := &Field{Name: "backer", Kind: AccountKind}
	amount = &Field{Name: "amount", Kind: AmountKind, Positive: true}
	pledges := &List{Name: "pledges", Key: key}
	backer := &Party{Name: "backer", Refusal: "not_backer", Item: pledges}
	pot := &Pot{Name: "pledge", Owner: backer, Each: pledges, In: "pledge", Rest: "pledge_back"}
	ends := &Field{Name: "ends", Kind: InstantKind}
	before := Window{Closes: &Moment{Field: ends}}
	give = Do("give", amount)
	anybody := &Party{Name: "anybody else", Refusal: "owner_gives", But: []*Party{owner, backer}, Instead: "gave_already"}
	s = Spec{Name: "pool", Version: 1, Asset: Asset{Code: "ETH", Scale: 2}, Parties: []*Party{owner, backer}, Terms: []Word{ends}, Lists: []*List{pledges}, Pots: []*Pot{pot},
		Terminal: In("taken", "returned"),
		Rules: []Rule{
			{ID: "P-1", On: Do("open"), By: owner, From: In(Draft), To: "open"},
			{ID: "P-2", On: give, By: anybody, From: In("open"), Window: before, To: Same, Sets: []Effect{{Add: pledges, KeyActor: true}},
				Money: []Step{{Deposit: &Sum{Given: amount}, From: backer, Pot: pot}}},
			{ID: "P-3", On: Do("give_more", amount), By: backer, Each: pledges, From: In("open"), Window: before, To: Same,
				Money: []Step{{TopUp: &Sum{Given: amount}, From: backer, Pot: pot}}},
			{ID: "P-4", On: Do("take"), By: owner, From: In("open"), Window: before, To: "taken", Money: []Step{{Pay: true, Pot: pot, Each: true, To: []*Party{owner}}}},
			{ID: "P-5", On: actAdvance, By: Anyone, From: In("open"), Window: Window{Opens: &Moment{Field: ends}, Due: true}, To: "returned",
				Money: []Step{{Pay: true, Pot: pot, Each: true, To: []*Party{backer}}}},
		}}
	return s, give, amount
}

// TestPool gives in free amounts, and refuses deposits that would find a pledge.
func TestPool(t *testing.T) {
	s, give, amount := pool()
	l, err := Define(s)
	require.NoError(t, err)
	v := &life{t, l.Draft("p1", TextOf(s.Parties[0].Account, "o"), TimeValue(s.Terms[0], t0.Add(time.Hour))), t0}
	v.do(s.Rules[0].On.Command(), Actor{ID: "o"})
	assert.Equal(t, []string{"2 ETH backer:x -> pledge:x (pledge)"}, v.do(give.Command(TextOf(amount, "2")), Actor{ID: "x"}))
	assert.Equal(t, []string{"3 ETH backer:x -> pledge:x (pledge)"}, v.do(s.Rules[2].On.Command(TextOf(amount, "3")), Actor{ID: "x"}))
	assert.EqualValues(t, "gave_already", v.refused(give.Command(TextOf(amount, "2")), Actor{ID: "x"}).Reason())
	assert.Equal(t, []string{"1 ETH backer:y -> pledge:y (pledge)"}, v.do(give.Command(TextOf(amount, "1")), Actor{ID: "y"}))
	v.now = t0.Add(time.Hour)
	assert.Equal(t, []string{"5 ETH pledge:x -> backer:x (pledge_back)", "1 ETH pledge:y -> backer:y (pledge_back)"}, v.do(Advance(), Actor{ID: "z"}))

	s, _, _ = pool()
	s.Rules[1].Money[0].From = s.Parties[0]
	mustRefuse(t, s, "rule P-2", "pot pledge belongs to backer, and owner pays into it")
	s, _, _ = pool()
	s.Rules[3].Money[0].Each = false
	mustRefuse(t, s, "rule P-4", "pledge is a pot of each of pledges")
	s, _, _ = pool()
	s.Rules[2].Each, s.Rules[2].By = nil, s.Parties[0]
	mustRefuse(t, s, "rule P-3", "backer is a party of each of pledges")
}

// TestWhoAsks looks for an items' party in one list.
func TestWhoAsks(t *testing.T) {
	s := tribunal()
	guests := &List{Name: "guests", Key: &Field{Name: "guest", Kind: AccountKind}, Most: 3}
	guest := &Party{Name: "guest", Refusal: "not_guest", Item: guests}
	s.Lists, s.Parties = append(s.Lists, guests), append(s.Parties, guest)
	s.Rules = append(s.Rules, Rule{ID: "T-12", On: s.Rules[8].On, By: guest, From: In("matched"), To: Same})
	mustRefuse(t, s, "party juror is each of seats", "an action of its own")
}
