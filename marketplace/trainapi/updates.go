package trainapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

const (
	// width is how many events one decision can lead to: a thousand milestones, two
	// hundred approvals. An event's id is its decision's number times this, and its
	// position.
	width = 4096
	// scanned is how many decisions are looked at for one page, whoever they concern: the
	// next page goes on from there.
	scanned = 500
	// usualPage and mostEvents are how many events a page has.
	usualPage, mostEvents = 50, 200
)

// updates tells the events of the account that the token may see, oldest first. A decision
// gets its number after it is stored, one after another, so none appears behind a cursor.
func (s *Server) updates(w http.ResponseWriter, r *http.Request, c Caller) error {
	after, limit, err := feedPage(r.URL.Query())
	if err != nil {
		return err
	}
	page := &feed{caller: c, after: after, limit: limit, Events: []eventJSON{}, next: after}
	from := max(0, after/width-1) // the decision of the last event may have led to more
	for looked := 0; looked < scanned && !page.HasMore; {
		n := min(100, scanned-looked)
		entries, err := s.store().Events(r.Context(), from, n)
		if err != nil {
			return err
		}
		if err := s.tell(r.Context(), page, entries); err != nil {
			return err
		}
		if len(entries) < n {
			break
		}
		from = entries[n-1].Event
		if looked += n; looked >= scanned {
			page.HasMore = true
		}
	}
	page.NextCursor = itoa(page.next)
	return write(w, http.StatusOK, page)
}

// feed is a page of events.
type feed struct {
	caller      Caller
	after, next int64
	limit       int

	Events     []eventJSON `json:"events"`
	NextCursor string      `json:"nextCursor"`
	HasMore    bool        `json:"hasMore"`
}

// tell adds the events of decisions to a page, until it is full.
func (s *Server) tell(ctx context.Context, page *feed, entries []escrowsql.Entry) error {
	found, err := s.eventsOf(ctx, entries, page.caller.Actor.Account)
	if err != nil {
		return err
	}
	for i := range entries {
		number := entries[i].Event
		for _, e := range found[place{entries[i].ContractID, entries[i].Revision}] {
			id := number*width + int64(e.position)
			if id <= page.after || !has(page.caller.Actor, eventScopes[e.kind]) {
				continue
			}
			if len(page.Events) == page.limit {
				page.HasMore = true
				return nil
			}
			page.Events, page.next = append(page.Events, e.view(id)), id
		}
		page.next = max(page.next, number*width+width-1)
	}
	return nil
}

// place is where a contract's decision stands.
type place struct {
	contract string
	revision uint64
}

// eventsOf returns the events of decisions that are an account's, in their order.
func (s *Server) eventsOf(ctx context.Context, entries []escrowsql.Entry, account string) (map[place][]event, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	args := []any{account}
	text := ""
	for i := range entries {
		if i > 0 {
			text += ", "
		}
		text += "($" + strconv.Itoa(2*i+2) + ", CAST($" + strconv.Itoa(2*i+3) + " AS BIGINT))"
		args = append(args, entries[i].ContractID, int64(entries[i].Revision))
	}
	list, err := query(ctx, s.db(), readEvent, eventColumns+`WHERE account = $1 AND (contract_id, revision) IN (VALUES `+text+`) ORDER BY position`, args...)
	all := map[place][]event{}
	for _, e := range list {
		at := place{e.contract, e.revision}
		all[at] = append(all[at], e)
	}
	return all, err
}

// feedPage returns after what a request wants events, and how many.
func feedPage(query url.Values) (after int64, limit int, err error) {
	limit = usualPage
	if text := query.Get("cursor"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return 0, 0, badField("cursor", "is none that a page has given")
		}
	}
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > mostEvents {
			return 0, 0, badField("limit", "must be a whole number from 1 to "+strconv.Itoa(mostEvents))
		}
	}
	return after, limit, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// decisionNumber returns the number of a decision, once it has one.
func (s *Server) decisionNumber(ctx context.Context, at place) (int64, error) {
	for range 2 {
		entries, err := s.store().History(ctx, at.contract, at.revision-1, 1)
		if err != nil || len(entries) == 0 {
			return 0, err
		}
		if entries[0].Event > 0 {
			return entries[0].Event, nil
		}
		if _, err := s.store().NumberEvents(ctx, 1000); err != nil {
			return 0, err
		}
	}
	return 0, errUnnumbered
}

// errUnnumbered says that an event has no id yet, and is delivered later.
var errUnnumbered = escrow.NewRefusal(escrow.Conflict, "event_not_numbered", "the event has no number yet", nil)
