package escrow

import "sync/atomic"

// Action names what a command asks for, as in "ship".
type Action string

// Act declares an action: its name and what a command of it carries. [Do] makes
// one.
type Act struct {
	action Action
	layout *layout
	hint   atomic.Uint32 // where a lifecycle has the action, tried first
}

// Do declares an action whose commands carry the given fields. A field of kind
// [TargetKind] names the item that the rule is about.
func Do(action Action, fields ...Word) *Act {
	return &Act{action: action, layout: newLayout(declarations(fields), true)}
}

// Maybe returns a field as one that the commands of an action may leave out,
// though it is never unset where it is kept: an amendment changes some terms.
func Maybe(w Word) Word { return w.Declaration().optional() }

// Action returns the action's name.
func (a *Act) Action() Action { return a.action }

// String returns the action's name.
func (a *Act) String() string { return string(a.action) }

// Params returns what a command of the action carries, in the order declared.
func (a *Act) Params() []*Field {
	fields := make([]*Field, len(a.layout.slots))
	for i := range a.layout.slots {
		fields[i] = a.layout.slots[i].field
	}
	return fields
}

// mayOmit reports whether commands of the action may leave a field out.
func (a *Act) mayOmit(f *Field) bool {
	s := a.layout.find(f)
	return s == nil || s.field.Optional
}

// Command returns a command of the action with the given values. A value of a
// field that the action does not carry, or that is no value of its field, is
// refused as [Malformed] when the command is decided.
func (a *Act) Command(values ...Value) Command {
	cmd := Command{act: a}
	if len(a.layout.slots) == 0 && len(values) == 0 {
		return cmd
	}
	cmd.payload = a.layout.newRecord()
	for i := range values {
		v := &values[i]
		if v.field == nil { // sets nothing
			continue
		}
		s := a.layout.find(v.field)
		switch {
		case s == nil:
			cmd.fault = field(Malformed, v.field.Name, "is no field of "+string(a.action))
		case v.fault != nil:
			cmd.fault = v.fault
		default:
			a.layout.put(cmd.payload, s, v)
		}
	}
	return cmd
}

// Command is what somebody asks for: an action with its payload. [Act.Command]
// and [Lifecycle.ParseCommand] make one; it is never changed.
type Command struct {
	act     *Act
	payload *record // nil for one that carries nothing
	fault   *Error
	// aliased is a field that was given under its alias, which only one asset may
	// have.
	aliased *Field
}

// Action returns what the command asks for, empty for the zero command.
func (c Command) Action() Action {
	if c.act == nil {
		return ""
	}
	return c.act.action
}

// Time is the action that rows of time answer: [Advance].
var Time = Do("advance")

// The actions of every lifecycle.
var (
	actAdvance = Time

	approvalID = &Field{Name: "approvalId", Kind: TextKind, Meaning: "the approval that is answered"}
	seenHash   = &Field{Name: "hash", Kind: TextKind, Optional: true, Meaning: "the hash of what was shown; sent whenever a person saw the approval"}
	actConfirm = Do("confirm", approvalID, seenHash)
	actDecline = Do("decline_approval", approvalID, seenHash)
	actRevoke  = Do("revoke_confirmation", approvalID)
)

// The names of the actions that are always the engine's.
const (
	actionAdvance Action = "advance"
	actionConfirm Action = "confirm"
	actionDecline Action = "decline_approval"
	actionRevoke  Action = "revoke_confirmation"
)

// Advance returns the command that applies one due deadline, or records approvals
// that have expired. Anyone may send it.
func Advance() Command { return Command{act: actAdvance} }

// Confirm returns a person's co-signature of an approval (AP-1). Hash is that of
// what the person saw, empty when nothing was shown. Own are terms of the
// person's own, for approvals that allow them.
func Confirm(approval, hash string, own ...Value) Command {
	return answer(actConfirm, approval, hash, own)
}

// DeclineApproval returns a person's refusal to co-sign (AP-2).
func DeclineApproval(approval, hash string) Command {
	return answer(actDecline, approval, hash, nil)
}

// RevokeConfirmation returns the command that takes one's own confirmation back
// while the approval is pending (AP-4).
func RevokeConfirmation(approval string) Command { return answer(actRevoke, approval, "", nil) }

func answer(act *Act, approval, hash string, own []Value) Command {
	given := append([]Value{TextOf(approvalID, approval)}, own...)
	if hash != "" {
		given = append(given, TextOf(seenHash, hash))
	}
	if len(own) == 0 {
		return act.Command(given...)
	}
	// Terms of one's own are laid out as the action that is confirmed declares
	// them; the lifecycle sees whether the approval allows them.
	words := []Word{approvalID, seenHash}
	for _, v := range own {
		if v.field != nil {
			words = append(words, v.field)
		}
	}
	return Do(actionConfirm, words...).Command(given...)
}

// Approval returns the id of the approval that the command answers, and the hash of
// what was shown; both are empty for a command that answers none.
func (c Command) Approval() (id, hash string) {
	if c.act == nil {
		return "", ""
	}
	return c.text(approvalID), c.text(seenHash)
}

// text returns a text of the command, empty when it has none.
func (c Command) text(f *Field) string {
	if s := c.act.layout.find(f); s != nil && c.payload != nil {
		return c.payload.texts[s.index]
	}
	return ""
}

// View returns the view of what the command carries.
func (c Command) View() View {
	v := View{viewState: &viewState{c: Contract{terms: &terms{}}}, payload: true, given: c.payload, list: -1, index: -1}
	if c.act != nil {
		v.params = c.act.layout
	}
	return v
}

// equal reports whether two commands ask for the same.
func (c Command) equal(o Command) bool {
	if c.Action() != o.Action() {
		return false
	}
	if c.payload == nil || o.payload == nil {
		return (c.payload == nil || c.payload.set == 0) && (o.payload == nil || o.payload.set == 0)
	}
	return c.act.layout.equal(c.payload, o.payload)
}
