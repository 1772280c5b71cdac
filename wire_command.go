package escrow

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

var (
	actionNames      = fieldNames("action")
	commandNames     = fieldNames("action", "delivery", "backupAgents", "votes", "milestone", "milestoneId", "approvalId", "dispositions")
	ballotNames      = fieldNames("criterionIndex", "vote")
	dispositionNames = fieldNames("milestoneId", "disposition")
	termNames        = fieldNames("id", "name", "description", "amount", "amountUsd", "dueDate")
)

// commandFields says which fields each of the engine's own actions has, by
// position in commandNames.
var commandFields = map[Action][]int{
	"create": nil, "accept": nil, "decline": nil, "cancel": nil, "withdraw": nil, "approve": nil,
	"dispute": nil, "settle": nil, "advance": nil,
	"deliver": {1}, "draw": {2}, "vote": {3}, "hire": {4}, "add_milestone": {4},
	"fund_milestone": {5}, "approve_milestone": {5}, "confirm": {6, 7, 4}, "decline_approval": {6}, "end": {7},
}

// payload is what any command of the engine's own may carry.
type payload struct {
	delivery     string
	agents       []string
	votes        []Ballot
	milestone    *MilestoneTerms
	milestoneID  string
	approvalID   string
	dispositions []Disposition
}

// readCommand reads a command of the lifecycle. An unknown action is
// [UnknownAction], a field the action does not have [Malformed].
func (l *Lifecycle) readCommand(text string) (Command, *Error) {
	r := &reader{s: text}
	action := r.action()
	if r.fault == nil && action == "" {
		r.path = "command.action"
		r.malformed("is missing")
	}
	if r.fault != nil {
		return nil, r.fault
	}
	g := l.group(action)
	if g == nil {
		return nil, refuse(UnknownAction, "lifecycle "+l.name+" has no action "+echo(action)).of(Action(echo(action)), "")
	}
	cmd, fault := Command(nil), (*Error)(nil)
	if fields, own := commandFields[action]; own && g.command.PkgPath() == ownPackage {
		cmd, fault = readOwn(text, action, fields)
	} else {
		cmd, fault = readForeign(text, g.command)
	}
	return cmd, fault.of(action, "")
}

var ownPackage = reflect.TypeOf(Advance{}).PkgPath()

// action reads the one field that says how to read the others.
func (r *reader) action() (action Action) {
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		if r.field(actionNames, &seen) == 0 {
			action = Action(r.prose())
		} else {
			r.skip()
		}
	}
	r.end()
	return action
}

// readOwn reads one of the engine's own commands.
func readOwn(text string, action Action, fields []int) (Command, *Error) {
	r := &reader{s: text}
	var p payload
	var seen, allowed uint64
	for _, f := range fields {
		allowed |= 1 << f
	}
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		i := r.field(commandNames, &seen)
		if i != 0 && (i == unknown || allowed&(1<<i) == 0) {
			r.malformed("is no field of " + string(action))
			break
		}
		r.payload(&p, i)
	}
	return p.command(action), r.fault
}

// payload reads one field of a command.
func (r *reader) payload(p *payload, i int) {
	switch i {
	case 0:
		r.skip()
	case 1:
		p.delivery = r.prose()
	case 2:
		p.agents = r.texts()
	case 3:
		p.votes = r.ballots()
	case 4:
		p.milestone = r.milestoneTerms()
	case 5:
		p.milestoneID = r.id()
	case 6:
		p.approvalID = r.prose()
	case 7:
		p.dispositions = r.dispositions()
	}
}

// command builds the command of an action.
func (p *payload) command(action Action) Command {
	switch action {
	case "create":
		return Create{}
	case "accept":
		return Accept{}
	case "decline":
		return Decline{}
	case "cancel":
		return Cancel{}
	case "withdraw":
		return Withdraw{}
	case "deliver":
		return Deliver{p.delivery}
	case "approve":
		return Approve{}
	case "dispute":
		return Dispute{}
	case "draw":
		return Draw{p.agents}
	case "vote":
		return Vote{p.votes}
	case "settle":
		return Settle{}
	case "hire":
		return Hire{p.milestone}
	case "add_milestone":
		if p.milestone == nil {
			return AddMilestone{}
		}
		return AddMilestone{*p.milestone}
	case "fund_milestone":
		return FundMilestone{p.milestoneID}
	case "approve_milestone":
		return ApproveMilestone{p.milestoneID}
	case "end":
		return End{p.dispositions}
	case "confirm":
		return Confirm{p.approvalID, p.dispositions, p.milestone}
	case "decline_approval":
		return DeclineApproval{p.approvalID}
	}
	return Advance{}
}

// readForeign reads a command of a lifecycle from outside with encoding/json,
// strictly, into its own type.
func readForeign(text string, t reflect.Type) (Command, *Error) {
	w, r := writer{}, &reader{s: text}
	known := jsonFields(t)
	var seen uint64
	w.open('{')
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(known, &seen) {
		case 0:
			r.skip()
			continue
		case unknown:
			r.malformed("is no field of this command")
		}
		name := r.path
		if value := r.raw(); value != "" {
			w.comma()
			w.buf = append(appendString(w.buf, name), ':')
			w.buf = append(w.buf, value...)
		}
	}
	w.close('}')
	if r.fault != nil {
		return nil, r.fault
	}
	into := reflect.New(t)
	d := json.NewDecoder(bytes.NewReader(w.buf))
	d.DisallowUnknownFields()
	if err := d.Decode(into.Interface()); err != nil {
		return nil, field(Malformed, "command", strings.TrimPrefix(err.Error(), "json: "))
	}
	cmd, _ := into.Elem().Interface().(Command)
	return cmd, nil
}

// jsonFields numbers the fields that encoding/json gives a struct, "action" first.
// Unlike there, names must be exact and none may stand twice.
func jsonFields(t reflect.Type) names {
	list := []string{"action"}
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			if f.IsExported() && name != "-" && (!f.Anonymous || f.Tag.Get("json") != "") && len(list) < 64 {
				list = append(list, name)
			}
		}
	}
	return fieldNames(list...)
}

// command writes a command with its payload.
func (w *writer) command(cmd Command) {
	if t := reflect.TypeOf(cmd); t.PkgPath() != ownPackage {
		body, _ := json.Marshal(cmd)
		w.open('{')
		w.text("action", string(cmd.Action()))
		if len(body) > 2 && body[0] == '{' {
			w.comma()
			w.buf = append(w.buf, body[1:len(body)-1]...)
		}
		w.close('}')
		return
	}
	w.open('{')
	w.text("action", string(cmd.Action()))
	switch cmd := cmd.(type) {
	case Deliver:
		w.text("delivery", cmd.Delivery)
	case Draw:
		w.texts("backupAgents", cmd.BackupAgents)
	case Vote:
		w.ballots(cmd.Votes)
	case Hire:
		w.milestoneTerms(cmd.Milestone)
	case AddMilestone:
		w.milestoneTerms(&cmd.Milestone)
	case FundMilestone:
		w.text("milestoneId", cmd.MilestoneID)
	case ApproveMilestone:
		w.text("milestoneId", cmd.MilestoneID)
	case End:
		w.dispositions(cmd.Dispositions)
	case Confirm:
		w.text("approvalId", cmd.ApprovalID)
		w.dispositions(cmd.Dispositions)
		w.milestoneTerms(cmd.Milestone)
	case DeclineApproval:
		w.text("approvalId", cmd.ApprovalID)
	}
	w.close('}')
}
