package pages

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// actionsView are what the person may do with a contract, and what not and why.
type actionsView struct {
	Forms []formView
	Not   []notNowView
	// Refused is what was wrong with a form that is not offered any more.
	Refused *refusalView
}

// notNowView is an action that the person could take, and not now.
type notNowView struct {
	What string
	Why  []string
}

// formView is an action that can be taken now.
type formView struct {
	Action, What, Rule, Address, Key string
	// CoSign is the approval that it asks for, empty when it happens at once, and To the
	// status that it leads to, empty when it stays.
	CoSign, To string
	Closes     *instantView
	Pending    string
	Inputs     []inputView
	// Moves is what it moves, as far as that is known before it is filled in.
	Moves   []moveView
	Refused *refusalView
	// Proof is what the payer's answer to a challenge is sent as, empty without one.
	Proof string
	// Open says that the form is shown at once, and Sign that sending it takes a signature.
	Open, Sign bool
}

// refusalView is why something was refused, in words.
type refusalView struct {
	Message, Remedy string
	// Field is the name of the input at fault.
	Field string
}

// typed is a form that was sent and refused.
type typed struct {
	action  escrow.Action
	values  values
	refusal *refusalView
	// key is kept when the same is to be sent again, and proof then goes with it.
	key, proof string
}

// fewForms is how many forms are shown open.
const fewForms = 2

// options are the options of one action.
type options struct {
	act  *escrow.Act
	list []escrow.Option
}

// actions explains a contract to the person.
func (v *visit) actions(c escrow.Contract, t *typed) (actionsView, error) {
	var a actionsView
	if c.IsTerminal() {
		return a, nil
	}
	explained, err := escrow.Explain(c, v.Person.Actor, escrow.At(v.Now))
	if err != nil {
		return a, err
	}
	for _, o := range v.mine(c, explained.Options) {
		allowed := slices.DeleteFunc(slices.Clone(o.list), func(x escrow.Option) bool { return !x.Allowed })
		if len(allowed) == 0 {
			a.Not = append(a.Not, notNowView{What: label(o.act.Action()), Why: reasons(c.Lifecycle(), o.list)})
			continue
		}
		a.Forms = append(a.Forms, v.form(c, options{o.act, allowed}, t))
	}
	for i := range a.Forms {
		a.Forms[i].Open = len(a.Forms) <= fewForms || a.Forms[i].Refused != nil
	}
	if t != nil && !slices.ContainsFunc(a.Forms, func(f formView) bool { return f.Refused != nil }) {
		a.Refused = t.refusal
	}
	return a, nil
}

// mine groups the options of actions that are the person's at all, apart from answers to
// approvals and what time does, which have places of their own.
func (v *visit) mine(c escrow.Contract, all []escrow.Option) (list []options) {
	for _, o := range all {
		if o.Action == escrow.Time.Action() || answers[o.Action] || !v.asks(c, o.Action) {
			continue
		}
		if n := len(list) - 1; n >= 0 && list[n].act.Action() == o.Action {
			list[n].list = append(list[n].list, o)
			continue
		}
		list = append(list, options{actOf(c.Lifecycle(), o.Action), []escrow.Option{o}})
	}
	return list
}

// asks reports whether any row of an action is for a party that the person may act for.
func (v *visit) asks(c escrow.Contract, action escrow.Action) bool {
	return slices.ContainsFunc(reading.Spec(c.Lifecycle()).Rules, func(r escrow.Rule) bool {
		founds := len(r.From) == 1 && r.From[0] == escrow.Draft
		return r.On.Action() == action && !founds && reading.Acts(r.By, c.View(), v.Person.Actor)
	})
}

// form offers an action.
func (v *visit) form(c escrow.Contract, o options, t *typed) formView {
	first := &o.list[0]
	f := formView{Action: string(first.Action), What: label(first.Action), Rule: first.Rule, Address: "/contracts/" + url.PathEscape(c.ID()) + "/commands", Key: rand.Text(), CoSign: plain(first.CoSign)}
	if first.To != c.Status() {
		f.To = c.Lifecycle().Label(first.To)
	}
	if !first.Closes.IsZero() {
		at := instant(first.Closes, v.Now)
		f.Closes = &at
	}
	for i := range o.list {
		if o.list[i].Pending != "" && f.Pending == "" {
			f.Pending = o.list[i].Pending
		}
	}
	var filled values
	if t != nil && t.action == first.Action {
		f.Refused, filled = t.refusal, t.values
		if t.key != "" {
			f.Key, f.Proof = t.key, t.proof
		}
	}
	maker := inputs{visit: v, contract: c, form: f.Action, typed: filled, refused: f.Refused}
	for _, p := range o.act.Params() {
		if p.Kind == escrow.TargetKind {
			f.Inputs = append(f.Inputs, v.targets(c, o, p, maker))
			continue
		}
		f.Inputs = append(f.Inputs, maker.of(p, ""))
	}
	f.Sign = v.signs(c, first.Action)
	if len(f.Inputs) == 0 {
		f.Moves = v.tried(c, o.act.Command())
	}
	return f
}

// targets offers the items that an action may be about now, each with what it moves.
func (v *visit) targets(c escrow.Contract, o options, p *escrow.Field, m inputs) inputView {
	in := m.base(p, "")
	in.Kind, in.Required, in.Hint = "select", true, ""
	chosen := m.value(p.Name)
	only := len(o.act.Params()) == 1
	for i := range o.list {
		key := o.list[i].Target
		choice := choiceView{Value: key, Text: key, Selected: key == chosen}
		if only && i < mostItems {
			var parts []string
			for _, move := range v.tried(c, o.act.Command(escrow.TextOf(p, key))) {
				parts = append(parts, fmt.Sprintf("%s %s to %s", move.Sum.Text, move.Sum.Code, move.To.Role))
			}
			if len(parts) > 0 {
				choice.Text += ": " + strings.Join(parts, ", ")
			}
		}
		in.Choices = append(in.Choices, choice)
	}
	return in
}

// tried is what a command would move now, nothing when it would be refused.
func (v *visit) tried(c escrow.Contract, command escrow.Command) []moveView {
	d, err := escrow.Decide(c, command, v.Person.Actor, escrow.At(v.Now))
	if err != nil {
		return nil
	}
	return v.moves(&d)
}

// reasons says why an action cannot be taken now, each reason once.
func reasons(l *escrow.Lifecycle, list []escrow.Option) (lines []string) {
	const most = 4
	for i := range list {
		for _, e := range list[i].Obstacles {
			line := why(l, &list[i], e)
			if list[i].Target != "" && e.Reason() != escrow.WrongStatus {
				line = list[i].Target + ": " + line
			}
			if !slices.Contains(lines, line) && len(lines) < most {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// why says an obstacle in words.
func why(l *escrow.Lifecycle, o *escrow.Option, e *escrow.Error) string {
	if statuses := o.Statuses(); e.Reason() == escrow.WrongStatus && len(statuses) > 0 {
		var names []string
		for _, s := range statuses {
			if s != escrow.Draft { // which a contract on a page never is again
				names = append(names, l.Label(s))
			}
		}
		return "only while the contract is " + strings.Join(names, " or ")
	}
	line := e.Message()
	if at, ok := e.Deadline(); ok {
		if name, _ := e.Details()["deadline"].(string); name != "" {
			line += " (" + plain(name) + ": " + instant(at, at).Text + ")"
		}
	}
	return line
}

// refusal says why something was refused.
func refusal(e *escrow.Error) *refusalView {
	field, _ := e.Details()["field"].(string)
	message := e.Message()
	if rest, ok := strings.CutPrefix(message, field+": "); ok && field != "" {
		message = plain(field) + " " + rest
	}
	r := &refusalView{Message: sentence(message), Remedy: sentence(e.Remedy()), Field: field}
	if at, ok := e.Deadline(); ok {
		r.Message = strings.TrimSuffix(r.Message, ".") + " (" + instant(at, at).Text + ")."
	}
	return r
}

// sentence writes a phrase as a sentence.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + strings.Repeat(".", 1-strings.Count(text[len(text)-1:], "."))
}
