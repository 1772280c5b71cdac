package declare

import (
	"time"

	"github.com/escrow-go/escrow"
)

// The parts of a table, under the names that it is written with.
type (
	// Spec is a lifecycle as it is written down.
	Spec = escrow.Spec
	// Rule is one row.
	Rule = escrow.Rule
	// Status is where a contract stands.
	Status = escrow.Status
	// Statuses are several.
	Statuses = escrow.Statuses
	// Fields are declared fields.
	Fields = []escrow.Word
	// Parties are declared parties.
	Parties = []*escrow.Party
	// Lists are declared lists.
	Lists = []*escrow.List
	// Pots are declared pots.
	Pots = []*escrow.Pot
	// Cases tell rows of one action apart; all must hold.
	Cases = []*escrow.Case
	// Needs are what a row demands.
	Needs = []*escrow.Requirement
	// Effects are what a row records.
	Effects = []escrow.Effect
	// Money is what a row moves, in order.
	Money = []escrow.Step
	// CoSign is who must agree before a row executes.
	CoSign = escrow.CoSign
	// Grant is what an API token needs.
	Grant = escrow.Grant
	// View is what functions may look at.
	View = escrow.View
	// Value is what a function sets.
	Value = escrow.Value
)

const (
	// Draft is the status of a contract that is only terms.
	Draft = escrow.Draft
	// Same leaves the status as it is.
	Same = escrow.Same
)

var (
	// Anyone is every actor.
	Anyone = escrow.Anyone
	// System is the application itself.
	System = escrow.System
	// Advance is time's own action.
	Advance = escrow.Time
)

// In lists statuses.
func In(statuses ...Status) Statuses { return statuses }

// Do declares an action whose commands carry the given fields.
func Do(action escrow.Action, fields ...escrow.Word) *escrow.Act { return escrow.Do(action, fields...) }

// Maybe is a field that the commands of an action may leave out, though it is never
// unset where it is kept.
func Maybe(f escrow.Word) escrow.Word { return escrow.Maybe(f) }

// Must returns the lifecycle that a table defines. It panics when the table is
// faulty: a package's own table is proved by its tests.
func Must(spec Spec) *escrow.Lifecycle {
	l, err := escrow.Define(spec)
	if err != nil {
		panic(err)
	}
	return l
}

// Party declares a party of the contract: its account stands in the terms under
// the party's name. Another actor is refused for the reason.
func Party(name string, refusal escrow.Reason, kinds ...escrow.Kind) *escrow.Party {
	return &escrow.Party{Name: name, Refusal: refusal, Kinds: kinds, Account: Account(name, "the "+name+"'s account")}
}

// PartyIfAny declares a party that the terms may leave out.
func PartyIfAny(name string, refusal escrow.Reason, kinds ...escrow.Kind) *escrow.Party {
	return &escrow.Party{Name: name, Refusal: refusal, Kinds: kinds, Account: Account(name, "the "+name+"'s account, if there is one").Optional()}
}

// PartySet declares a party whom a rule sets, or the terms name beforehand.
func PartySet(name string, refusal escrow.Reason, kinds ...escrow.Kind) *escrow.Party {
	return &escrow.Party{Name: name, Refusal: refusal, Kinds: kinds, Account: Account(name, "the "+name+"'s account").Optional(), Set: true}
}

// Receiver declares a party that only receives, such as a treasury.
func Receiver(name string) *escrow.Party { return &escrow.Party{Name: name, Receives: true} }

// EachOf declares every item of a list, whose key is an account, a party.
func EachOf(name string, list *escrow.List, refusal escrow.Reason, kinds ...escrow.Kind) *escrow.Party {
	return &escrow.Party{Name: name, Item: list, Refusal: refusal, Kinds: kinds}
}

// ChosenBy declares the party that a choice names: one for each of its choices, in
// their order.
func ChosenBy(choice ChoiceField, options ...*escrow.Party) *escrow.Party {
	return &escrow.Party{Name: choice.Name, Chosen: choice, Options: options}
}

// AnyoneBut is every account but those of the parties, who are refused for the
// reason instead.
func AnyoneBut(name string, refusal, instead escrow.Reason, parties ...*escrow.Party) *escrow.Party {
	return &escrow.Party{Name: name, Refusal: refusal, But: parties, Instead: instead}
}

// Either is any of the parties.
func Either(parties ...*escrow.Party) *escrow.Party {
	p := &escrow.Party{Either: parties}
	for i, o := range parties {
		if i > 0 {
			p.Name += " or "
		}
		if o != nil {
			p.Name += o.Name
		}
	}
	return p
}

// OneOf is [Either] with a reason of its own for everybody else.
func OneOf(refusal escrow.Reason, parties ...*escrow.Party) *escrow.Party {
	p := Either(parties...)
	p.Refusal = refusal
	return p
}

// Incoming is a party that a rule sets, as the rule leaves it.
func Incoming(p *escrow.Party) *escrow.Party {
	return &escrow.Party{Name: p.Name, Incoming: p}
}

// List declares many of a kind, each known by its key.
func List(name, meaning string, key escrow.Word, fields ...escrow.Word) *escrow.List {
	return &escrow.List{Name: name, Meaning: meaning, Key: key, Fields: fields}
}

// Pot declares a single pot, with the reason of deposits into it.
func Pot(name string, owner *escrow.Party, in escrow.MovementReason, out ...escrow.PotReason) *escrow.Pot {
	return pot(&escrow.Pot{Name: name, Owner: owner, In: in}, out)
}

// PotEach declares a pot for each item of a list.
func PotEach(name string, list *escrow.List, owner *escrow.Party, in escrow.MovementReason, out ...escrow.PotReason) *escrow.Pot {
	return pot(&escrow.Pot{Name: name, Each: list, Owner: owner, In: in}, out)
}

// HeldIn returns a list's pot as one that holds money only in some statuses of its
// item.
func HeldIn(p *escrow.Pot, statuses ...string) *escrow.Pot {
	p.Holds = statuses
	return p
}

func pot(p *escrow.Pot, out []escrow.PotReason) *escrow.Pot {
	for _, o := range out {
		if o.To == nil {
			p.Rest = o.Reason
		} else {
			p.Out = append(p.Out, o)
		}
	}
	return p
}

// To gives a pot its reason for payouts to a receiver.
func To(p *escrow.Party, reason escrow.MovementReason) escrow.PotReason {
	return escrow.PotReason{To: p, Reason: reason}
}

// Else gives a pot its reason for payouts to all others.
func Else(reason escrow.MovementReason) escrow.PotReason { return escrow.PotReason{Reason: reason} }

// At is the moment that a field says.
func At(f InstantField) *escrow.Moment { return &escrow.Moment{Field: f} }

// After is the moment a window after an instant of a field.
func After(name string, f InstantField, window WindowField) *escrow.Moment {
	return &escrow.Moment{Name: name, Field: f, Plus: window}
}

// Later is the moment a fixed time after an instant of a field.
func Later(name string, f InstantField, by time.Duration) *escrow.Moment {
	return &escrow.Moment{Name: name, Field: f, After: by}
}

// SinceEntered is the moment a window after the current status was entered.
func SinceEntered(name string, window WindowField) *escrow.Moment {
	return &escrow.Moment{Name: name, SinceEntered: true, Plus: window}
}

// EarlierOf is the first of moments; unset ones are left out.
func EarlierOf(name string, moments ...*escrow.Moment) *escrow.Moment {
	return &escrow.Moment{Name: name, Earlier: moments}
}

// LaterOf is the last of moments; unset ones are left out.
func LaterOf(name string, moments ...*escrow.Moment) *escrow.Moment {
	return &escrow.Moment{Name: name, Later: moments}
}

// FirstSet is the first of moments, in the order given, that is set.
func FirstSet(name string, moments ...*escrow.Moment) *escrow.Moment {
	return &escrow.Moment{Name: name, First: moments}
}

// Expiry is when the approval that the status waits for expires.
var Expiry = &escrow.Moment{Name: "expiresAt", Awaited: true}

// Before is the window that a moment closes: now < moment.
func Before(m *escrow.Moment) escrow.Window { return escrow.Window{Closes: m} }

// From is the window that a moment opens: now >= moment.
func From(m *escrow.Moment) escrow.Window { return escrow.Window{Opens: m} }

// Between is the window from one moment to before another.
func Between(opens, closes *escrow.Moment) escrow.Window {
	return escrow.Window{Opens: opens, Closes: closes}
}

// Due is the window of a row of time: from the moment on.
func Due(m *escrow.Moment) escrow.Window { return escrow.Window{Opens: m, Due: true} }
