package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/internal/reading"
)

// asked reads the form of an action of a contract.
func (v *visit) asked() (scene, *typed, escrow.Command, error) {
	c, err := v.scene(v.r.PathValue("id"))
	if err != nil {
		return c, nil, escrow.Command{}, err
	}
	l := c.Lifecycle()
	act := actOf(l, escrow.Action(v.r.PostFormValue("action")))
	if act == nil || answers[act.Action()] || act == escrow.Time {
		return c, nil, escrow.Command{}, problem{http.StatusBadRequest, "There is no such action.", "Open the contract again and use the forms there."}
	}
	t := &typed{action: act.Action(), values: posted(v.r.PostForm)}
	command, err := t.values.command(l, act, c.Contract)
	return c, t, command, err
}

// command does what a form of a contract asks.
func (v *visit) command() error {
	c, t, command, err := v.asked()
	if t == nil {
		return err
	}
	var answer escrowrun.Answer
	if err == nil {
		if status, told := v.signature(c.Contract, command); told != nil {
			t.refusal = told
			return v.showContract(status, c, nil, t)
		}
		answer, err = v.ask(escrowrun.Request{Contract: c.ID(), Command: command})
	}
	if err == nil {
		return v.done(c.ID(), answer)
	}
	status, told := v.refused(err, t)
	if told == nil {
		return err
	}
	t.refusal = told
	if c, err = v.scene(c.ID()); err != nil {
		return err
	}
	return v.showContract(status, c, nil, t)
}

// beginAction answers the page's script: what is to be signed for an action.
func (v *visit) beginAction() error {
	c, t, command, err := v.asked()
	if t == nil {
		return err
	}
	return v.beginCommand(c.Contract, command, err)
}

// beginCommand tells what is to be signed for a command, unless it cannot be read or is
// refused.
func (v *visit) beginCommand(c escrow.Contract, command escrow.Command, err error) error {
	if err == nil {
		_, err = escrow.Decide(c, command, v.Person.Actor, escrow.At(v.Now))
	}
	var refused *escrow.Error
	if errors.As(err, &refused) {
		return v.begin(Signing{}, refusal(refused))
	}
	if err != nil {
		return err
	}
	return v.begin(v.actionSigning(c, command), nil)
}

// actionSigning is what is signed for a command: all of it, and of one that founds a
// contract the terms as well.
func (v *visit) actionSigning(c escrow.Contract, command escrow.Command) Signing {
	text, _ := command.MarshalJSON() // it was read from JSON
	if c.IsDraft() {
		text, _ = json.Marshal(struct {
			Contract escrow.Contract `json:"contract"`
			Command  escrow.Command  `json:"command"`
		}{c, command})
	}
	sum := sha256.Sum256(text)
	return Signing{Contract: c.ID(), Own: text, Hash: hex.EncodeToString(sum[:]), Person: v.Person}
}

// signature demands the person's signature for an action that an agent would have to ask
// people for: here a person's word alone may move money. It is demanded whatever row
// answers now, for another may when the command is decided; what is refused now is not
// asked further.
func (v *visit) signature(c escrow.Contract, command escrow.Command) (int, *refusalView) {
	if !v.signs(c, command.Action()) {
		return 0, nil
	}
	if _, err := escrow.Decide(c, command, v.Person.Actor, escrow.At(v.Now)); err != nil {
		return v.refused(err, &typed{})
	}
	return v.signed(v.actionSigning(c, command))
}

// signs reports whether a person who takes an action may give the word that others wait
// for.
func (v *visit) signs(c escrow.Contract, action escrow.Action) bool {
	if v.Person.Actor.Kind != escrow.KindHuman {
		return false
	}
	return slices.ContainsFunc(reading.Spec(c.Lifecycle()).Rules, func(r escrow.Rule) bool {
		return r.On.Action() == action && r.CoSign.Type != "" && len(r.CoSign.From) == 0
	})
}

// ask asks the runner in the name of the person, under the form's key.
func (v *visit) ask(q escrowrun.Request) (escrowrun.Answer, error) {
	q.Actor, q.Key = v.Person.Actor, v.r.PostFormValue("key")
	if q.Key == "" || len(q.Key) > 200 {
		return escrowrun.Answer{}, problem{http.StatusBadRequest, "This form has no key.", "Open the page again and use the form there, so that sending it twice does nothing twice."}
	}
	if proof := v.r.PostFormValue("proof"); proof != "" && json.Valid([]byte(proof)) {
		q.Proof = json.RawMessage(proof)
	}
	return v.Runner.Ask(v.ctx(), q)
}

// done shows what came of a form: a page that can be loaded again.
func (v *visit) done(id string, answer escrowrun.Answer) error {
	revision, approval := outcome(answer.Body)
	query := url.Values{"done": {stamp(revision)}}
	if approval != "" {
		query.Set("waits", approval)
	}
	return v.to("/contracts/"+url.PathEscape(id), query)
}

// refused says in words why the runner did nothing; nil when that is not the asker's
// affair. What is to be sent again keeps its key.
func (v *visit) refused(err error, t *typed) (int, *refusalView) {
	again := func(message string) (int, *refusalView) {
		t.key = v.r.PostFormValue("key")
		return http.StatusConflict, &refusalView{Message: message, Remedy: "Send the form again: it goes on from there, and acts once."}
	}
	var refused *escrow.Error
	var payment *escrowrun.PaymentError
	switch {
	case errors.As(err, &refused):
		return refused.Code().HTTP(), refusal(refused)
	case errors.As(err, &payment) && payment.Transfer.State == escrowrun.NeedsAction:
		status, told := again("The payment of " + payment.Transfer.Asset.Text(payment.Transfer.Amount) + " " + payment.Transfer.Asset.Code + " waits for its payer.")
		t.proof = "{}"
		told.Remedy = "Do what the payment asks for, then send the form again: it goes on from there, and acts once."
		return status, told
	case errors.As(err, &payment):
		return http.StatusPaymentRequired, &refusalView{Message: sentence(payment.Error()), Remedy: "Nothing has happened. Use another way to pay, or another amount."}
	case errors.Is(err, escrowrun.ErrPaymentPending):
		return again("Whether the payment was made is not known yet.")
	case errors.Is(err, escrowrun.ErrBusy), errors.Is(err, escrowsql.ErrUnknown), errors.Is(err, escrowsql.ErrKeyRunning):
		return again("This is still being worked on.")
	case errors.Is(err, escrowsql.ErrKeyReused):
		return http.StatusConflict, &refusalView{Message: "This form was sent before with other content.", Remedy: "What was sent first counts. To do this as well, send this fresh form."}
	}
	return 0, nil
}
