package explore

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// parties is a set of parties, one bit each: those of the terms and the state in the
// order declared, then those who are items of a list, by their place.
type parties uint32

// everyone is the mark of what needs no party: time, and what the system does
// without being told what.
const everyone parties = 1<<32 - 1

// circle is who the parties of a lifecycle are.
type circle struct {
	spec *escrow.Spec
	// own are the parties with an account of their own, seated those who are items.
	own, seated []*escrow.Party
	// alone are the actions that the system takes by itself.
	alone map[escrow.Action]bool
}

func newCircle(l *escrow.Lifecycle) *circle {
	x := &circle{spec: reading.Spec(l), alone: map[escrow.Action]bool{}}
	for _, p := range x.spec.Parties {
		switch {
		case p.Account != nil:
			x.own = append(x.own, p)
		case p.Item != nil:
			x.seated = append(x.seated, p)
		}
	}
	for i := range x.spec.Rules {
		r := &x.spec.Rules[i]
		if reading.Alone(r) {
			x.alone[r.On.Action()] = true
		}
	}
	return x
}

// name is how a bit is called.
func (x *circle) name(bit int) string {
	if bit < len(x.own) {
		return x.own[bit].Name
	}
	return fmt.Sprintf("%s %d", x.seated[0].Name, bit-len(x.own)+1)
}

// seat returns the bit of an item's party.
func (x *circle) seat(i int) parties {
	if i < 0 || len(x.own)+i > 31 {
		return 0
	}
	return 1 << (len(x.own) + i)
}

// movers returns whose move a question is.
func (x *circle) movers(c *escrow.Contract, command escrow.Command, actor *escrow.Actor) (p parties) {
	system := actor.Kind == escrow.KindSystem
	switch {
	case command.Action() == escrow.Time.Action() || system && x.alone[command.Action()]:
		return everyone
	case system:
		return 0
	}
	account := reading.AccountOf(*actor)
	for i, party := range x.own {
		if account != "" && account == c.Account(party) {
			p |= 1 << i
		}
	}
	if len(x.seated) > 0 {
		p |= x.seat(c.View().Find(x.seated[0].Item, account))
	}
	return p
}

// holders returns whose money a contract holds.
func (x *circle) holders(c *escrow.Contract) (p parties) {
	for _, h := range c.Custody() {
		owner, _ := reading.Owner(c, h.Account)
		i := slices.IndexFunc(x.own, func(o *escrow.Party) bool { return o.Name == owner.Kind })
		if i >= 0 {
			p |= 1 << i
		} else if len(x.seated) > 0 {
			p |= x.seat(c.View().Find(x.seated[0].Item, owner.ID))
		}
	}
	return p
}
