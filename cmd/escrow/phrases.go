package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// allowedText says where an action leads, until when, and what it moves.
func allowedText(x *explanation, actor escrow.Actor, o *escrow.Option) string {
	text := "stays " + statusName(o.To)
	if o.To != x.contract.Status() {
		text = "→ " + statusName(o.To)
	}
	if o.Target != "" {
		text = shortID(o.Target) + ": " + text
	}
	if o.CoSign != "" {
		text += " once a human of the account confirms (" + o.CoSign + ")"
	}
	if !o.Closes.IsZero() {
		text += ", until " + when(o.Closes, x.now)
	}
	if o.Pending != "" {
		text += "; already asked for: " + shortID(o.Pending)
	}
	if d, ok := tried(x, actor, o); ok {
		text += moved(movementsOf(&d))
	}
	return text
}

// tried carries an option out, as far as its action needs no more than a target.
func tried(x *explanation, actor escrow.Actor, o *escrow.Option) (escrow.Decision, bool) {
	fields := map[string]string{"action": string(o.Action)}
	switch {
	case o.Action == "confirm" || o.Action == "decline_approval":
		fields["approvalId"] = o.Target
	case o.Target != "":
		fields["milestoneId"] = o.Target
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return escrow.Decision{}, false
	}
	cmd, err := x.contract.Lifecycle().ParseCommand(text)
	if err != nil {
		return escrow.Decision{}, false
	}
	d, err := escrow.Decide(x.contract, cmd, actor, clock(x.now))
	return d, err == nil
}

// movementsOf returns what a decision moves, or would once it is co-signed.
func movementsOf(d *escrow.Decision) []escrow.Movement {
	if a, ok := d.Approval(); ok && a.Status == escrow.ApprovalIsPending {
		return a.Movements
	}
	var list []escrow.Movement
	for _, m := range d.Movements() {
		list = append(list, m)
	}
	return list
}

// moved writes movements, a line each.
func moved(list []escrow.Movement) string {
	amounts, width := make([]string, len(list)), 0
	for i, m := range list {
		amounts[i] = m.Asset.Text(m.Amount) + " " + m.Asset.Code
		width = max(width, len(amounts[i]))
	}
	var b strings.Builder
	for i, m := range list {
		fmt.Fprintf(&b, "\n%*s  %s → %s (%s)", width, amounts[i], accountName(m.From), accountName(m.To), m.Reason)
	}
	return b.String()
}

// accountName names an account; of client and worker there is only one.
func accountName(a escrow.Account) string {
	if a.Kind == escrow.AccountClient || a.Kind == escrow.AccountWorker {
		a.ID = ""
	}
	a.ID = shortID(a.ID)
	return a.String()
}

// refusedText says why not, and what would change that.
func refusedText(x *explanation, o *escrow.Option) string {
	var lines []string
	for _, e := range o.Obstacles {
		lines = appendNew(lines, obstacle(x, o, e))
	}
	text := strings.Join(lines, "\n")
	if o.Target != "" {
		text = shortID(o.Target) + ": " + text
	}
	return text
}

func obstacle(x *explanation, o *escrow.Option, e *escrow.Error) string {
	if e.Reason() == escrow.WrongStatus {
		return "only " + needed(x, o)
	}
	text := e.Message()
	if at, ok := e.Deadline(); ok {
		verb := "was"
		if at.After(x.now) {
			verb = "is"
		}
		text += fmt.Sprintf(": %s %s %s", e.Details()["deadline"], verb, when(at, x.now))
	}
	for _, key := range []string{"requiredScopes", "featureKey", "claimUrl", "field"} {
		if detail, ok := e.Details()[key]; ok && detail != "" {
			text += fmt.Sprintf(" (%v)", detail)
		}
	}
	if e.Remedy() != "" {
		text += "; " + e.Remedy()
	}
	return text
}

// needed says in which statuses an action starts; in the right one already, it
// says which circumstance is missing.
func needed(x *explanation, o *escrow.Option) string {
	if slices.Contains(o.Statuses, x.contract.Status()) {
		for _, r := range x.contract.Lifecycle().Spec().Rules {
			if r.ID == o.Rule && len(r.When) > 0 {
				return "if: " + list(r.When, ", ")
			}
		}
	}
	names := make([]string, len(o.Statuses))
	for i, s := range o.Statuses {
		names[i] = statusName(s)
	}
	return "in status " + strings.Join(names, " or ")
}

func list[T fmt.Stringer](items []T, between string) string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.String()
	}
	return strings.Join(names, between)
}

func statusName(s escrow.Status) string {
	if s == escrow.Draft {
		return "draft"
	}
	return string(s)
}

// when writes an instant, and how far away it is.
func when(at, now time.Time) string {
	return at.UTC().Format(time.RFC3339Nano) + " (" + distance(at.Sub(now)) + ")"
}

// distance writes a duration in its two largest units.
func distance(d time.Duration) string {
	if d < 0 {
		return span(-d) + " ago"
	}
	return "in " + span(d)
}

func span(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for i, u := range units {
		n := d / u.size
		if n == 0 {
			continue
		}
		text := fmt.Sprintf("%d%s", n, u.name)
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				text += fmt.Sprintf(" %d%s", rest, units[i+1].name)
			}
		}
		return text
	}
	return "less than 1s"
}

// maxShown is how much of an id is shown.
const maxShown = 32

// shortID shortens an id for the screen.
func shortID(id string) string {
	if len(id) <= maxShown {
		return id
	}
	return id[:maxShown-9] + "…" + id[len(id)-8:]
}
