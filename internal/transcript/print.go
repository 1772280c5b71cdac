package transcript

import (
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// refused prints a refusal: class, reason, rule, and what it depends on.
func refused(e *escrow.Error) string {
	text := "refused: " + string(e.Code()) + " " + string(e.Reason())
	if e.Rule() != "" {
		text += " (" + e.Rule() + ")"
	}
	for _, key := range []string{"field", "deadline", "at", "statuses", "status", "requiredScopes"} {
		if v, ok := e.Details()[key]; ok {
			text += fmt.Sprintf(", %s %v", key, v)
		}
	}
	return text + "\n"
}

// decided prints a decision.
func (s *stage) decided(d escrow.Decision) string {
	var out strings.Builder
	rule := d.Rule
	if d.Executes != "" {
		rule += " executes " + d.Executes
	}
	from := s.Lifecycle.Label(d.From)
	if d.From != escrow.Draft {
		from = string(d.From)
	}
	fmt.Fprintf(&out, "%s: %s -> %s at %s, revision %d\n", rule, from, d.To, d.At().Format(time.RFC3339Nano), d.Contract.Revision())
	for _, m := range d.Movements() {
		out.WriteString("  " + movement(m) + "\n")
	}
	if s.Adds != nil {
		out.WriteString(s.Adds(d))
	}
	if review, ok := d.Review(); ok {
		fmt.Fprintf(&out, "  review of %s by %d people\n", s.c.Asset().Text(review.Amount), review.Quorum)
	}
	if a, ok := d.Approval(); ok {
		out.WriteString(approval(a))
	}
	return out.String() + "  held: " + held(s.c) + "\n"
}

// held prints what is in custody.
func held(c escrow.Contract) string {
	var list []string
	for _, h := range c.Custody() {
		list = append(list, h.Account.String()+" "+h.Asset.Text(h.Amount))
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// movement prints a movement with its basis.
func movement(m escrow.Movement) string {
	text := m.String()
	if m.Basis.Ratio != (escrow.Ratio{}) {
		text += fmt.Sprintf(" = %s of %s", m.Basis.Ratio, m.Asset.Text(m.Basis.Of))
	}
	if m.Basis.Policy != "" {
		text += ", " + m.Basis.Policy
	}
	return text
}

// approval prints an approval, and what it would move while it waits.
func approval(a escrow.Approval) string {
	text := fmt.Sprintf("  approval %s %s %s, asked by %s, confirmed by %v of %d, until %s\n", a.ID, a.Type, a.Status, a.RequestedBy, a.ConfirmedBy, a.Quorum, a.ExpiresAt.Format(time.RFC3339))
	if a.Result != nil {
		text += "    result " + string(a.Result) + "\n"
	}
	if a.Status == escrow.ApprovalIsPending {
		for _, m := range a.Movements {
			text += "    shows " + m.String() + "\n"
		}
	}
	return text
}

// next prints when time next changes the contract.
func next(c escrow.Contract) string {
	d, ok := escrow.NextDeadline(c)
	if !ok {
		return "next: never\n"
	}
	return fmt.Sprintf("next: %s at %s, then %s -> %s\n", d.Moment, d.At.Format(time.RFC3339), d.Then.Rule, d.Then.To)
}

// horizon prints from when time and the system alone end the contract.
func horizon(c escrow.Contract) string {
	at, ok := escrow.MaxTime(c)
	switch {
	case !ok:
		return "horizon: none of its own\n"
	case at.IsZero():
		return "horizon: now\n"
	}
	return "horizon: " + at.Format(time.RFC3339) + "\n"
}
