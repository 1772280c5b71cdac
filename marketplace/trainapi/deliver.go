package trainapi

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/escrowsql"
)

const (
	topic = "trainapi.webhook"

	signatureHeader = "X-OpenTrain-Signature"
	eventHeader     = "X-OpenTrain-Event"
	deliveryHeader  = "X-OpenTrain-Delivery"

	// mostAttempts is how often a delivery is tried, mostFailures how many in a row fail
	// until the subscription is disabled.
	mostAttempts, mostFailures = 5, 10
)

// Topics returns the topics of the outbox that Deliver tells.
func (s *Server) Topics() []string { return []string{topic} }

// letter is a message of the outbox: which event goes to which subscription.
type letter struct {
	Webhook  string `json:"webhook"`
	Contract string `json:"contract"`
	Revision uint64 `json:"revision"`
	Position int    `json:"position"`
}

// enqueue puts the deliveries of events into the outbox: to those who are subscribed when
// the decision is stored, and to nobody who comes later.
func (s *Server) enqueue(ctx context.Context, tx *sql.Tx, events []event) error {
	if len(events) == 0 {
		return nil
	}
	listeners, err := query(ctx, tx, readWebhook, webhookColumns+`WHERE account = $1 AND status = $2 ORDER BY id`, events[0].account, active)
	if err != nil {
		return err
	}
	var messages []escrowsql.Message
	for _, h := range listeners {
		for _, e := range events {
			if !slices.Contains(strings.Fields(h.types), e.kind) {
				continue
			}
			payload, err := json.Marshal(letter{h.id, e.contract, e.revision, e.position})
			if err != nil {
				return err
			}
			id := strings.Join([]string{h.id, e.contract, itoa(int64(e.revision)), itoa(int64(e.position))}, ":")
			messages = append(messages, escrowsql.Message{ID: id, Topic: topic, ContractID: e.contract, Payload: string(payload)})
		}
	}
	wall := time.Now()
	if s.Runner.Wall != nil {
		wall = s.Runner.Wall.Now()
	}
	return s.store().Enqueue(ctx, tx, messages, wall)
}

// Deliver tells an event to a subscription: it is the runner's Deliver. An error has it
// tried again; after five attempts it is given up, and after ten failures in a row the
// subscription is disabled.
func (s *Server) Deliver(ctx context.Context, m escrowsql.Message) error {
	var l letter
	if err := json.Unmarshal([]byte(m.Payload), &l); err != nil {
		return err
	}
	_, err := s.listener(ctx, l.Webhook)
	if errors.Is(err, errNoSubscription) {
		return nil
	}
	if err == nil {
		m.Payload, err = s.record(ctx, l)
	}
	if err != nil {
		return err
	}
	sent := s.Sender.Deliver(ctx, m)
	if err := s.count(context.WithoutCancel(ctx), l.Webhook, sent); err != nil {
		return err
	}
	if m.Attempts+1 >= mostAttempts {
		return nil
	}
	return sent
}

// record returns the event that a letter is about, as the feed tells it.
func (s *Server) record(ctx context.Context, l letter) (string, error) {
	found, err := query(ctx, s.db(), readEvent, eventColumns+`WHERE contract_id = $1 AND revision = $2 AND position = $3`, l.Contract, int64(l.Revision), l.Position)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("the event of a delivery is not stored")
	}
	number, err := s.decisionNumber(ctx, place{l.Contract, l.Revision})
	if err != nil {
		return "", err
	}
	return found[0].body(number*width + int64(l.Position))
}

// count counts failures in a row, and disables a subscription that has had too many.
func (s *Server) count(ctx context.Context, id string, failed error) error {
	if failed == nil {
		_, err := s.db().ExecContext(ctx, `UPDATE trainapi_webhooks SET failures = 0 WHERE id = $1 AND failures <> 0`, id)
		return err
	}
	if _, err := s.db().ExecContext(ctx, `UPDATE trainapi_webhooks SET failures = failures + 1 WHERE id = $1`, id); err != nil {
		return err
	}
	return s.disable(ctx, id, "Disabled after repeated delivery failures", mostFailures)
}

// disable disables a subscription that has had so many failures.
func (s *Server) disable(ctx context.Context, id, reason string, failures int) error {
	_, err := s.db().ExecContext(ctx, `UPDATE trainapi_webhooks SET status = $2, disabled_at = $3, disabled_reason = $4
		WHERE id = $1 AND status = $5 AND failures >= $6`, id, disabled, stamp(s.now()), reason, active, failures)
	return err
}

// gone is called when a receiver wants no more.
func (s *Server) gone(ctx context.Context, m escrowsql.Message) error {
	return s.disable(ctx, listenerOf(m), "The receiver answered 410 Gone", 0)
}

// listenerOf returns whose delivery a message is.
func listenerOf(m escrowsql.Message) string {
	id, _, _ := strings.Cut(m.ID, ":")
	return id
}

// endpoint returns where a delivery goes, and how it is signed.
func (s *Server) endpoint(ctx context.Context, m escrowsql.Message) (webhook.Endpoint, error) {
	h, err := s.listener(ctx, listenerOf(m))
	if errors.Is(err, errNoSubscription) {
		return webhook.Endpoint{}, nil
	}
	if err != nil {
		return webhook.Endpoint{}, err
	}
	sign, err := webhook.Timestamped(signatureHeader, h.secret)
	if err != nil {
		return webhook.Endpoint{}, err
	}
	return webhook.Endpoint{URL: h.url, Sign: func(id string, at time.Time, body []byte) (http.Header, error) {
		var e struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, err
		}
		header, err := sign(id, at, body)
		if err == nil {
			header.Set(eventHeader, e.Type)
			header.Set(deliveryHeader, id)
		}
		return header, err
	}}, nil
}
