package escrowtest_test

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keeper is a backend in memory that lets everything be looked at. What it shows may
// be changed on its way.
type keeper struct {
	kept  map[string]escrow.Contract
	id    string
	made  []escrowtest.Answer
	keys  map[string]keyed
	known map[string]escrow.Approval

	books    func(*escrowtest.Books)
	payments func(deposits, payouts []escrowtest.Payment) (in, out []escrowtest.Payment)
	history  func([]escrowtest.Answer) []escrowtest.Answer
	approval func([]byte) []byte
	list     func(ids []string, next string) ([]string, string)
	read     func(k *keeper, id string, c escrow.Contract, err error) (escrow.Contract, error)
	race     func(a, b *escrowtest.Answer)
	crash    func(k *keeper, was escrow.Contract, made []escrowtest.Answer)
}

// keyed is a question that was asked under a key.
type keyed struct {
	asked  string
	answer escrowtest.Answer
}

var errTaken = errors.New("the key is taken")

func (k *keeper) Begin(c escrow.Contract) error {
	k.kept, k.id, k.made = map[string]escrow.Contract{c.ID(): c}, c.ID(), nil
	k.keys, k.known = map[string]keyed{}, map[string]escrow.Approval{}
	return nil
}

func (k *keeper) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	was, used := k.keys[q.Key]
	if used && was.asked != q.String() {
		return escrowtest.Answer{}, errTaken
	} else if used {
		return was.answer, nil
	}
	c := k.kept[k.id]
	a := escrowtest.AnswerOf(escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now)))
	if a.Accepted() && a.Contract.Revision() != c.Revision() {
		k.kept[k.id], k.made = *a.Contract, append(k.made, a)
		for _, approval := range a.Contract.Approvals() {
			k.known[approval.ID] = approval
		}
	}
	if q.Key != "" && a.Accepted() {
		k.keys[q.Key] = keyed{q.String(), a}
	}
	return a, nil
}

func (k *keeper) KeyTaken(err error) bool { return errors.Is(err, errTaken) }

func (k *keeper) seen(actor escrow.Actor, id string) (escrow.Contract, error) {
	if c, is := k.kept[id]; is && escrow.Visible(c, actor) {
		return c, nil
	}
	return escrow.Contract{}, escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "", nil)
}

func (k *keeper) Read(actor escrow.Actor, id string, _ time.Time) (escrow.Contract, error) {
	c, err := k.seen(actor, id)
	if k.read != nil {
		return k.read(k, id, c, err)
	}
	return c, err
}

func (k *keeper) ReadApproval(actor escrow.Actor, id string, _ time.Time) ([]byte, error) {
	a, is := k.known[id]
	if _, err := k.seen(actor, k.id); err != nil || !is {
		return nil, escrow.NewRefusal(escrow.NotFound, escrow.ApprovalNotFound, "", nil)
	}
	text, err := a.MarshalJSON()
	if k.approval != nil {
		text = k.approval(text)
	}
	return text, err
}

func (k *keeper) History(escrow.Actor, string, time.Time) ([]escrowtest.Answer, error) {
	if k.history != nil {
		return k.history(k.made), nil
	}
	return k.made, nil
}

func (k *keeper) Keep(draft escrow.Contract) error {
	k.kept[draft.ID()] = draft
	return nil
}

// List has a page of its own size for each contract.
func (k *keeper) List(actor escrow.Actor, cursor string, _ int, _ time.Time) (ids []string, next string, err error) {
	first := ""
	for id, c := range k.kept {
		switch {
		case id <= cursor || !escrow.Visible(c, actor):
		case first == "" || id < first:
			first, next = id, first
		case next == "" || id < next:
			next = id
		}
	}
	if first != "" {
		ids = []string{first}
	}
	if next != "" {
		next = first
	}
	if k.list != nil {
		ids, next = k.list(ids, next)
	}
	return ids, next, nil
}

func (k *keeper) Books(string) (escrowtest.Books, error) {
	b := escrowtest.Books{Held: map[string]*big.Int{}, Balances: map[string]*big.Int{"all": new(big.Int)}}
	k.each(func(m escrowtest.Movement) {
		b.Booked = append(b.Booked, escrowtest.Booking{ID: m.ID, From: m.From.String(), To: m.To.String(), Units: m.Amount.BigInt()})
	})
	for _, h := range k.kept[k.id].Custody() {
		b.Held[h.Account.String()] = h.Amount.BigInt()
	}
	if k.books != nil {
		k.books(&b)
	}
	return b, nil
}

func (k *keeper) each(yield func(escrowtest.Movement)) {
	for _, a := range k.made {
		for _, m := range a.Movements {
			yield(m)
		}
	}
}

// Payments pays nothing yet.
func (k *keeper) Payments(string) (in, out []escrowtest.Payment, err error) {
	k.each(func(m escrowtest.Movement) {
		if m.From.ID != "" && !m.From.Custody {
			in = append(in, escrowtest.Payment{ID: m.ID, Units: m.Amount.BigInt(), State: escrowtest.PaymentCaptured})
		}
		if m.To.ID != "" && !m.To.Custody {
			out = append(out, escrowtest.Payment{ID: m.ID, Units: m.Amount.BigInt(), State: escrowtest.PaymentWaiting})
		}
	})
	if k.payments != nil {
		in, out = k.payments(in, out)
	}
	return in, out, nil
}

// Race has a lock: the first goes on first.
func (k *keeper) Race(first, second escrowtest.Question) (a, b escrowtest.Answer, err error) {
	a, err = k.Ask(first)
	if err == nil {
		b, err = k.Ask(second)
	}
	if k.race != nil {
		k.race(&a, &b)
	}
	return a, b, err
}

// Crash has one point to stop at, after everything is kept.
func (k *keeper) Crash(q escrowtest.Question, step int) (stopped bool, err error) {
	was, made := k.kept[k.id], k.made
	_, err = k.Ask(q)
	if k.crash != nil {
		k.crash(k, was, made)
	}
	return step == 0, err
}

// many is enough for each trial, and for payouts.
var many = []escrowtest.Option{escrowtest.Playing(octplay.Play(), otplay.Play()), escrowtest.AtLeast(60), escrowtest.AtMost(60)}

func TestKeeper(t *testing.T) {
	report := escrowtest.Try(&keeper{}, many...)
	require.Nil(t, report.Failure, "%s", report.Failure)
	assert.Empty(t, report.Checks.Missing())
	for name, n := range report.Checks {
		assert.Positive(t, n, name)
	}
	assert.Contains(t, report.String(), "checked besides the answers: Reader ")
	assert.Contains(t, escrowtest.Try(escrowtest.Engine(), many...).String(), "not checked: Reader, ApprovalReader,")
}
