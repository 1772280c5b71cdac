package marketplace

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// playground adds what only a sandbox has: keys for any account, people, proposals, and
// the clock. What comes as a form is the pages'.
func (m *Market) playground(mux *http.ServeMux, site http.Handler) {
	told := &escrowhttp.Errors{Log: m.options.Log}
	for at, answer := range map[string]func(ctx context.Context, body []byte) (any, error){
		"POST /sandbox/keys":      m.giveKey,
		"POST /sandbox/people":    m.addPerson,
		"POST /sandbox/proposals": m.addProposal,
		"POST /sandbox/clock":     m.setClock,
	} {
		byJSON := told.Handler(func(w http.ResponseWriter, r *http.Request) error {
			text, err := escrowhttp.ReadBody(r)
			if err != nil {
				return err
			}
			v, err := answer(r.Context(), text)
			if err != nil {
				return err
			}
			text, err = json.Marshal(v)
			if err == nil {
				escrowhttp.WriteJSON(w, http.StatusOK, text)
			}
			return err
		})
		mux.HandleFunc(at, func(w http.ResponseWriter, r *http.Request) {
			if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
				site.ServeHTTP(w, r)
				return
			}
			byJSON.ServeHTTP(w, r)
		})
	}
}

// malformed is the refusal of a member that is not as it should be.
func malformed(member, right string) error {
	return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, member+" "+right, map[string]any{"field": member})
}

// giveKey makes a key for an account: one that is an address asks OpenContract's calls by
// it, and everybody those of the lifecycles.
func (m *Market) giveKey(ctx context.Context, body []byte) (any, error) {
	var asked struct {
		Account string `json:"account"`
	}
	if err := escrowhttp.Decode(body, &asked); err != nil {
		return nil, err
	}
	type given struct {
		Account string `json:"account"`
		Key     string `json:"key"`
	}
	if address, err := x402.ParseAddress(asked.Account); err == nil {
		key, err := m.keys.Issue(ctx, address.String(), "sandbox")
		return given{address.String(), key}, err
	}
	key, _, err := m.People.Key(ctx, asked.Account)
	return given{asked.Account, key}, refusedRequest(err)
}

// addPerson adds a person to an account, who is let in once by the link.
func (m *Market) addPerson(ctx context.Context, body []byte) (any, error) {
	var asked struct {
		Name    string `json:"name"`
		Account string `json:"account"`
	}
	if err := escrowhttp.Decode(body, &asked); err != nil {
		return nil, err
	}
	user, link, err := m.People.Add(ctx, asked.Name, asked.Account)
	return map[string]string{"id": user.ID, "name": user.Name, "account": user.Account, "link": link}, refusedRequest(err)
}

// refusedRequest is why a request about people is refused.
func refusedRequest(err error) error {
	if refused := refusedPerson(err); refused != err {
		return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, err.Error(), nil)
	}
	return err
}

// addProposal stores a proposal that an employer can hire from.
func (m *Market) addProposal(ctx context.Context, body []byte) (any, error) {
	var asked struct {
		ID          string `json:"id"`
		Account     string `json:"account"`
		Trainer     string `json:"trainer"`
		JobID       string `json:"jobId"`
		Title       string `json:"title"`
		DisplayName string `json:"displayName"`
		Country     string `json:"country"`
		ProfilePath string `json:"profilePath"`
	}
	if err := escrowhttp.Decode(body, &asked); err != nil {
		return nil, err
	}
	err := m.train.AddProposal(ctx, trainapi.Proposal{ID: asked.ID, Account: asked.Account, Trainer: asked.Trainer, JobID: asked.JobID, Title: asked.Title,
		DisplayName: asked.DisplayName, Country: asked.Country, ProfilePath: asked.ProfilePath, CreatedAt: m.Clock.Now()})
	if err != nil {
		return nil, escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, err.Error(), nil)
	}
	return asked, nil
}

// setClock moves the clock forward, and answers when all that is due by then is done.
func (m *Market) setClock(ctx context.Context, body []byte) (any, error) {
	var asked struct {
		Now *time.Time `json:"now"`
	}
	if err := escrowhttp.Decode(body, &asked); err != nil {
		return nil, err
	}
	if asked.Now == nil {
		return nil, malformed("now", `is missing: an instant as "2026-06-01T12:00:00Z"`)
	}
	err := m.forward(ctx, *asked.Now)
	if errors.Is(err, ErrBackwards) || errors.Is(err, errTooFar) {
		return nil, malformed("now", "is not possible: "+err.Error())
	}
	return map[string]time.Time{"now": m.Clock.Now()}, err
}
