package pages

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/internal/reading"
)

// scene is a contract as a person sees it now: with all that is due applied.
type scene struct {
	escrow.Contract
	// due are the decisions that are due and not stored yet.
	due []escrow.Decision
}

// scene returns a contract that concerns the person. Any other is missing.
func (v *visit) scene(id string) (scene, error) {
	if err := v.person(); err != nil {
		return scene{}, err
	}
	c, err := v.Runner.Store.Find(v.ctx(), id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		return scene{}, errMissing
	}
	if err != nil {
		return scene{}, err
	}
	now, due, err := escrow.AsOf(c, v.Now)
	if err != nil {
		return scene{}, err
	}
	if !v.Person.Operator && !escrow.Visible(now, v.Person.Actor) {
		return scene{}, errMissing
	}
	return scene{now, due}, nil
}

// contractView is one contract as it is shown.
type contractView struct {
	ID, Lifecycle, About, Status string
	Ended                        bool
	Since                        instantView
	Roles                        []string
	// Said is the answer to what was just asked, nil for none.
	Said     *saidView
	Held     []heldView
	Total    sumView
	Diagram  template.HTML
	Arrows   []arrowView
	Deadline *deadlineView
	Moments  []deadlineView
	Actions  actionsView
	Others   []partyView
	Waiting  []waitingView
	Terms    []factView
	Policy   []factView
	Lists    []itemsView
	Timeline timelineView
}

// contractPage shows a contract.
func (v *visit) contractPage() error {
	c, err := v.scene(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	said, err := v.said(c)
	if err != nil {
		return err
	}
	return v.showContract(http.StatusOK, c, said, nil)
}

// showContract shows a contract, with what was typed into a form that was refused.
func (v *visit) showContract(status int, c scene, said *saidView, typed *typed) error {
	l := c.Lifecycle()
	p := contractView{ID: c.ID(), Lifecycle: l.Name(), About: reading.Spec(l).About, Status: l.Label(c.Status()), Ended: c.IsTerminal(),
		Since: instant(c.EnteredAt(), v.Now), Roles: v.roles(c.Contract), Said: said, Held: v.held(c.Contract), Total: total(c.Contract),
		Moments: v.moments(c.Contract), Waiting: v.waiting(c.Contract), Terms: v.terms(c.Contract), Policy: policyFacts(c.Contract),
		Lists: v.lists(c.Contract)}
	var err error
	if p.Timeline, err = v.timeline(c); err != nil {
		return err
	}
	p.Deadline = v.deadline(c.Contract)
	p.Diagram, p.Arrows = drawing(c.Contract, p.Timeline.steps)
	if p.Actions, err = v.actions(c.Contract, typed); err != nil {
		return err
	}
	p.Others = v.others(c.Contract)
	v.show(status, "contract", c.ID(), p)
	return nil
}

// roles are the parties that the person stands for.
func (v *visit) roles(c escrow.Contract) (names []string) {
	for _, p := range reading.Spec(c.Lifecycle()).Parties {
		if (p.Account != nil || p.Item != nil) && reading.Acts(p, c.View(), v.Person.Actor) {
			names = append(names, plain(p.Name))
		}
	}
	return names
}

// heldView is money in custody.
type heldView struct {
	Pot accountView
	// Of is whose money it is while nothing else is decided.
	Of  accountView
	Sum sumView
}

func (v *visit) held(c escrow.Contract) (list []heldView) {
	for _, h := range c.Custody() {
		one := heldView{Pot: v.account(h.Account), Sum: sum(h.Amount, h.Asset)}
		if owner, ok := reading.Owner(&c, h.Account); ok {
			one.Of = v.account(owner)
		}
		list = append(list, one)
	}
	return list
}

// total is all that is held.
func total(c escrow.Contract) sumView {
	var all escrow.Amount
	for _, h := range c.Custody() {
		all = all.Plus(h.Amount)
	}
	return sum(all, c.Asset())
}

// deadlineView is an instant to come.
type deadlineView struct {
	What string
	// Of is the item whose it is, empty for the contract's.
	Of string
	At instantView
	// Then is what happens by itself: the status that follows, and the money that moves.
	Then  string
	Moves []moveView
	// Forward is the instant for the form that moves a sandbox's clock there.
	Forward string
}

// deadline is what time alone does next.
func (v *visit) deadline(c escrow.Contract) *deadlineView {
	next, ok := escrow.NextDeadline(c)
	if !ok || next.Then.Rule == expiryRule && !v.hasApprovals(c) {
		return nil
	}
	what := label(next.Moment)
	if next.Moment == "expiresAt" {
		what = "An approval runs out"
	}
	d := &deadlineView{What: what, At: instant(next.At, v.Now), Moves: v.moves(&next.Then)}
	if next.Then.To != c.Status() {
		d.Then = c.Lifecycle().Label(next.Then.To)
	}
	if v.Sandbox != nil {
		d.Forward = next.At.UTC().Format(time.RFC3339Nano)
	}
	return d
}

// mostMoments is how many instants to come are listed.
const mostMoments = 50

// moments are the instants to come that open or close a rule of the present status, and
// those at which approvals run out that the person may know of, soonest first.
func (v *visit) moments(c escrow.Contract) (list []deadlineView) {
	type moment struct {
		what, of string
		at       time.Time
	}
	var all []moment
	add := func(what, of string, at time.Time) {
		if m := (moment{what, of, at}); at.After(v.Now) && len(all) < mostMoments && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	spec := reading.Spec(c.Lifecycle())
	for i := range spec.Rules {
		r := &spec.Rules[i]
		if !slices.Contains(r.From, c.Status()) {
			continue
		}
		for _, m := range []*escrow.Moment{r.Window.Opens, r.Window.Closes} {
			if m != nil {
				momentsOf(c, r, m, add)
			}
		}
	}
	for _, a := range c.Approvals() {
		if a.StatusAt(v.Now) == escrow.ApprovalIsPending && v.concerned(&a) {
			add("Approval of "+plain(a.Type), a.Target, a.ExpiresAt)
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	for _, m := range all {
		list = append(list, deadlineView{What: m.what, Of: m.of, At: instant(m.at, v.Now)})
	}
	return list
}

// momentsOf yields a moment of a rule: of one about items, for each that it may be about.
func momentsOf(c escrow.Contract, r *escrow.Rule, m *escrow.Moment, add func(what, of string, at time.Time)) {
	view := c.View()
	if r.Each == nil {
		add(label(m), "", reading.Moment(&c, view, m))
		return
	}
	for i := range view.Len(r.Each) {
		if at := view.At(r.Each, i); len(r.Being) == 0 || slices.Contains(r.Being, at.ItemStatus()) {
			add(label(m), at.Key(), reading.Moment(&c, at, m))
		}
	}
}

// waitingView is an approval that waits for somebody.
type waitingView struct {
	ID, Type, Contract, Lifecycle string
	Target                        string
	Expires                       instantView
	Moves                         []moveView
}

// waiting are the pending approvals that the person may know of.
func (v *visit) waiting(c escrow.Contract) (list []waitingView) {
	for _, a := range c.Approvals() {
		if a.StatusAt(v.Now) == escrow.ApprovalIsPending && v.concerned(&a) {
			list = append(list, v.waits(c, &a))
		}
	}
	return list
}

func (v *visit) waits(c escrow.Contract, a *escrow.Approval) waitingView {
	w := waitingView{ID: a.ID, Type: plain(a.Type), Contract: c.ID(), Lifecycle: c.Lifecycle().Name(), Target: a.Target, Expires: instant(a.ExpiresAt, v.Now)}
	for _, m := range a.Movements {
		w.Moves = append(w.Moves, v.move(m))
	}
	return w
}

// factView is a value of a contract, as text.
type factView struct {
	Name, Meaning string
	// Lines are the value's, one for each text of a list.
	Lines []string
	// At is an instant's.
	At *instantView
	// Sum is an amount's.
	Sum *sumView
}

// stamp is a position in the timeline as it is written in addresses.
func stamp(revision uint64) string { return strconv.FormatUint(revision, 10) }
