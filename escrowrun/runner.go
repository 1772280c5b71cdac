package escrowrun

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// Runner decides on stored contracts, and does their timed work. Its fields are set
// before it is first used; it is safe for use by many goroutines, and several runners,
// in several processes, may share a database.
type Runner struct {
	Store *escrowsql.Store
	// Rail moves the money; nil when nobody does, and movements are only stored.
	Rail Rail
	// Clock is the contracts' time, the system's own when nil.
	Clock escrow.Clock
	// Jury does what a lifecycle leaves to the system. Without one, what carries nothing
	// (as settling) is done, and all else (as drawing a jury) waits.
	Jury Jury

	// Also writes rows of the embedder's own, in the transaction of a decision.
	Also func(ctx context.Context, tx *sql.Tx, d *escrow.Decision) error
	// Messages returns what is to be told outside because of a decision; it goes to the
	// outbox in the transaction of the decision.
	Messages func(d *escrow.Decision) []escrowsql.Message
	// Deliver tells a message, of any topic in Topics. An error has it tried again.
	Deliver func(ctx context.Context, m escrowsql.Message) error
	Topics  []string

	// Wall is the processes' own time, by which leases run out and what failed is tried
	// again; the system's when nil. It is never moved, as Clock is in a sandbox.
	Wall escrow.Clock
	// Lease is how long a process that has died keeps others waiting, and the longest
	// that one request may take: 30 s when 0. CallLimit is how long the rail may take to
	// answer a call, 10 s when 0.
	Lease, CallLimit time.Duration
	// Patience is how long a payer has to answer a challenge: 15 minutes when 0.
	Patience time.Duration
	// Every is how often the timed work is looked at when there was none: 1 s when 0.
	Every time.Duration
	// Log is told what people should look at; nil tells nobody.
	Log *slog.Logger

	// Reached is told of every one of Points that the work comes by, so that tests can do
	// something in its midst, or stop it there by a panic; nil otherwise.
	Reached func(point string)
}

// at tells how far the work has got.
func (r *Runner) at(point string) {
	if r.Reached != nil {
		r.Reached(point)
	}
}

// Jury returns the command by which the system does an action of its own on a contract,
// such as drawing a jury; false when it cannot yet. It is asked outside of any
// transaction, and may be asked more than once for the same.
type Jury func(ctx context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error)

// Request is a command to a contract.
type Request struct {
	// Contract is its id. Draft, instead, is the contract that the command founds.
	Contract string
	Draft    escrow.Contract
	Command  escrow.Command
	// Actor asks. The application knows that it is who it says.
	Actor escrow.Actor
	// Key names the request among its account's, so that asking again is not asking
	// twice; empty for none. Fingerprint is a digest of all that is asked, made from
	// contract, command and actor when empty.
	Key, Fingerprint string
	// Proof is what the payer gave in answer to a challenge.
	Proof json.RawMessage
}

// Answer is what came of a request.
type Answer struct {
	// Decision is what was decided; of an answer given before, only Body and Status are.
	Decision escrow.Decision
	// Body is the decision or refusal as JSON. Asked again under the same key, it is the
	// same to the byte.
	Body []byte
	// Status is that of HTTP: 200, 202 while an approval is pending, or the refusal's.
	Status int
	// Replayed says that the request was answered before, under the same key.
	Replayed bool
}

// What a runner answers besides refusals, which are [escrow.Error]s, and the database's
// own errors. Nothing has happened but where it says so.
var (
	// ErrPaymentPending: nobody knows yet whether the payer's money is held. The same
	// request, under the same key, goes on from there.
	ErrPaymentPending = errors.New("whether the payment has been made is not known yet")
	// ErrBusy: others were faster too often.
	ErrBusy = errors.New("the contract changes too fast")
	// ErrNoKey: what needs a key to go on later has none.
	ErrNoKey = errors.New("a request whose payment needs an action of the payer needs an idempotency key")
)

// PaymentError says that a payer's money was not to be had. Nothing has happened.
type PaymentError struct {
	// Payer is the account that pays, Transfer what the rail answered: it was refused,
	// or it needs an action of the payer, and carries a challenge. The same request under
	// the same key, with the proof, goes on from there.
	Payer    string
	Transfer Transfer
}

// Error says which.
func (e *PaymentError) Error() string {
	if e.Transfer.State == NeedsAction {
		return fmt.Sprintf("%s must act before %s can be held", e.Payer, e.Transfer.Asset.Text(e.Transfer.Amount))
	}
	return fmt.Sprintf("%s of %s cannot be held: %s", e.Transfer.Asset.Text(e.Transfer.Amount), e.Payer, e.Transfer.Reason)
}

// Do asks a command of a stored contract. Deadlines that are due are applied first, each
// as a decision of the system's; the deposits are collected; the decision is committed.
// The error is the engine's refusal ([escrow.Error]; for a stranger, that there is no
// such contract), a [PaymentError], one of this package's, or the database's.
func (r *Runner) Do(ctx context.Context, id string, command escrow.Command, actor escrow.Actor, key string) (Answer, error) {
	return r.Ask(ctx, Request{Contract: id, Command: command, Actor: actor, Key: key})
}

// Found asks the command that founds a contract, as Do does.
func (r *Runner) Found(ctx context.Context, draft escrow.Contract, command escrow.Command, actor escrow.Actor, key string) (Answer, error) {
	return r.Ask(ctx, Request{Draft: draft, Command: command, Actor: actor, Key: key})
}

// Ask answers a request once: under a key that was answered before, by the same bytes.
// [escrowsql.ErrKeyReused] says that the key belongs to another request,
// [escrowsql.ErrKeyRunning] that the first under it is not answered yet.
func (r *Runner) Ask(ctx context.Context, q Request) (Answer, error) {
	w := work{Runner: r, Request: q, request: rand.Text()}
	if q.Key == "" {
		return w.answer(ctx)
	}
	if err := w.fingerprinted(); err != nil {
		return Answer{}, err
	}
	account := accountFor(q.Actor)
	w.key = &escrowsql.Key{Account: account, Key: q.Key, Fingerprint: w.Fingerprint}
	w.request = account + "\n" + q.Key
	return w.keyed(ctx)
}

// accountFor returns the account whose keys an actor uses.
func accountFor(a escrow.Actor) string {
	if a.Account == "" {
		return a.ID
	}
	return a.Account
}

// asked is what is asked and by whom, under whichever key.
func (w *work) asked() string {
	if w.Fingerprint == "" {
		return ""
	}
	return accountFor(w.Actor) + "\n" + w.Fingerprint
}

// fingerprinted gives a request a fingerprint that has none: a digest of what is asked,
// and by whom.
func (w *work) fingerprinted() error {
	if w.Fingerprint != "" {
		return nil
	}
	text, err := json.Marshal(struct {
		Contract string
		Draft    escrow.Contract
		Command  escrow.Command
		Actor    string
	}{w.Contract, w.Draft, w.Command, w.Actor.ID})
	sum := sha256.Sum256(text)
	w.Fingerprint = hex.EncodeToString(sum[:])
	return err
}

// keyed answers under a key.
func (w *work) keyed(ctx context.Context) (Answer, error) {
	found, err := w.Store.BeginKey(ctx, w.key, w.wall(), w.wall().Add(w.lease()))
	if err != nil {
		return Answer{}, err
	}
	if found != nil {
		return replay(found)
	}
	a, err := w.answer(ctx)
	switch {
	case err == nil: // the key was answered with the decision
	case errors.Is(err, escrowsql.ErrKeyLost):
		return w.keyed(ctx) // somebody else has it, and perhaps its answer
	case keeps(a.Status):
		finished := w.Store.FinishKey(ctx, w.keyAnswer(a.Status, a.Body))
		if errors.Is(finished, escrowsql.ErrKeyLost) {
			return w.keyed(ctx)
		}
		err = errors.Join(err, finished)
	case errors.Is(err, escrowsql.ErrUnknown): // the lease says when it may be asked again
	default:
		err = errors.Join(err, w.Store.DropKey(context.WithoutCancel(ctx), w.key))
	}
	return a, err
}

// keeps reports whether an answer is kept under its key: those that depend on the
// contract, and not those about who asks, how, or how often.
func keeps(status int) bool {
	return status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusConflict
}

// replay gives an answer once more.
func replay(found *escrowsql.Answer) (Answer, error) {
	a := Answer{Body: found.Body, Status: found.Status, Replayed: true}
	if found.Status < 300 {
		return a, nil
	}
	var told struct {
		Refusal struct {
			Code    escrow.Code
			Reason  escrow.Reason
			Message string
			Details map[string]any
		}
	}
	if err := json.Unmarshal(found.Body, &told); err != nil {
		return a, fmt.Errorf("a stored refusal: %w", err)
	}
	return a, escrow.NewRefusal(told.Refusal.Code, told.Refusal.Reason, told.Refusal.Message, told.Refusal.Details)
}

// system is the clock that nobody has set.
type system struct{}

func (system) Now() time.Time { return time.Now() }

func (r *Runner) clock() escrow.Clock {
	if r.Clock == nil {
		return system{}
	}
	return r.Clock
}

func (r *Runner) wall() time.Time {
	if r.Wall == nil {
		return time.Now()
	}
	return r.Wall.Now()
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func (r *Runner) lease() time.Duration { return or(r.Lease, 30*time.Second) }

// alarm tells people what they should look at.
func (r *Runner) alarm(ctx context.Context, what string, args ...any) {
	if r.Log != nil {
		r.Log.ErrorContext(ctx, what, args...)
	}
}
