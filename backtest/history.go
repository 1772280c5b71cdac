package backtest

import (
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// history is one recorded contract, on its way through all replays.
type history struct {
	// begin is its first line, last that of the last request, which counts as made
	// now. Latest is the latest that any clock has shown.
	begin, last int
	now, latest time.Time
	// record is the contract as the record's own answers leave it.
	record escrow.Contract
	// base is the replay as recorded, others those by other policies: nil for a
	// policy of another lifecycle.
	base   *replay
	others []*replay
	// skipped says that the history is left out, and only watched for its end.
	skipped bool
}

// ask has a request answered in every replay of its contract.
func (r *run) ask(q *escrow.Request) error {
	id, shown := q.Contract.ID(), q.Now
	h := r.open[id]
	q.Now = h.instant(q)
	switch {
	case h != nil && q.Now.Before(h.now):
		return fmt.Errorf("goes back in time: contract %s was last asked at %s (line %d), now at %s",
			id, h.now.Format(time.RFC3339Nano), h.last, q.Now.Format(time.RFC3339Nano))
	case h == nil && q.Contract.IsTerminal():
		r.report.LateLines++
		return nil
	case h != nil && h.redrafted(&q.Contract):
		r.close(h)
		h = nil
	}
	if h == nil {
		h = r.begin(q)
	}
	h.last, h.now = r.line, q.Now
	if h.latest.Before(shown) {
		h.latest = shown
	}
	r.follow(h, q)
	if h.over() {
		r.close(h)
	}
	return nil
}

// instant returns when a request counts as made. As in the engine, a clock that is
// behind counts as showing the instant of the latest decision, and an advance as
// sent at the deadline that it applies; one that applies none leaves no trace, and
// takes no time.
func (h *history) instant(q *escrow.Request) time.Time {
	if q.Command.Action() == escrow.Time.Action() {
		d, err := q.Decide()
		switch {
		case h != nil && (err != nil || d.At().Before(h.now)):
			return h.now
		case err == nil:
			return d.At()
		}
	}
	if at := q.Contract.DecidedAt(); q.Now.Before(at) {
		return at
	}
	return q.Now
}

// begin takes up a contract that is not known yet, or known to have ended.
func (r *run) begin(q *escrow.Request) *history {
	h := &history{begin: r.line, now: q.Now, record: q.Contract}
	r.open[q.Contract.ID()] = h
	if !q.Contract.IsDraft() {
		r.report.MidLife++
		r.omit(h, fmt.Sprintf("begins in mid-life, in status %s at revision %d, and not with a draft", q.Contract.Status(), q.Contract.Revision()))
		return h
	}
	r.report.Histories++
	h.base = newReplay(q.Contract)
	h.others = make([]*replay, len(r.others))
	for i := range r.others {
		if r.others[i].Policy.Lifecycle() == q.Contract.Lifecycle() {
			draft, err := r.others[i].under(q.Contract)
			h.others[i] = newReplay(draft)
			h.others[i].unfounded = err
		}
	}
	return h
}

// redrafted reports whether a draft that was never founded begins again with other
// terms.
func (h *history) redrafted(c *escrow.Contract) bool {
	return !h.skipped && h.record.IsDraft() && c.IsDraft() && !same(&h.record, c)
}

// follow checks the recorded snapshot and answers the request in every replay.
func (r *run) follow(h *history, q *escrow.Request) {
	if !h.skipped && !h.meets(q) {
		r.report.Histories--
		r.report.Mismatched++
		r.omit(h, fmt.Sprintf("its snapshot (status %s, revision %d) is not the one that the requests before lead to (%s, %d)",
			labelOf(&q.Contract), q.Contract.Revision(), labelOf(&h.record), h.record.Revision()))
	}
	h.record = q.Contract
	was := h.told(q)
	if !h.skipped {
		h.replay(q, was)
	}
}

// told has the record's own contract answer, and goes on to what it leads to.
func (h *history) told(q *escrow.Request) (was told) {
	d, err := q.Decide()
	if err == nil {
		h.record = d.Contract
		if a, ok := d.Approval(); ok {
			was.approval = a.ID
		}
		return was
	}
	was.refusal = err
	if was.behind = errors.Is(err, escrow.DeadlineDue); was.behind {
		if _, due, _ := escrow.AsOf(q.Contract, q.Now); len(due) > 0 {
			was.since = due[0].At()
		}
	}
	return was
}

// replay asks the request as recorded and under every other policy.
func (h *history) replay(q *escrow.Request, was told) {
	base, refusal := h.base.ask(q, was)
	for _, p := range h.others {
		if p == nil || p.unfounded != nil {
			continue
		}
		if is, err := p.ask(q, was); is != base && p.parted == nil {
			p.parted = part(h.last, q, base, refusal, is, err, p.lapse)
		}
	}
}

// omit leaves a history out.
func (r *run) omit(h *history, why string) {
	r.leaveOut(h.record.ID(), why)
	h.skipped, h.base, h.others = true, nil, nil
}

// over reports whether nothing that is asked can change anything any more.
func (h *history) over() bool {
	if !h.record.IsTerminal() || h.base != nil && !h.base.contract.IsTerminal() {
		return false
	}
	for _, p := range h.others {
		if p != nil && p.unfounded == nil && !p.contract.IsTerminal() {
			return false
		}
	}
	return true
}

// close enters a history into the report and lets it go.
func (r *run) close(h *history) {
	delete(r.open, h.record.ID())
	if h.skipped {
		return
	}
	h.base.catchUp(h.latest)
	for i, p := range h.others {
		if p != nil && p.unfounded == nil {
			p.catchUp(h.latest)
			if h.base.contract.IsTerminal() && !p.contract.IsTerminal() {
				p.runOut(h.latest)
			}
		}
		r.report.Policies[i].enter(h, p, r.most)
	}
}
