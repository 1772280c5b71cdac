package trainapi

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
)

const (
	// mostWebhooks is how many subscriptions an account has at most.
	mostWebhooks = 10
	// mostURL is the greatest length of a receiver's address.
	mostURL = 2048

	active, disabled = "ACTIVE", "DISABLED"
)

// subscription is a webhook of an account.
type subscription struct {
	id, account, url, types, secret, status string
	failures                                int
	created, disabled                       time.Time
	reason                                  string
}

type webhookJSON struct {
	ID             string   `json:"id"`
	URL            string   `json:"url"`
	EventTypes     []string `json:"eventTypes"`
	Status         string   `json:"status"`
	CreatedAt      when     `json:"createdAt"`
	DisabledAt     when     `json:"disabledAt"`
	DisabledReason orNull   `json:"disabledReason"`
}

func (h *subscription) view() webhookJSON {
	return webhookJSON{h.id, h.url, strings.Fields(h.types), h.status, when(h.created), when(h.disabled), orNull(h.reason)}
}

const webhookColumns = `SELECT id, account, url, event_types, secret, status, failures, created_at, disabled_at, disabled_reason FROM trainapi_webhooks `

func readWebhook(scan func(...any) error) (h subscription, err error) {
	var created, ended string
	if err := scan(&h.id, &h.account, &h.url, &h.types, &h.secret, &h.status, &h.failures, &created, &ended, &h.reason); err != nil {
		return h, err
	}
	h.created, err = instant(created)
	if err == nil {
		h.disabled, err = instant(ended)
	}
	return h, err
}

// createWebhook subscribes an address to what happens from now on.
func (s *Server) createWebhook(w http.ResponseWriter, r *http.Request, c Caller) error {
	var asked struct {
		URL        string   `json:"url"`
		EventTypes []string `json:"eventTypes"`
	}
	body, err := escrowhttp.ReadBody(r)
	if err == nil {
		err = escrowhttp.Decode(body, &asked)
	}
	if err == nil {
		err = s.receivable(asked.URL)
	}
	if err == nil {
		err = subscribable(c.Actor, asked.EventTypes)
	}
	if err != nil {
		return err
	}
	slices.Sort(asked.EventTypes)
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // it never fails
	h := subscription{id: "wh-" + strings.ToLower(rand.Text()), account: c.Actor.Account, url: asked.URL,
		types: strings.Join(slices.Compact(asked.EventTypes), " "), secret: "whsec_" + hex.EncodeToString(raw), status: active, created: s.now()}
	if err := s.subscribe(r.Context(), &h); err != nil {
		return err
	}
	return write(w, http.StatusCreated, map[string]any{"webhook": h.view(), "secret": h.secret,
		"message": "Keep the secret: it is told only here. The header " + signatureHeader + " of deliveries is verified with it."})
}

// receivable refuses an address that nothing can be delivered to.
func (s *Server) receivable(address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return badField("url", "is missing")
	case len(address) > mostURL:
		return badField("url", "is longer than 2048 characters")
	case err == nil && u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1":
		return badField("url", "must begin with https://, or be on localhost while you develop")
	}
	if err := s.Sender.Check(address); err != nil {
		return badField("url", err.Error())
	}
	return nil
}

// subscribable refuses types of events that there are none of, or that the token cannot see.
func subscribable(a escrow.Actor, types []string) error {
	if len(types) == 0 {
		return badField("eventTypes", "must name at least one type of event")
	}
	for _, t := range types {
		scope, known := eventScopes[t]
		if !known {
			return badField("eventTypes", "names a type of event that there is none of")
		}
		if err := (need{scopes: []string{scope}}).gate(a); err != nil {
			return err
		}
	}
	return nil
}

// subscribe stores a subscription, unless the account has enough.
func (s *Server) subscribe(ctx context.Context, h *subscription) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if s.postgres() { // those who subscribe at once do not see each other
			if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7310870)`); err != nil {
				return err
			}
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM trainapi_webhooks WHERE account = $1`, h.account).Scan(&n); err != nil {
			return err
		}
		if n >= mostWebhooks {
			return refuse(http.StatusConflict, TooManyWebhooks, "the account has ten webhooks: delete one first", map[string]any{"limit": mostWebhooks})
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO trainapi_webhooks
			(id, account, url, event_types, secret, status, failures, created_at, disabled_at, disabled_reason)
			VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', '')`, h.id, h.account, h.url, h.types, h.secret, h.status, stamp(h.created))
		return err
	})
}

// listWebhooks lists an account's subscriptions, newest first.
func (s *Server) listWebhooks(w http.ResponseWriter, r *http.Request, c Caller) error {
	found, err := query(r.Context(), s.db(), readWebhook, webhookColumns+`WHERE account = $1 ORDER BY created_at DESC, id`, c.Actor.Account)
	list := []webhookJSON{}
	for i := range found {
		list = append(list, found[i].view())
	}
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"webhooks": list})
}

// getWebhook shows a subscription.
func (s *Server) getWebhook(w http.ResponseWriter, r *http.Request, c Caller) error {
	h, err := s.subscribed(r.Context(), r.PathValue("webhookId"), c.Actor.Account)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"webhook": h.view()})
}

// deleteWebhook ends a subscription: nothing is delivered to it any more.
func (s *Server) deleteWebhook(w http.ResponseWriter, r *http.Request, c Caller) error {
	h, err := s.subscribed(r.Context(), r.PathValue("webhookId"), c.Actor.Account)
	if err == nil {
		_, err = s.db().ExecContext(r.Context(), `DELETE FROM trainapi_webhooks WHERE id = $1`, h.id)
	}
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"webhook": h.view(), "deleted": true})
}

// subscribed returns an account's subscription; there is none of another account.
func (s *Server) subscribed(ctx context.Context, id, account string) (h subscription, err error) {
	found, err := query(ctx, s.db(), readWebhook, webhookColumns+`WHERE id = $1 AND account = $2`, id, account)
	if err == nil && len(found) == 0 {
		err = nothing("webhooks", "webhookId", id)
	}
	if err != nil {
		return h, err
	}
	return found[0], nil
}

// errNoSubscription says that nobody wants a delivery any more.
var errNoSubscription = errors.New("nobody is subscribed any more")

// listener returns a subscription that is to be delivered to.
func (s *Server) listener(ctx context.Context, id string) (h subscription, err error) {
	found, err := query(ctx, s.db(), readWebhook, webhookColumns+`WHERE id = $1 AND status = $2`, id, active)
	if err == nil && len(found) == 0 {
		err = errNoSubscription
	}
	if err != nil {
		return h, err
	}
	return found[0], nil
}
