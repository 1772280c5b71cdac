package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	escrow "github.com/escrow-go/escrow/next"
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
		text += " once co-signed (" + o.CoSign + ")"
	}
	if !o.Closes.IsZero() {
		text += ", until " + when(o.Closes, x.now)
	}
	switch {
	case o.Pending != "":
		text += "; already asked for: " + shortID(o.Pending)
	case o.Action != confirm:
		text += moved(tried(x, actor, o))
	}
	return text
}

// The actions on an approval.
const (
	confirm = "confirm"
	decline = "decline_approval"
)

// tried returns what an option moves, as far as its action needs no more than a
// target.
func tried(x *explanation, actor escrow.Actor, o *escrow.Option) []escrow.Movement {
	fields := map[string]string{"action": string(o.Action)}
	if o.Target != "" {
		fields["milestoneId"] = o.Target
	}
	if o.Action == decline {
		fields = map[string]string{"action": decline, "approvalId": o.Target}
	}
	// Strings always marshal.
	text, _ := json.Marshal(fields)
	cmd, err := x.contract.Lifecycle().ParseCommand(text)
	if err != nil {
		return nil
	}
	d, err := escrow.Decide(x.contract, cmd, actor, clock(x.now))
	if err != nil {
		return nil
	}
	return movementsOf(&d)
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
	text := strings.Join(lines, "\nalso: ")
	if o.Target != "" {
		text = shortID(o.Target) + ": " + text
	}
	return text
}

func obstacle(x *explanation, o *escrow.Option, e *escrow.Error) string {
	at, timed := e.Deadline()
	switch {
	case e.Reason() == escrow.WrongStatus:
		return needed(x, o)
	case e.Reason() == escrow.NothingDue && !timed:
		return "no deadline lies ahead"
	}
	text := e.Message()
	if timed {
		verb := "was"
		if at.After(x.now) {
			verb = "is"
		}
		text += fmt.Sprintf(": %s %s %s", e.Details()["deadline"], verb, when(at, x.now))
	}
	for _, key := range []string{"requiredScopes", "featureKey", "claimUrl"} {
		switch detail := e.Details()[key].(type) {
		case string:
			text += " (" + detail + ")"
		case []string:
			text += " (" + strings.Join(detail, ", ") + ")"
		}
	}
	if e.Remedy() != "" {
		text += "; " + e.Remedy()
	}
	return text
}

// needed says in which statuses and circumstances an action starts.
func needed(x *explanation, o *escrow.Option) string {
	var rules []escrow.Rule
	for _, r := range x.contract.Lifecycle().Spec().Rules {
		if r.On.Action() == o.Action {
			rules = append(rules, r)
		}
	}
	i := slices.IndexFunc(rules, func(r escrow.Rule) bool { return r.ID == o.Rule })
	if slices.Contains(o.Statuses(), x.contract.Status()) && i >= 0 && len(rules[i].When) > 0 {
		return "only if: " + names(rules[i].When, ", ")
	}
	starts := make([]string, len(o.Statuses()))
	for i, s := range o.Statuses() {
		starts[i] = statusName(s)
	}
	text := "only in status " + strings.Join(starts, " or ")
	if len(rules) == 1 && len(rules[0].When) > 0 {
		text += ", if: " + names(rules[0].When, ", ")
	}
	return text
}

// names joins the names of things.
func names[T fmt.Stringer](things []T, between string) string {
	list := make([]string, len(things))
	for i, thing := range things {
		list[i] = thing.String()
	}
	return strings.Join(list, between)
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
	switch {
	case d == 0:
		return "now"
	case d < 0:
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
