package pages

import (
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// partyView is what another party can do now.
type partyView struct {
	Role, Account string
	Can           []canView
}

// canView is an action that is open to a party.
type canView struct {
	What, Target string
	Closes       *instantView
}

// mostParties is how many other parties a page tells of.
const mostParties = 20

// others tells what the other parties can do now: only actions, and of people only what
// needs nobody else's word. What they ask each other is theirs.
func (v *visit) others(c escrow.Contract) (list []partyView) {
	if c.IsTerminal() {
		return nil
	}
	view := c.View()
	for _, p := range reading.Spec(c.Lifecycle()).Parties {
		for _, id := range accountsOf(view, p) {
			if id == v.own() || len(list) == mostParties {
				continue
			}
			actor := speaker(p, id)
			if !escrow.Visible(c, actor) {
				continue
			}
			list = append(list, partyView{Role: plain(p.Name), Account: id, Can: v.canNow(c, actor)})
		}
	}
	return list
}

// accountsOf returns who a party is in a contract.
func accountsOf(view escrow.View, p *escrow.Party) (ids []string) {
	switch {
	case p.Item != nil:
		for i := range view.Len(p.Item) {
			ids = append(ids, view.At(p.Item, i).Key())
		}
	case p.Account != nil && view.Account(p) != "":
		ids = append(ids, view.Account(p))
	}
	return ids
}

// speaker returns an actor of the kind that may say the most for a party.
func speaker(p *escrow.Party, account string) escrow.Actor {
	if len(p.Kinds) == 0 || slices.Contains(p.Kinds, escrow.KindHuman) {
		return escrow.Human(account, account)
	}
	return escrow.Actor{ID: account, Kind: p.Kinds[0], Account: account, Claimed: true}
}

func (v *visit) canNow(c escrow.Contract, actor escrow.Actor) (list []canView) {
	explained, err := escrow.Explain(c, actor, escrow.At(v.Now))
	if err != nil {
		return nil
	}
	for _, o := range explained.Options {
		if !o.Allowed || answers[o.Action] || o.Action == escrow.Time.Action() {
			continue
		}
		can := canView{What: plain(o.Action)}
		if slices.Contains(list, can) {
			continue
		}
		list = append(list, can)
	}
	return list
}
