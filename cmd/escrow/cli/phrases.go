package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// allowedText says where an action leads, until when, and what it moves.
func allowedText(x *explanation, actor escrow.Actor, o *escrow.Option) string {
	text := x.leads(o.To)
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
		text += x.moved(tried(x, actor, o))
	}
	return text
}

// leads says to which status something leads.
func (x *explanation) leads(to escrow.Status) string {
	label := x.contract.Lifecycle().Label(to)
	if to == x.contract.Status() {
		return "stays " + label
	}
	return "→ " + label
}

// The actions on an approval.
const (
	confirm = "confirm"
	decline = "decline_approval"
)

// tried returns what an option moves, as far as its action needs no more than a
// target.
func tried(x *explanation, actor escrow.Actor, o *escrow.Option) []escrow.Movement {
	d, err := escrow.Decide(x.contract, commandOf(x.contract.Lifecycle(), o), actor, escrow.At(x.now))
	if err != nil {
		return nil
	}
	return movementsOf(&d)
}

// commandOf returns the command of an option, with the target as all that it carries.
func commandOf(l *escrow.Lifecycle, o *escrow.Option) escrow.Command {
	if o.Action == decline {
		return escrow.DeclineApproval(o.Target, "")
	}
	acts := l.Acts()
	act := acts[slices.IndexFunc(acts, func(a *escrow.Act) bool { return a.Action() == o.Action })]
	var values []escrow.Value
	for _, f := range act.Params() {
		if f.Kind == escrow.TargetKind {
			values = append(values, escrow.TextOf(f, o.Target))
		}
	}
	return act.Command(values...)
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
func (x *explanation) moved(list []escrow.Movement) string {
	amounts, width := make([]string, len(list)), 0
	for i, m := range list {
		amounts[i] = m.Asset.Text(m.Amount) + " " + m.Asset.Code
		width = max(width, len(amounts[i]))
	}
	var b strings.Builder
	for i, m := range list {
		fmt.Fprintf(&b, "\n%*s  %s → %s (%s)", width, amounts[i], x.account(m.From), x.account(m.To), m.Reason)
	}
	return b.String()
}

// account names an account, of a party that is only one by its role alone.
func (x *explanation) account(a escrow.Account) string {
	if !a.Custody && !slices.ContainsFunc(x.contract.Lifecycle().Spec().Parties, func(p *escrow.Party) bool { return p.Name == a.Kind && p.Item != nil }) {
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
	details := e.Details()
	switch {
	case e.Reason() == escrow.WrongStatus:
		return needed(x, o, details)
	case e.Reason() == escrow.NothingDue && !timed:
		return "no deadline lies ahead"
	}
	text := e.Message()
	if timed {
		verb := "was"
		if at.After(x.now) {
			verb = "is"
		}
		text += fmt.Sprintf(": %s %s %s", details["deadline"], verb, when(at, x.now))
	}
	if is, _ := details["status"].(string); is != "" && !strings.Contains(text, is) {
		text += " (it is " + is + ", not " + strings.Join(itemStatuses(here(x, o)), " or ") + ")"
	}
	for _, key := range []string{"requiredScopes", "featureKey", "claimUrl"} {
		switch detail := details[key].(type) {
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

// needed says in which statuses, of contract or item, and in which circumstances an
// action starts.
func needed(x *explanation, o *escrow.Option, details map[string]any) string {
	if is, _ := details["status"].(string); is != "" {
		return "only of one that is " + strings.Join(itemStatuses(here(x, o)), " or ") + "; it is " + is
	}
	if cases := casesOf(here(x, o)); len(cases) > 0 {
		return "only if: " + strings.Join(cases, "; or: ")
	}
	text := "only in status " + strings.Join(x.labels(o.Statuses()), " or ")
	if cases := casesOf(rows(x, o)); len(cases) == 1 {
		text += ", if: " + cases[0]
	}
	return text
}

// rows returns the rows of an option's action.
func rows(x *explanation, o *escrow.Option) []escrow.Rule {
	return slices.DeleteFunc(x.contract.Lifecycle().Spec().Rules, func(r escrow.Rule) bool { return r.On.Action() != o.Action })
}

// here returns those that start from the contract's status.
func here(x *explanation, o *escrow.Option) []escrow.Rule {
	return slices.DeleteFunc(rows(x, o), func(r escrow.Rule) bool { return !slices.Contains(r.From, x.contract.Status()) })
}

// labels names statuses.
func (x *explanation) labels(list []escrow.Status) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = x.contract.Lifecycle().Label(s)
	}
	return names
}

// itemStatuses returns where rows about an item start.
func itemStatuses(rows []escrow.Rule) (list []string) {
	for _, r := range rows {
		for _, s := range r.Being {
			list = appendNew(list, s)
		}
	}
	return list
}

// casesOf returns the circumstances in which rules count, one text for each
// combination; none where one of the rules always does.
func casesOf(rules []escrow.Rule) (list []string) {
	for _, r := range rules {
		if len(r.When) == 0 {
			return nil
		}
		list = appendNew(list, names(r.When, ", "))
	}
	return list
}

// names joins the names of things.
func names[T fmt.Stringer](things []T, between string) string {
	list := make([]string, len(things))
	for i, thing := range things {
		list[i] = thing.String()
	}
	return strings.Join(list, between)
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
