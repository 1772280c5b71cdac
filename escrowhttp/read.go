package escrowhttp

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// write answers with a value as JSON.
func write(w http.ResponseWriter, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	WriteJSON(w, http.StatusOK, body)
	return nil
}

func (s *Server) showDocument(w http.ResponseWriter, _ *http.Request) error {
	WriteJSON(w, http.StatusOK, s.document)
	return nil
}

// showLifecycles lists what contracts can live by.
func showLifecycles(w http.ResponseWriter, families []family) error {
	type status struct {
		Status escrow.Status `json:"status"`
		Label  string        `json:"label"`
		Ended  bool          `json:"ended"`
	}
	type lifecycle struct {
		Name     string   `json:"name"`
		Version  int      `json:"version"`
		About    string   `json:"about"`
		Statuses []status `json:"statuses"`
	}
	list := []lifecycle{}
	for _, f := range families {
		for _, l := range f.versions {
			own := lifecycle{Name: l.Name(), Version: l.Version(), About: l.Spec().About}
			for _, st := range l.Statuses() {
				own.Statuses = append(own.Statuses, status{st, l.Label(st), l.IsTerminal(st)})
			}
			list = append(list, own)
		}
	}
	return write(w, map[string]any{"lifecycles": list})
}

// show shows a contract.
func (s *Server) show(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		c, err := s.visible(r.Context(), f, r.PathValue("contract"), actor)
		if err != nil {
			return f.refused(err)
		}
		return write(w, map[string]any{"contract": c})
	}
}

// explain tells what the actor can do.
func (s *Server) explain(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		c, err := s.visible(r.Context(), f, r.PathValue("contract"), actor)
		if err != nil {
			return f.refused(err)
		}
		x, err := escrow.Explain(c, actor, s.now())
		if err != nil {
			return f.refused(err)
		}
		return write(w, map[string]any{"explanation": x})
	}
}

// summary is a contract in a list.
type summary struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	Revision  uint64    `json:"revision"`
	Ended     bool      `json:"ended"`
	CreatedAt time.Time `json:"createdAt"`
	DecidedAt time.Time `json:"decidedAt"`
}

// list lists the actor's own contracts.
func (s *Server) list(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		query := r.URL.Query()
		limit, err := limitOf(query)
		if err != nil {
			return err
		}
		page, err := s.store().List(r.Context(), escrowsql.Query{Account: accountOf(actor), Lifecycle: f.name, Cursor: query.Get("cursor"), Limit: limit})
		if err != nil {
			return err
		}
		list := []summary{}
		for _, c := range page.Contracts {
			list = append(list, summary{c.ID, c.Status, c.Revision, c.Ended, c.CreatedAt, c.DecidedAt})
		}
		answer := map[string]any{"contracts": list}
		if page.Next != "" {
			answer["next"] = page.Next
		}
		return write(w, answer)
	}
}

// history tells a contract's decisions.
func (s *Server) history(f *family) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		after, limit, err := pageOf(r.URL.Query())
		if err != nil {
			return err
		}
		id := r.PathValue("contract")
		if _, err := s.visible(r.Context(), f, id, actor); err != nil {
			return f.refused(err)
		}
		entries, err := s.store().History(r.Context(), id, uint64(after), limit)
		if err != nil {
			return err
		}
		list := []entry{}
		for i := range entries {
			list, after = append(list, entryOf(&entries[i])), int64(entries[i].Revision)
		}
		return write(w, map[string]any{"entries": list, "next": after})
	}
}

// limitOf returns how many entries a request wants.
func limitOf(query url.Values) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return maxPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxPage {
		return 0, invalid("limit", "must be a whole number from 1 to "+itoa(maxPage))
	}
	return limit, nil
}

// pageOf returns after what a request wants entries, and how many.
func pageOf(query url.Values) (after int64, limit int, err error) {
	if text := query.Get("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 || after > 1<<53-1 {
			return 0, 0, invalid("after", "must be a whole number from 0 on")
		}
	}
	limit, err = limitOf(query)
	return after, limit, err
}
