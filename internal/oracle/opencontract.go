package oracle

import "slices"

// openContract is opencontract.md, "Rules", action by action, with the checks in
// the order of engine.md, "Refusals": payload, who, status, due deadline, window.
func (s *scene) openContract() (*decision, *refusal) {
	if s.cmd.Action == "advance" {
		return s.ocAdvance()
	}
	if no := s.ocPayload(); no != nil {
		return nil, no
	}
	if no := s.ocWho(); no != nil {
		return nil, no
	}
	if !s.ocStatusAllows() {
		return nil, s.wrongStatus()
	}
	if s.c.Status != "" {
		if no := s.deadlineDue(s.ocDeadline()); no != nil {
			return nil, no
		}
	}
	switch s.cmd.Action {
	case "create":
		return s.create()
	case "accept":
		return s.accept()
	case "decline":
		return s.refundAll("OC-4", "cancelled-unmatched", moment{s.now})
	case "cancel":
		return s.refundAll("OC-5", "cancelled-by-client", moment{s.now})
	case "withdraw":
		return s.withdraw()
	case "deliver":
		d := s.decide("OC-8", moment{s.now})
		d.To = "under-review"
		s.c.Delivery, s.c.DeliveredAt = s.cmd.Delivery, moment{s.now}
		return s.finish(d)
	case "approve":
		return s.allMet("OC-10", moment{s.now})
	case "dispute":
		return s.dispute()
	case "draw":
		d := s.decide("OC-13", moment{s.now})
		s.c.BackupAgents, s.c.Votes = s.cmd.BackupAgents, &[]vote{}
		s.c.VotingDeadline = s.c.oc.BaVotingWindow.after(s.now)
		return s.finish(d)
	case "vote":
		return s.vote()
	}
	return s.settle()
}

// ocPayload: what is wrong by itself.
func (s *scene) ocPayload() *refusal {
	switch s.cmd.Action {
	case "create":
		if s.c.Status == "" {
			return s.ocTerms()
		}
	case "decline": // "decline in an open tender is invalid_request"
		if s.c.AwardMethod == "open_tender" {
			return s.invalid("declined_open_tender")
		}
	case "deliver":
		if !readable(s.cmd.Delivery, true) {
			return s.invalidField("malformed", "delivery")
		}
		if blank(s.cmd.Delivery) {
			return s.invalid("delivery_missing")
		}
	case "draw":
		for _, agent := range s.cmd.BackupAgents {
			if !readable(agent, false) {
				return s.invalidField("malformed", "backupAgents")
			}
		}
		if s.wrongDraw() {
			return s.invalid("backup_agents_invalid")
		}
	case "vote":
		return s.wrongBallots()
	}
	return nil
}

// ocWho: "the wrong party gets forbidden". "The system is no party."
func (s *scene) ocWho() *refusal {
	c, account, system := s.c, ident(s.who.Account), s.who.Kind == "system"
	switch s.cmd.Action {
	case "create", "cancel", "approve", "dispute":
		if system || account != c.Client {
			return s.another("not_client", c.Client)
		}
	case "accept":
		open := c.AwardMethod == "open_tender"
		if !open && (system || account != c.Worker) {
			return s.another("not_worker", c.Worker)
		}
		if system {
			return s.forbidden("not_worker")
		}
		if open && account == c.Client {
			return s.forbidden("worker_is_client")
		}
	case "decline", "withdraw", "deliver":
		if system || account != c.Worker {
			return s.another("not_worker", c.Worker)
		}
	case "vote":
		if system || !slices.Contains(c.BackupAgents, s.who.Account) {
			return s.forbidden("not_backup_agent")
		}
	case "draw", "settle":
		if !system {
			return s.forbidden("not_system")
		}
	}
	return nil
}

// ocStatusAllows is the column "from": "mode and drawn-ness included".
func (s *scene) ocStatusAllows() bool {
	c := s.c
	standard, judged := c.VerificationMode == "standard", s.judged()
	switch s.cmd.Action {
	case "create":
		return c.Status == ""
	case "accept", "decline", "cancel":
		return c.Status == "created"
	case "withdraw", "deliver":
		return c.Status == "matched"
	case "approve", "dispute":
		return c.Status == "under-review" && !standard
	case "draw":
		return judged && !c.drawn()
	case "vote":
		return judged && c.drawn()
	}
	return c.Status == "resolved" // settle
}

// judged reports whether backup agents have the word: S-mode, or a dispute.
func (s *scene) judged() bool {
	return s.c.Status == "disputed" || (s.c.Status == "under-review" && s.c.VerificationMode == "standard")
}

// ocDeadline is the deadline of the current status: the rows of advance.
func (s *scene) ocDeadline() *deadline {
	c := s.c
	switch {
	case c.Status == "created":
		return &deadline{"OC-6", "matchDeadline", c.MatchDeadline}
	case c.Status == "matched":
		return &deadline{"OC-9", "deliveryDeadline", c.DeliveryDeadline}
	case c.Status == "under-review" && c.VerificationMode != "standard":
		return &deadline{"OC-12", "reviewDeadline", c.ReviewDeadline}
	case c.Status != "under-review" && c.Status != "disputed":
		return nil
	case c.drawn():
		return &deadline{"OC-15", "votingDeadline", c.VotingDeadline}
	}
	// A dispute that a snapshot dates before what it has recorded counts as made when
	// its status was entered. (chosen, as of a clock that is behind)
	return &deadline{"OC-15", "drawDeadline", latest(c.drawWindowEnd(), c.oc.BaVotingWindow.after(c.EnteredAt.Time))}
}

// drawWindowEnd: "within baVotingWindow of the dispute / delivery".
func (c *contract) drawWindowEnd() moment {
	if c.VerificationMode == "standard" {
		return c.oc.BaVotingWindow.after(c.DeliveredAt.Time)
	}
	return c.oc.BaVotingWindow.after(c.DisputedAt.Time)
}

// ocAdvance: "the transition's time is the deadline's own instant".
func (s *scene) ocAdvance() (*decision, *refusal) {
	next := s.ocDeadline()
	if !next.due(s) {
		return nil, s.nothingDue(next)
	}
	// "Time never runs backwards in a contract." (chosen where the deadline was past
	// before its status was entered)
	at := latest(next.at, s.c.DecidedAt)
	switch next.rule {
	case "OC-6":
		return s.refundAll("OC-6", "cancelled-unmatched", at)
	case "OC-9":
		return s.absent(at)
	case "OC-12":
		return s.allMet("OC-12", at)
	}
	d := s.decide("OC-15", at)
	d.To = "resolved"
	s.c.tally()
	return s.finish(d)
}
