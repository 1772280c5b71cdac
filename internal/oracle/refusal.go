package oracle

// refusal is engine.md, "Refusals", and wire.md, "Refusal".
type refusal struct {
	Code    string         `json:"code"`
	Reason  string         `json:"reason"`
	Action  string         `json:"action,omitempty"`
	Rule    string         `json:"rule,omitempty"`
	Details map[string]any `json:"details"`
}

func malformed(field string) *refusal {
	return &refusal{Code: "invalid_request", Reason: "malformed", Details: map[string]any{"field": field}}
}

func noActor() *refusal {
	return &refusal{Code: "unauthorized", Reason: "no_actor", Details: map[string]any{}}
}

// refuse is a refusal of the action by the rule concerned.
func (s *scene) refuse(code, reason string, details map[string]any) *refusal {
	if details == nil {
		details = map[string]any{}
	}
	return &refusal{Code: code, Reason: reason, Action: s.cmd.Action, Rule: s.rule, Details: details}
}

func (s *scene) invalid(reason string) *refusal {
	return s.refuse("invalid_request", reason, nil)
}

func (s *scene) invalidField(reason, field string) *refusal {
	return s.refuse("invalid_request", reason, map[string]any{"field": field})
}

func (s *scene) forbidden(reason string) *refusal { return s.refuse("forbidden", reason, nil) }

// another is a refusal to an actor who is not the party: "both ids", where the party
// is known. (names chosen)
func (s *scene) another(reason string, party ident) *refusal {
	if party == "" {
		return s.forbidden(reason)
	}
	return s.refuse("forbidden", reason, map[string]any{"want": party, "account": s.who.Account})
}

func (s *scene) notFound(reason string) *refusal { return s.refuse("not_found", reason, nil) }

func (s *scene) conflict(reason string) *refusal { return s.refuse("conflict", reason, nil) }

// needs are the statuses that an action needs: the column "from" of the rules.
var needs = map[string][]string{
	"create": {"draft"}, "accept": {"created"}, "decline": {"created"}, "cancel": {"created"},
	"withdraw": {"matched"}, "deliver": {"matched"},
	"approve": {"under-review"}, "dispute": {"under-review"},
	"draw": {"disputed", "under-review"}, "vote": {"disputed", "under-review"},
	"settle":        {"resolved"},
	"hire":          {"draft", "proposed"},
	"add_milestone": {"active"}, "fund_milestone": {"active"}, "approve_milestone": {"active"}, "end": {"active"},
	"confirm": {"proposed", "active"}, "decline_approval": {"proposed", "active"}, "revoke_confirmation": {"proposed", "active"},
}

// wrongStatus "names the statuses and the case that the action would need (client
// reviews, undrawn)".
func (s *scene) wrongStatus() *refusal {
	details := map[string]any{"statuses": needs[s.cmd.Action]}
	switch action := s.cmd.Action; {
	case s.c.Status == "under-review" && (action == "approve" || action == "dispute"):
		details["case"] = "client reviews"
	case s.judged() && action == "draw":
		details["case"] = "undrawn"
	}
	return s.refuse("conflict", "wrong_status", details)
}

// rules are the rules of the actions that have just one.
var rules = map[string]string{
	"create": "OC-1", "decline": "OC-4", "cancel": "OC-5", "withdraw": "OC-7", "deliver": "OC-8",
	"approve": "OC-10", "dispute": "OC-11", "draw": "OC-13", "vote": "OC-14", "settle": "OC-16",
	"hire": "OT-1", "add_milestone": "OT-2", "fund_milestone": "OT-3", "approve_milestone": "OT-4",
	"confirm": "AP-1", "decline_approval": "AP-2", "revoke_confirmation": "AP-4",
}

// ruleConcerned is the rule that a refusal of the command names. For advance it
// depends on the deadline that comes next, see nothingDue.
func (s *scene) ruleConcerned() string {
	switch s.cmd.Action {
	case "accept":
		if s.c.AwardMethod == "open_tender" {
			return "OC-3"
		}
		return "OC-2"
	case "end":
		if len(s.c.funded()) > 0 {
			return "OT-6"
		}
		return "OT-5"
	}
	return rules[s.cmd.Action]
}

// deadline is the point in time at which time alone changes something.
type deadline struct {
	rule, name string
	at         moment
}

func (d *deadline) due(s *scene) bool { return d != nil && !s.now.Before(d.at.Time) }

func (d *deadline) details() map[string]any {
	return map[string]any{"deadline": d.name, "at": d.at}
}

// deadlineDue is engine.md, "A due deadline decides".
func (s *scene) deadlineDue(d *deadline) *refusal {
	if d.due(s) {
		return s.refuse("conflict", "deadline_due", d.details())
	}
	return nil
}

// nothingDue names the deadline that comes next, if there is one. (chosen)
func (s *scene) nothingDue(d *deadline) *refusal {
	if d == nil {
		return s.conflict("nothing_due")
	}
	s.rule = d.rule
	return s.refuse("conflict", "nothing_due", d.details())
}
