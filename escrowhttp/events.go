package escrowhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// entry is a decision in a history. Of who asked it tells what decisions tell: not the
// grants.
type entry struct {
	Event     int64           `json:"event,omitempty"`
	Contract  string          `json:"contract"`
	Revision  uint64          `json:"revision"`
	Rule      string          `json:"rule"`
	Executes  string          `json:"executes,omitempty"`
	Action    escrow.Action   `json:"action"`
	From      escrow.Status   `json:"from"`
	To        escrow.Status   `json:"to"`
	At        time.Time       `json:"at"`
	Clock     time.Time       `json:"clock"`
	Actor     asker           `json:"actor"`
	Command   json.RawMessage `json:"command"`
	Movements []moved         `json:"movements"`
	Digest    string          `json:"digest"`
	Chain     string          `json:"chain"`
}

type asker struct {
	ID      string      `json:"id"`
	Kind    escrow.Kind `json:"kind"`
	Account string      `json:"account"`
	User    string      `json:"user,omitempty"`
}

type moved struct {
	ID     string                `json:"id"`
	Kind   escrow.MovementKind   `json:"kind"`
	From   string                `json:"from"`
	To     string                `json:"to"`
	Amount string                `json:"amount"`
	Asset  string                `json:"asset"`
	Reason escrow.MovementReason `json:"reason"`
	Basis  json.RawMessage       `json:"basis,omitempty"`
}

func entryOf(e *escrowsql.Entry) entry {
	own := entry{
		Event: e.Event, Contract: e.ContractID, Revision: e.Revision, Rule: e.Rule, Executes: e.Executes, Action: e.Action,
		From: e.From, To: e.To, At: e.At, Clock: e.Clock, Command: e.Command, Movements: []moved{}, Digest: e.Digest, Chain: e.Chain,
		Actor: asker{e.Actor.ID, or(e.Actor.Kind, escrow.KindAgent), accountOf(e.Actor), e.Actor.User},
	}
	for _, m := range e.Movements {
		own.Movements = append(own.Movements, moved{m.ID, m.Kind, m.From, m.To, m.Amount, m.Asset.Code, m.Reason, m.Basis})
	}
	return own
}

// scanned is how many events are looked at for one page, whoever may know of them: the
// next page goes on from there.
const scanned = 500

// listEvents tells the events that the actor may know of, of a family or, when it is nil,
// of all.
func (s *Server) listEvents(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		after, limit, err := pageOf(r.URL.Query())
		if err != nil {
			return err
		}
		list := []entry{}
		for looked := 0; looked < scanned && len(list) < limit; {
			found, err := s.store().Events(r.Context(), after, min(limit, scanned-looked))
			if err != nil {
				return err
			}
			if len(found) == 0 {
				break
			}
			looked += len(found)
			known, err := s.known(r.Context(), f, found, actor)
			if err != nil {
				return err
			}
			for i := range found {
				if len(list) == limit {
					break
				}
				if after = found[i].Event; known[found[i].ContractID] {
					list = append(list, entryOf(&found[i]))
				}
			}
		}
		return write(w, map[string]any{"events": list, "next": after})
	}
}

// known returns of which contracts among events the actor may know; those of lifecycles
// that are not served are none.
func (s *Server) known(ctx context.Context, f *family, events []escrowsql.Entry, actor escrow.Actor) (map[string]bool, error) {
	var ids []string
	for i := range events {
		ids = append(ids, events[i].ContractID)
	}
	slices.Sort(ids)
	contracts, err := s.store().FindAll(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, c := range contracts {
		own := f
		if own == nil && slices.Contains(s.lifecycles(), c.Lifecycle()) {
			own = &family{name: c.Lifecycle().Name()}
		}
		if own != nil {
			_, err := s.shown(own, c, actor)
			all[c.ID()] = err == nil
		}
	}
	return all, nil
}
