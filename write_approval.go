package escrow

// approvals writes a contract's approvals, oldest first.
func (w *writer) approvals(c *Contract, list []*Approval) {
	w.key("approvals")
	w.open('[')
	for _, a := range list {
		w.approval(c.lifecycle, c.terms, a)
	}
	w.close(']')
}

// approval writes an approval, with what the lifecycle's form adds. An approval
// that is none of a contract's has only the engine's own members.
func (w *writer) approval(l *Lifecycle, t *terms, a *Approval) {
	w.open('{')
	w.text("id", a.ID)
	w.text("type", a.Type)
	w.text("status", string(a.Status))
	w.text("contractId", a.ContractID)
	if l != nil {
		w.optional(l.wire.target, a.Target)
		for i := range l.wire.adds {
			if add := &l.wire.adds[i]; add.has(a.Type) {
				w.field(nil, l.terms, t.fixed, add.slot)
			}
		}
	} else {
		w.optional("target", a.Target)
	}
	if !w.digest {
		w.optional("approvalUrl", a.ApprovalURL)
	}
	w.time("expiresAt", a.ExpiresAt)
	w.time("resolvedAt", a.ResolvedAt)
	if a.Result != nil && !w.digest {
		w.raw("result", a.Result)
	}
	w.time("createdAt", a.CreatedAt)
	w.asked(a)
	w.answered(a)
	w.close('}')
}

// asked writes who asked for what.
func (w *writer) asked(a *Approval) {
	w.text("requestedBy", a.RequestedBy)
	w.text("requestedByKind", string(a.RequestedByKind))
	w.optional("termsBy", a.TermsBy)
	w.text("account", a.Account)
	w.texts("confirmers", a.Confirmers)
	w.key("command")
	w.command(a.Command)
	w.key("movements")
	w.open('[')
	for i := range a.Movements {
		w.open('{')
		w.transfer(&a.Movements[i])
		w.close('}')
	}
	w.close(']')
	w.text("hash", a.Hash)
}

// answered writes who agreed, and what became of it.
func (w *writer) answered(a *Approval) {
	w.count("quorum", uint64(a.Quorum))
	w.texts("confirmedBy", a.ConfirmedBy)
	if len(a.Confirmers) > 1 {
		w.texts("confirmedFor", a.ConfirmedFor)
	}
	w.optional("supersedes", a.Supersedes)
	w.optional("supersededBy", a.SupersededBy)
}
