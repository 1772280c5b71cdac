package explore

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// keys makes the keys of states: equal for states that nothing tells apart.
type keys struct {
	law *escrow.Lifecycle
	// relevant names, by status, the moments that rules from there on still look at.
	relevant map[escrow.Status]map[string]bool
	statuses map[escrow.Status]byte
}

func newKeys(law *escrow.Lifecycle) *keys {
	k := &keys{law: law, relevant: map[escrow.Status]map[string]bool{}, statuses: map[escrow.Status]byte{}}
	rules := law.Spec().Rules
	for i, s := range append([]escrow.Status{escrow.Draft}, law.Statuses()...) {
		k.statuses[s] = byte(i)
		k.relevant[s] = map[string]bool{}
		ahead := reachable(rules, s)
		for _, r := range rules {
			if slices.ContainsFunc(r.From, func(from escrow.Status) bool { return ahead[from] }) {
				k.relevant[s][momentOf(r.Window)] = true
			}
		}
	}
	return k
}

// momentOf names the moment that opens or closes a window.
func momentOf(w escrow.Window) string {
	return strings.TrimSuffix(strings.TrimPrefix(w.String(), "before "), " due")
}

// reachable returns the statuses that rules lead to from a status, itself
// included.
func reachable(rules []escrow.Rule, from escrow.Status) map[escrow.Status]bool {
	seen := map[escrow.Status]bool{from: true}
	for before := 0; before != len(seen); {
		before = len(seen)
		for _, r := range rules {
			if slices.ContainsFunc(r.From, func(s escrow.Status) bool { return seen[s] }) {
				for _, to := range []escrow.Status{r.To, r.CoSign.While, r.CoSign.Declined} {
					if to != escrow.Same && to != escrow.Draft {
						seen[to] = true
					}
				}
			}
		}
	}
	return seen
}

// moments returns the instants that still matter to a snapshot.
func (k *keys) moments(dst []time.Time, c *escrow.Contract) []time.Time {
	relevant := k.relevant[c.Status()]
	for name, at := range c.Moments() {
		if relevant[name] || name == escrow.ApprovalExpiry.String() {
			dst = append(dst, at)
		}
	}
	return dst
}

// next returns the next instant after now that matters, false when there is none.
func (k *keys) next(c *escrow.Contract, now time.Time) (next time.Time, ok bool) {
	var buffer [8]time.Time
	for _, at := range k.moments(buffer[:0], c) {
		for _, instant := range [...]time.Time{at.Add(-1), at, at.Add(1)} {
			if instant.After(now) && (!ok || instant.Before(next)) {
				next, ok = instant, true
			}
		}
	}
	return next, ok
}

// append appends the key of a state. Draft tells apart what its terms do.
func (k *keys) append(dst []byte, draft uint16, c *escrow.Contract, now time.Time) []byte {
	dst = binary.BigEndian.AppendUint16(dst, draft)
	dst = append(dst, k.statuses[c.Status()])
	dst = text(dst, c.Worker())
	dst = text(dst, c.Delivery())
	dst = appendJury(dst, c)
	for _, m := range c.Milestones() {
		dst = text(text(text(dst, m.ID), string(m.Status)), m.Amount.String())
		dst = text(text(dst, m.Name), m.Description)
	}
	if data := c.Data(); data != nil {
		encoded, _ := json.Marshal(data)
		dst = append(dst, encoded...)
	}
	pending, ended := approvals(c)
	dst = append(dst, ended)
	for i := range pending {
		dst = appendApproval(dst, &pending[i])
	}
	return k.appendOrder(dst, c, pending, now)
}

// text appends a string that ends.
func text(dst []byte, s string) []byte { return append(append(dst, s...), 0) }

func appendJury(dst []byte, c *escrow.Contract) []byte {
	agents := c.BackupAgents()
	if agents == nil {
		return append(dst, 0)
	}
	for _, id := range agents {
		dst = text(dst, id)
	}
	for _, v := range c.Votes() {
		dst = append(dst, byte(slices.Index(agents, v.BackupAgent)), byte(v.CriterionIndex), v.Vote[0])
	}
	for _, v := range c.CriteriaMet() {
		dst = text(dst, string(v))
	}
	return dst
}

// approvals returns the pending approvals in an order of their own, and a mark for
// each way in which others have ended: nothing else of those matters, and that
// only to the questions about themselves.
func approvals(c *escrow.Contract) (pending []escrow.Approval, ended byte) {
	for _, a := range c.Approvals() {
		switch a.Status {
		case escrow.ApprovalIsPending:
			pending = append(pending, a)
		case escrow.ApprovalIsConfirmed:
			ended |= 1
		case escrow.ApprovalIsDeclined:
			ended |= 2
		case escrow.ApprovalIsExpired:
			ended |= 4
		default:
			ended |= 8
		}
	}
	slices.SortFunc(pending, func(a, b escrow.Approval) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.MilestoneID, b.MilestoneID))
	})
	return pending, ended
}

func appendApproval(dst []byte, a *escrow.Approval) []byte {
	dst = text(text(text(text(dst, a.Type), a.MilestoneID), a.RequestedBy), a.Account)
	dst = append(dst, a.Hash...)
	for _, id := range a.ConfirmedBy {
		dst = text(dst, id)
	}
	return append(dst, 0)
}

// appendOrder appends where the moments lie: past, now, a nanosecond ahead, or
// further, and then in which order.
func (k *keys) appendOrder(dst []byte, c *escrow.Contract, pending []escrow.Approval, now time.Time) []byte {
	var buffer [8]time.Time
	list := buffer[:0]
	relevant := k.relevant[c.Status()]
	for name, at := range c.Moments() {
		if relevant[name] && name != escrow.ApprovalExpiry.String() {
			list = append(list, at)
		}
	}
	for i := range pending {
		list = append(list, pending[i].ExpiresAt)
	}
	for _, at := range list {
		dst = append(dst, place(list, at, now))
	}
	return dst
}

// place returns where an instant lies among others, seen from now.
func place(list []time.Time, at, now time.Time) byte {
	switch ahead := at.Sub(now); {
	case ahead < 0:
		return 0
	case ahead == 0:
		return 1
	case ahead == 1:
		return 2
	}
	rank := byte(3)
	for i, other := range list {
		if other.Before(at) && other.Sub(now) > 1 && !slices.ContainsFunc(list[:i], other.Equal) {
			rank++
		}
	}
	return rank
}
