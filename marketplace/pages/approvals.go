package pages

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// concerned reports whether an approval is the person's to know: asked for their account,
// or waiting for it.
func (v *visit) concerned(a *escrow.Approval) bool {
	return a.Account == v.own() || slices.Contains(a.Confirmers, v.own())
}

// approvalsView is what waits for the person.
type approvalsView struct {
	Waiting []waitingView
	Next    string
}

// mostListed is how many lines a list has.
const mostListed = 50

// approvals lists what waits for the person's account.
func (v *visit) approvals() error {
	if err := v.person(); err != nil {
		return err
	}
	list, err := v.Runner.Store.PendingApprovals(v.ctx(), v.own(), v.r.FormValue("after"), mostListed)
	if err != nil {
		return err
	}
	var p approvalsView
	if len(list) == mostListed {
		p.Next = list[len(list)-1].ID
	}
	for _, found := range list {
		c, err := v.scene(found.ContractID)
		if errors.Is(err, errMissing) {
			continue
		}
		if err != nil {
			return err
		}
		if a, ok := c.Approval(found.ID); ok && a.StatusAt(v.Now) == escrow.ApprovalIsPending && v.concerned(&a) {
			p.Waiting = append(p.Waiting, v.waits(c.Contract, &a))
		}
	}
	v.show(http.StatusOK, "approvals", "Approvals", p)
	return nil
}

// approvalHere returns the approval that the address names and its contract; any that
// does not concern the person is missing.
func (v *visit) approvalHere() (scene, escrow.Approval, error) {
	if err := v.person(); err != nil {
		return scene{}, escrow.Approval{}, err
	}
	found, err := v.Runner.Store.Approval(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return scene{}, escrow.Approval{}, err
	}
	c, err := v.scene(found.ContractID)
	if err != nil {
		return scene{}, escrow.Approval{}, err
	}
	a, ok := c.Approval(found.ID)
	if !ok || !v.concerned(&a) && !v.Person.Operator {
		return scene{}, escrow.Approval{}, errMissing
	}
	return c, a, nil
}

// approvalView is one approval as it is shown.
type approvalView struct {
	waitingView
	Hash, Status     string
	Pending          bool
	Created          instantView
	AskedBy, AskedAs string
	AskedByYou       bool
	OwnTerms         bool
	For              string
	What             string
	Facts            []factView
	Quorum           int
	Confirmed        []string
	SupersededBy     string
	Resolved         *instantView
	// Then is the status that a confirmation leads to now, Missing how many more people
	// must agree after it.
	Then string
	More bool
	// Moved is what a confirmation with the chosen terms would move.
	Moved  []moveView
	Inputs []inputView
	Means  []meaningView
	// May say what the person can do; Cannot why not confirm.
	MayConfirm, MayDecline, MayRevoke, CanSign bool
	Cannot                                     *refusalView
	Shown, Key                                 string
	Refused                                    *refusalView
}

// meaningView is what one choice of an item would mean.
type meaningView struct {
	Item, Choice string
	Moves        []moveView
	Chosen       bool
}

// approvalPage shows an approval. The person's own terms come with the address, so that
// what they would move is shown before it is confirmed.
func (v *visit) approvalPage() error {
	c, a, err := v.approvalHere()
	if err != nil {
		return err
	}
	return v.showApproval(http.StatusOK, c, a, posted(v.r.Form), nil)
}

func (v *visit) showApproval(status int, c scene, a escrow.Approval, own values, refused *refusalView) error {
	l := c.Lifecycle()
	p := approvalView{waitingView: v.waits(c.Contract, &a), Hash: a.Hash, Status: string(a.StatusAt(v.Now)), Created: instant(a.CreatedAt, v.Now),
		AskedBy: a.RequestedBy, AskedAs: string(a.RequestedByKind), OwnTerms: a.TermsBy != "", For: a.Account, What: plain(a.Command.Action()),
		Facts: commandFacts(l, a.Command, c.Asset()), Quorum: max(a.Quorum, 1), Confirmed: v.confirmed(&a), SupersededBy: a.SupersededBy, Refused: refused, Key: rand.Text()}
	if a.Account != v.own() && !v.Person.Operator { // whose people are their own affair
		p.AskedBy = a.Account
	}
	p.AskedByYou = a.RequestedBy == reading.Person(v.Person.Actor)
	if !a.ResolvedAt.IsZero() {
		at := instant(a.ResolvedAt, v.Now)
		p.Resolved = &at
	}
	if p.Pending = a.StatusAt(v.Now) == escrow.ApprovalIsPending; p.Pending {
		if err := v.choices(&p, c, a, own); err != nil {
			return err
		}
	}
	v.show(status, "approval", "Approval of "+plain(a.Type), p)
	return nil
}

// confirmed are who has agreed: people of the person's own account by their names, of
// others the account.
func (v *visit) confirmed(a *escrow.Approval) (list []string) {
	for i, who := range a.ConfirmedBy {
		if a.ConfirmedFor[i] != v.own() && !v.Person.Operator {
			who = a.ConfirmedFor[i]
		}
		list = append(list, who)
	}
	return list
}

// choices works out what the person can answer, and what it would mean.
func (v *visit) choices(p *approvalView, c scene, a escrow.Approval, own values) error {
	fields := adjusts(c.Contract, &a)
	if len(own) == 0 {
		own = proposed(fields, &a)
	}
	g, err := v.agree(c, a, own)
	if err != nil {
		return err
	}
	p.CanSign, p.Shown = v.Signer != nil, g.shown()
	if p.MayConfirm = g.refused == nil; p.MayConfirm {
		p.Moved, p.More = v.moves(&g.decision), g.decision.Executes == ""
		if g.decision.To != c.Status() && !p.More {
			p.Then = c.Lifecycle().Label(g.decision.To)
		}
	} else {
		p.Cannot = refusal(g.refused)
	}
	may := func(command escrow.Command) bool {
		_, err := escrow.Decide(c.Contract, command, v.Person.Actor, escrow.At(v.Now))
		return err == nil
	}
	p.MayDecline, p.MayRevoke = may(escrow.DeclineApproval(a.ID, a.Hash)), may(escrow.RevokeConfirmation(a.ID))
	maker := inputs{visit: v, contract: c.Contract, form: "confirm", typed: own, refused: p.Refused}
	for _, f := range fields {
		p.Inputs = append(p.Inputs, maker.of(f, ""))
	}
	p.Means, err = v.meanings(c, a, own, fields)
	return err
}

// meanings tells, for each row that a person may change and each choice that it has, what
// would move for it, all other rows as they are.
func (v *visit) meanings(c scene, a escrow.Approval, own values, fields []*escrow.Field) (list []meaningView, err error) {
	for _, f := range fields {
		if f.Kind != escrow.RowsKind {
			continue
		}
		inner := declared(f)
		for i := range min(own.rows(f.Name), mostListed) {
			row := f.Name + "." + strconv.Itoa(i) + "."
			key := own.get(row + inner[0].Name)
			for _, choice := range inner[1:] {
				for _, word := range choice.Choices {
					g, err := v.agree(c, a, own.with(row+choice.Name, word))
					if err != nil {
						return nil, err
					}
					if g.refused == nil {
						list = append(list, meaningView{Item: key, Choice: plain(word), Moves: v.movesOf(&g.decision, key), Chosen: own.get(row+choice.Name) == word})
					}
				}
			}
		}
	}
	return list, nil
}

// movesOf shows what moves of an item's pot.
func (v *visit) movesOf(d *escrow.Decision, item string) (list []moveView) {
	for _, m := range movements(d) {
		if m.From.Custody && m.From.ID == item {
			list = append(list, v.move(m))
		}
	}
	return list
}
