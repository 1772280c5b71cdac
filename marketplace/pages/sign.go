package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Signing is what a person signs: an approval, or an action that needs nobody else's word
// though an agent's would wait for a person's.
type Signing struct {
	// Contract is the id of the contract, Approval that of the approval, empty of an action.
	Contract, Approval string
	// Own are the person's own terms as a JSON object, {} when there are none; of an action,
	// all that is asked. Hash is the approval's digest of what was shown, of an action the
	// SHA-256 of Own.
	Own  json.RawMessage
	Hash string
	// Person is who signs.
	Person Person
}

// Signer takes a person's signature, such as by a passkey.
type Signer interface {
	// Begin returns what navigator.credentials.get is to be called with, as
	// PublicKeyCredential.parseRequestOptionsFromJSON reads it. Its challenge stands for all
	// of the signing.
	Begin(ctx context.Context, r *http.Request, s Signing) (options json.RawMessage, err error)
	// Finish checks the credential that came back, as its toJSON writes it, and spends the
	// challenge. A nil error says that the person has signed exactly this.
	Finish(ctx context.Context, r *http.Request, s Signing, answer []byte) error
}

// agreement is a confirmation on its way: what the person chose, and what it would move.
type agreement struct {
	scene    scene
	approval escrow.Approval
	own      json.RawMessage
	command  escrow.Command
	// decision is what a confirmation would do now, refused why not.
	decision escrow.Decision
	refused  *escrow.Error
}

// agree works out a confirmation with the terms that a form has.
func (v *visit) agree(c scene, a escrow.Approval, own values) (agreement, error) {
	g := agreement{scene: c, approval: a}
	fields := adjusts(c.Contract, &a)
	object := own.changed(fields, &a).object(fields, "", c.Contract)
	var err error
	if g.own, err = json.Marshal(object); err != nil {
		return g, err
	}
	object["approvalId"], object["hash"], object["action"] = a.ID, a.Hash, "confirm"
	text, err := json.Marshal(object)
	if err != nil {
		return g, err
	}
	g.command, err = c.Lifecycle().ParseCommand(text)
	if err == nil {
		g.decision, err = escrow.Decide(c.Contract, g.command, v.Person.Actor, escrow.At(v.Now))
	}
	if err != nil {
		if !errors.As(err, &g.refused) {
			return g, err
		}
	}
	return g, nil
}

// shown is a digest of what the page shows: the approval, the person's own terms and all
// that would move. A confirmation of anything else is shown once more.
func (g *agreement) shown() string {
	d := sha256.New()
	fmt.Fprintln(d, g.approval.Hash, string(g.own))
	if g.refused == nil {
		for _, m := range movements(&g.decision) {
			fmt.Fprintln(d, m)
		}
	}
	return hex.EncodeToString(d.Sum(nil))
}

// agreed reads the form of a confirmation. The approval must be the one that was shown,
// with what would move.
func (v *visit) agreed() (agreement, *refusalView, error) {
	c, a, err := v.approvalHere()
	if err != nil {
		return agreement{}, nil, err
	}
	g, err := v.agree(c, a, posted(v.r.PostForm))
	switch {
	case err != nil:
		return g, nil, err
	case g.refused != nil:
		return g, refusal(g.refused), nil
	case v.r.PostFormValue("shown") != g.shown():
		return g, &refusalView{Message: "What would move is not what was shown before.", Remedy: "Look at it as it is now, then confirm."}, nil
	}
	return g, nil, nil
}

func (v *visit) signing(g *agreement) Signing {
	return Signing{Contract: g.scene.ID(), Approval: g.approval.ID, Hash: g.approval.Hash, Own: g.own, Person: v.Person}
}

// beginSigning answers the page's script: what is to be signed.
func (v *visit) beginSigning() error {
	g, refused, err := v.agreed()
	if err != nil {
		return err
	}
	return v.begin(v.signing(&g), refused)
}

// begin tells the page's script what the authenticator is to sign, or why nothing is.
func (v *visit) begin(s Signing, refused *refusalView) error {
	answer := func(status int, body any) error {
		v.w.Header().Set("Content-Type", "application/json")
		v.w.WriteHeader(status)
		return json.NewEncoder(v.w).Encode(body)
	}
	if refused == nil && v.Signer == nil {
		refused = unsignable
	}
	if refused != nil {
		return answer(http.StatusConflict, map[string]string{"message": refused.Message + " " + refused.Remedy})
	}
	options, err := v.Signer.Begin(v.ctx(), v.r, s)
	if err != nil {
		v.logUnsigned(err)
		return answer(http.StatusForbidden, map[string]string{"message": "Your signature cannot be taken. Sign in again, then confirm."})
	}
	return answer(http.StatusOK, map[string]json.RawMessage{"options": options})
}

var unsignable = &refusalView{Message: "Nothing can be signed here.", Remedy: "Confirm where your passkey is registered."}

func (v *visit) logUnsigned(err error) {
	if v.Log != nil {
		v.Log.WarnContext(v.ctx(), "a signature was not taken", "path", v.r.URL.Path, "problem", err)
	}
}

// confirm carries out what a person has signed.
func (v *visit) confirm() error {
	g, refused, err := v.agreed()
	if err != nil {
		return err
	}
	status := http.StatusConflict
	if refused == nil {
		status, refused = v.signed(v.signing(&g))
	}
	if refused != nil {
		return v.showApproval(status, g.scene, g.approval, posted(v.r.PostForm), refused)
	}
	return v.answerApproval(g.scene.ID(), g.command)
}

// signed checks the signature that came with a form.
func (v *visit) signed(s Signing) (int, *refusalView) {
	answer := v.r.PostFormValue("signature")
	switch {
	case v.Signer == nil:
		return http.StatusForbidden, unsignable
	case answer == "":
		return http.StatusForbidden, &refusalView{Message: "Nothing was signed, so nothing has happened.", Remedy: "Confirming takes your passkey, for which this page needs JavaScript."}
	}
	if err := v.Signer.Finish(v.ctx(), v.r, s, []byte(answer)); err != nil {
		v.logUnsigned(err)
		return http.StatusForbidden, &refusalView{Message: "The signature was not accepted, so nothing has happened.", Remedy: "Confirm again with the passkey that is registered for you."}
	}
	return 0, nil
}

// decline refuses an approval.
func (v *visit) decline() error {
	c, a, err := v.approvalHere()
	if err != nil {
		return err
	}
	return v.answerApproval(c.ID(), escrow.DeclineApproval(a.ID, v.r.PostFormValue("hash")))
}

// revoke takes the person's confirmation back.
func (v *visit) revoke() error {
	c, a, err := v.approvalHere()
	if err != nil {
		return err
	}
	return v.answerApproval(c.ID(), escrow.RevokeConfirmation(a.ID))
}

// answerApproval asks an answer of the engine, and shows what came of it.
func (v *visit) answerApproval(id string, command escrow.Command) error {
	answer, err := v.ask(escrowrun.Request{Contract: id, Command: command})
	if err == nil {
		return v.done(id, answer)
	}
	status, told := v.refused(err, &typed{})
	if told == nil {
		return err
	}
	now, as, err := v.approvalHere()
	if err != nil {
		return err
	}
	return v.showApproval(status, now, as, posted(v.r.PostForm), told)
}
