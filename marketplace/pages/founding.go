package pages

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/internal/reading"
)

// foundingView lists what new contracts can be of.
type foundingView struct{ Lifecycles []bookView }

// founding lets the person choose what a new contract is of.
func (v *visit) founding() error {
	if err := v.person(); err != nil {
		return err
	}
	var p foundingView
	for _, l := range v.lifecycles() {
		p.Lifecycles = append(p.Lifecycles, bookView{l.Name(), reading.Spec(l).About})
	}
	v.show(http.StatusOK, "founding", "New contract", p)
	return nil
}

// foundView is the form of a new contract.
type foundView struct {
	Lifecycle, About, Key string
	Inputs                []inputView
	// Acts are the ways to begin; Sign says that they take a signature.
	Acts    []choiceView
	Sign    bool
	Policy  []factView
	Refused *refusalView
}

// foundingPage shows the form of a new contract.
func (v *visit) foundingPage() error {
	l, err := v.offered()
	if err != nil {
		return err
	}
	return v.showFounding(http.StatusOK, l, &typed{values: values{}})
}

// offered is the lifecycle that the address names.
func (v *visit) offered() (*escrow.Lifecycle, error) {
	if err := v.person(); err != nil {
		return nil, err
	}
	for _, l := range v.lifecycles() {
		if l.Name() == v.r.PathValue("lifecycle") {
			return l, nil
		}
	}
	return nil, errMissing
}

func (v *visit) showFounding(status int, l *escrow.Lifecycle, t *typed) error {
	draft := l.Draft("new")
	p := foundView{Lifecycle: l.Name(), About: reading.Spec(l).About, Key: rand.Text(), Policy: policyFacts(draft), Refused: t.refusal}
	if t.key != "" {
		p.Key = t.key
	}
	maker := inputs{visit: v, contract: draft, form: "found", typed: t.values, refused: t.refusal}
	own := ownParty(l)
	for _, f := range draftFields(l) {
		in := maker.of(f, "")
		if party := partyFor(l, f); party != nil {
			in.Suggest = v.accounts()
			if t.refusal == nil && party == own {
				in.Value = v.own()
			}
		}
		p.Inputs = append(p.Inputs, in)
	}
	for _, act := range founders(l) {
		p.Sign = p.Sign || v.signs(draft, act.Action())
		p.Acts = append(p.Acts, choiceView{Value: string(act.Action()), Text: label(act.Action())})
		for _, f := range act.Params() {
			if !f.Optional {
				p.Inputs = append(p.Inputs, maker.of(f, ""))
			}
		}
	}
	v.show(status, "found", "New contract: "+l.Name(), p)
	return nil
}

// accounts are those of a sandbox's roles.
func (v *visit) accounts() (ids []string) {
	if v.Sandbox == nil {
		return nil
	}
	roles, err := v.Sandbox.Roles(v.ctx())
	if err != nil {
		return nil
	}
	for _, role := range roles {
		if id := reading.AccountOf(role.Actor); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// drafted reads the form of a new contract.
func (v *visit) drafted() (l *escrow.Lifecycle, t *typed, draft escrow.Contract, command escrow.Command, err error) {
	if l, err = v.offered(); err != nil {
		return l, nil, draft, command, err
	}
	act := actOf(l, escrow.Action(v.r.PostFormValue("action")))
	if act == nil || !slices.Contains(founders(l), act) {
		return l, nil, draft, command, problem{http.StatusBadRequest, "There is no such way to begin.", "Open the form again."}
	}
	t = &typed{values: posted(v.r.PostForm)}
	if draft, err = v.draft(l, t.values); err == nil {
		command, err = t.values.command(l, act, draft)
	}
	return l, t, draft, command, err
}

// found founds a contract. Its id follows from the form's key, so that a form that is
// sent twice founds one.
func (v *visit) found() error {
	l, t, draft, command, err := v.drafted()
	if t == nil {
		return err
	}
	var answer escrowrun.Answer
	if err == nil {
		if status, told := v.signature(draft, command); told != nil {
			t.refusal = told
			return v.showFounding(status, l, t)
		}
		answer, err = v.ask(escrowrun.Request{Draft: draft, Command: command})
	}
	if err == nil {
		return v.done(draft.ID(), answer)
	}
	status, told := v.refused(err, t)
	if told == nil {
		return err
	}
	t.refusal = told
	return v.showFounding(status, l, t)
}

// beginFounding answers the page's script: what is to be signed for a new contract.
func (v *visit) beginFounding() error {
	_, t, draft, command, err := v.drafted()
	if t == nil {
		return err
	}
	return v.beginCommand(draft, command, err)
}

// draft returns the contract that a form says.
func (v *visit) draft(l *escrow.Lifecycle, t values) (escrow.Contract, error) {
	object := t.object(draftFields(l), "", l.Draft("new"))
	id := sha256.Sum256([]byte(v.own() + "\n" + v.r.PostFormValue("key")))
	object["id"], object["lifecycle"], object["lifecycleVersion"] = "c-"+hex.EncodeToString(id[:8]), l.Name(), l.Version()
	text, err := json.Marshal(object)
	if err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ParseContract(text, l)
}

// founders are the acts that begin a contract.
func founders(l *escrow.Lifecycle) (acts []*escrow.Act) {
	for _, r := range reading.Spec(l).Rules {
		if slices.Contains(r.From, escrow.Draft) && !slices.Contains(acts, r.On) {
			acts = append(acts, r.On)
		}
	}
	return acts
}

// ownParty is the party that begins a contract, nil when several may.
func ownParty(l *escrow.Lifecycle) (own *escrow.Party) {
	for _, r := range reading.Spec(l).Rules {
		if !slices.Contains(r.From, escrow.Draft) {
			continue
		}
		if own != nil && own != r.By {
			return nil
		}
		own = r.By
	}
	return own
}

// partyFor is the party whose account a field is.
func partyFor(l *escrow.Lifecycle, f *escrow.Field) *escrow.Party {
	for _, p := range reading.Spec(l).Parties {
		if p.Account != nil && p.Account.Declaration() == f {
			return p
		}
	}
	return nil
}

// draftFields are the fields that a draft has: parties, terms, what rules may amend, and
// of each list that a draft names rows of the items' fields.
func draftFields(l *escrow.Lifecycle) (fields []*escrow.Field) {
	spec := reading.Spec(l)
	add := func(f *escrow.Field) {
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	for _, p := range spec.Parties {
		if p.Account != nil {
			add(p.Account.Declaration())
		}
	}
	for _, w := range spec.Terms {
		add(w.Declaration())
	}
	for _, w := range spec.State {
		if w.Declaration().Amendable {
			add(w.Declaration())
		}
	}
	for _, list := range spec.Lists {
		if list.Most == 0 {
			continue
		}
		rows := &escrow.Field{Name: list.Name, Meaning: list.Meaning, Kind: escrow.RowsKind, Fields: []escrow.Word{list.Key}, Optional: list.Least == 0}
		for _, w := range list.Fields {
			if !recorded(spec, w.Declaration()) {
				rows.Fields = append(rows.Fields, w)
			}
		}
		fields = append(fields, rows)
	}
	return fields
}

// recorded reports whether rules set a field: then a draft leaves it to them.
func recorded(spec *escrow.Spec, f *escrow.Field) bool {
	if len(f.EnteredFirst)+len(f.EnteredLast) > 0 {
		return true
	}
	for i := range spec.Rules {
		for _, e := range spec.Rules[i].Sets {
			if e.Set != nil && e.Set.Declaration() == f {
				return true
			}
		}
	}
	return false
}
