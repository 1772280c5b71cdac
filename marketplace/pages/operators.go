package pages

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/internal/reading"
)

// operatorsView is what people who run the marketplace look at.
type operatorsView struct {
	Reviews    []reviewView
	Dead       []payingView
	Shortfalls []shortfallView
	Letters    []escrowsql.Message
	Keys       []keyView
	// Said is what was just done.
	Said string
}

// reviewView is a decision whose payouts wait for people.
type reviewView struct {
	Contract, Revision string
	Payments           []payingView
	Quorum             int
	Released           []string
	// Yours says that the person has released it already.
	Yours bool
}

// payingView is a payment.
type payingView struct {
	ID, Kind, Contract, To, Problem string
	Sum                             sumView
	Attempts                        int
}

// shortfallView is money that was promised and finally not to be had.
type shortfallView struct {
	ID, Contract, Payer, Problem string
	Sum                          sumView
	At                           instantView
}

// keyView is a request that has not been answered yet.
type keyView struct {
	Account, Key string
	At, Until    instantView
}

// operator fails for everybody else, for whom there is no such page.
func (v *visit) operator() error {
	if !v.Known || !v.Person.Operator {
		return errMissing
	}
	return nil
}

// operators shows what waits for people.
func (v *visit) operators() error {
	if err := v.operator(); err != nil {
		return err
	}
	store, ctx := v.Runner.Store, v.ctx()
	p := operatorsView{Said: said[v.r.FormValue("done")]}
	review, err := store.Payments(ctx, escrowsql.PaymentReview, "", mostListed)
	if err != nil {
		return err
	}
	if p.Reviews, err = v.reviews(review); err != nil {
		return err
	}
	dead, err := store.Payments(ctx, escrowsql.PaymentDead, "", mostListed)
	if err != nil {
		return err
	}
	for _, one := range dead {
		p.Dead = append(p.Dead, paying(&one))
	}
	short, err := store.Shortfalls(ctx, "", mostListed)
	if err != nil {
		return err
	}
	for _, i := range short {
		p.Shortfalls = append(p.Shortfalls, shortfallView{ID: i.ID, Contract: i.ContractID, Payer: i.Payer, Problem: i.Problem, Sum: sumOf(i.Amount, i.Asset), At: instant(i.CreatedAt, v.Now)})
	}
	for _, topic := range v.Runner.Topics {
		letters, err := store.DeadLetters(ctx, topic, mostListed)
		if err != nil {
			return err
		}
		p.Letters = append(p.Letters, letters...)
	}
	keys, err := store.OpenKeys(ctx, mostListed)
	if err != nil {
		return err
	}
	for _, k := range keys {
		p.Keys = append(p.Keys, keyView{k.Account, k.Key, instant(k.CreatedAt, v.wall()), instant(k.Until, v.wall())})
	}
	v.show(http.StatusOK, "operators", "Operators", p)
	return nil
}

func paying(p *escrowsql.Payment) payingView {
	return payingView{ID: p.ID, Kind: plain(p.Kind), Contract: p.ContractID, To: p.Account, Problem: p.Problem, Sum: sumOf(p.Amount, p.Asset), Attempts: p.Attempts}
}

// reviews groups payments under review by the decision whose they are.
func (v *visit) reviews(list []escrowsql.Payment) (all []reviewView, err error) {
	at := map[string]int{}
	for i := range list {
		p := &list[i]
		key := p.ContractID + " " + stamp(p.Revision)
		n, known := at[key]
		if !known {
			n = len(all)
			at[key] = n
			r := reviewView{Contract: p.ContractID, Revision: stamp(p.Revision), Quorum: p.Quorum}
			if r.Released, err = v.Runner.Store.Releasers(v.ctx(), p.ContractID, p.Revision); err != nil {
				return nil, err
			}
			for _, who := range r.Released {
				r.Yours = r.Yours || who == reading.Person(v.Person.Actor)
			}
			all = append(all, r)
		}
		all[n].Payments = append(all[n].Payments, paying(p))
	}
	return all, nil
}

// said is what was just done, by what the address tells.
var said = map[string]string{
	"released": "The payouts leave now.", "looked": "Your look is recorded. The payouts wait for another person.",
	"retried": "The payment is tried again.", "resent": "The message is sent again.", "gone": "That was done already.",
}

// release records that the operator has looked at payouts.
func (v *visit) release() error {
	if err := v.operator(); err != nil {
		return err
	}
	revision, err := strconv.ParseUint(v.r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return problem{http.StatusBadRequest, "There is no such decision.", "Open the desk again."}
	}
	released, err := v.Runner.Release(v.ctx(), v.r.PostFormValue("contract"), revision, reading.Person(v.Person.Actor))
	done := "looked"
	if released {
		done = "released"
	}
	return v.did(err, done)
}

// retry has a payment that was given up tried again.
func (v *visit) retry() error {
	if err := v.operator(); err != nil {
		return err
	}
	return v.did(v.Runner.Store.Retry(v.ctx(), v.r.PostFormValue("payment")), "retried")
}

// resend has a dead letter sent again.
func (v *visit) resend() error {
	if err := v.operator(); err != nil {
		return err
	}
	return v.did(v.Runner.Store.Resend(v.ctx(), v.r.PostFormValue("message")), "resent")
}

// did goes back to the desk. What is not there any more was done before.
func (v *visit) did(err error, done string) error {
	if errors.Is(err, escrowsql.ErrNotFound) {
		done, err = "gone", nil
	}
	if err != nil {
		return err
	}
	return v.to("/operators", map[string][]string{"done": {done}})
}
