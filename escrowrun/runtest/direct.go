package runtest

import (
	"context"
	"errors"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
)

// direct asks a runner by itself.
type direct struct{ *escrowrun.Runner }

func (d direct) Found(draft escrow.Contract, q escrowtest.Question) (escrowtest.Answer, error) {
	return d.ask(escrowrun.Request{Draft: draft, Command: q.Command, Actor: q.Actor, Key: q.Key})
}

func (d direct) Ask(contract string, q escrowtest.Question) (escrowtest.Answer, error) {
	return d.ask(escrowrun.Request{Contract: contract, Command: q.Command, Actor: q.Actor, Key: q.Key})
}

func (d direct) ask(r escrowrun.Request) (escrowtest.Answer, error) {
	a, err := d.Runner.Ask(context.Background(), r)
	if a.Status == 0 {
		return escrowtest.Answer{}, err
	}
	return escrowtest.ParseAnswer(a.Body, d.Store.Lifecycles()...)
}

func (d direct) Taken(err error) bool   { return errors.Is(err, escrowsql.ErrKeyReused) }
func (d direct) Running(err error) bool { return errors.Is(err, escrowsql.ErrKeyRunning) }

func (d direct) Read(actor escrow.Actor, contract string, _ time.Time) (escrow.Contract, error) {
	c, err := d.Store.Find(context.Background(), contract)
	if errors.Is(err, escrowsql.ErrNotFound) || err == nil && !escrow.Visible(c, actor) {
		return c, escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)
	}
	return c, err
}

func (d direct) ReadApproval(actor escrow.Actor, id string, now time.Time) ([]byte, error) {
	a, err := d.Store.Approval(context.Background(), id)
	if err == nil {
		_, err = d.Read(actor, a.ContractID, now)
	}
	var refusal *escrow.Error
	if errors.Is(err, escrowsql.ErrNotFound) || errors.As(err, &refusal) {
		err = escrow.NewRefusal(escrow.NotFound, escrow.ApprovalNotFound, "there is no approval of this id", nil)
	}
	return a.Record, err
}

func (d direct) List(actor escrow.Actor, cursor string, limit int, _ time.Time) (ids []string, next string, err error) {
	account := actor.Account
	if account == "" {
		account = actor.ID
	}
	page, err := d.Store.List(context.Background(), escrowsql.Query{Account: account, Cursor: cursor, Limit: limit})
	for _, c := range page.Contracts {
		ids = append(ids, c.ID)
	}
	return ids, page.Next, err
}
