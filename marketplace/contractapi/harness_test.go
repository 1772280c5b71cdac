package contractapi_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opencontract/play"
	"github.com/stretchr/testify/require"
)

// livesOf is how many lives the harness plays on each database.
var livesOf = flag.Int("lives", 30, "how many lives the harness plays")

// TestHarness: lives of OpenContract through this API are answered as by the engine, and
// read back so. What the API cannot say (what the system and time do, who is no agent, a
// payload that is none) is asked of the runner.
func TestHarness(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.checked = nil // the play's accounts are no addresses
		b := &backend{t: t, site: s, keys: map[string]agent{}, met: map[string]int{}}
		b.give = func(terms opencontract.Terms) (escrow.Contract, error) { return b.founded(terms) }
		report := escrowtest.Try(b, escrowtest.Playing(play.Play()), escrowtest.AppliesDeadlinesFirst(), escrowtest.HidesContracts(),
			escrowtest.AtLeast(*livesOf), escrowtest.AtMost(*livesOf))
		require.Nil(t, report.Failure)
		for _, asked := range []string{"create 201", "accept 200", "accept 409", "decline 200", "cancel 200", "withdraw 200", "deliver 200", "approve 200", "dispute 200", "vote 200", "read 200", "read 404"} {
			require.Positive(t, b.met[asked], "%s: %v", asked, b.met)
		}
	}, func(s *site) {
		s.Founding = func(_ context.Context, terms opencontract.Terms) (escrow.Contract, error) { return s.give(terms) }
		s.Runner.Jury = nil
	})
}

// backend is the API as the harness sees it.
type backend struct {
	t *testing.T
	*site
	draft escrow.Contract
	keys  map[string]agent
	// met counts what was asked over HTTP, by its answer.
	met map[string]int
	// asked numbers the questions, for their keys.
	asked int
}

// Begin forgets all that there was.
func (b *backend) Begin(draft escrow.Contract) error {
	if !draft.IsDraft() {
		return errors.New("a contract that nobody has founded is not stored")
	}
	db := b.Runner.Store.DB()
	for _, table := range []string{"contracts", "accounts", "decisions", "movements", "approvals", "texts", "keys", "outbox", "intents", "payments"} {
		if _, err := db.Exec(`DELETE FROM escrow_` + table); err != nil {
			return err
		}
	}
	b.draft = draft
	return nil
}

// founded gives the play's own draft for the terms of its task.
func (b *backend) founded(terms opencontract.Terms) (escrow.Contract, error) {
	v := b.draft.View()
	if terms.TaskDescription != opencontract.TaskDescription.In(v) || terms.Client != b.draft.Account(opencontract.Client) || terms.Price.Cmp(b.draft.Asset().Decimal(opencontract.Price.In(v))) != 0 ||
		terms.AwardMethod != opencontract.AwardMethod.In(v) || !terms.MatchDeadline.Equal(opencontract.MatchDeadline.In(v)) || !terms.ReviewDeadline.Equal(opencontract.ReviewDeadline.In(v)) {
		return escrow.Contract{}, fmt.Errorf("%+v are not the terms that were sent", terms)
	}
	return b.draft, nil
}

// Ask asks over HTTP what the API can say, and the runner for the rest.
func (b *backend) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	b.clock.set(q.Now)
	b.asked++
	path, body, said := b.call(q)
	if !said {
		return b.direct(q)
	}
	key := fmt.Sprintf("q%d", b.asked)
	got := b.ask(b.t, b.as(q.Actor), "POST", path, body, escrowhttp.KeyHeader, key)
	b.met[fmt.Sprintf("%s %d", q.Command.Action(), got.status)]++
	var kept string
	err := b.Runner.Store.DB().QueryRow(`SELECT answer FROM escrow_keys WHERE account = $1 AND key = $2 AND status <> 0`, q.Actor.ID, key).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		a, err := b.direct(q)
		if err == nil && (a.Accepted() || a.Code.HTTP() != got.status) {
			err = fmt.Errorf("HTTP answers %d %s, and the runner %s", got.status, got.body, a.Code)
		}
		return a, err
	}
	if err != nil {
		return escrowtest.Answer{}, err
	}
	a, err := escrowtest.ParseAnswer([]byte(kept), opencontract.Lifecycle)
	return a, errors.Join(err, b.same(q, a, got))
}

// same compares what HTTP answered with the decision, or refusal, that is kept.
func (b *backend) same(q escrowtest.Question, a escrowtest.Answer, got answer) error {
	if !a.Accepted() {
		late := q.Command.Action() == "accept" && a.Code == escrow.NotFound && got.status == http.StatusConflict && opencontract.AwardMethod.In(b.draft.View()) == opencontract.AwardOpenTender
		if got.status != a.Code.HTTP() && !late {
			return fmt.Errorf("HTTP answers %d %s, and the runner %s", got.status, got.body, a.Code)
		}
		return nil
	}
	if q.Command.Action() == "vote" {
		if n := len(got.need(b.t, http.StatusOK).list(b.t)); n != len(opencontract.AcceptanceCriteria.In(a.Contract.View())) {
			return fmt.Errorf("%d votes are told: %s", n, got.body)
		}
		return nil
	}
	return b.told(*a.Contract, got)
}

// told reports whether an answer tells a contract.
func (b *backend) told(c escrow.Contract, got answer) error {
	want, err := json.Marshal(contractapi.ContractOf(c))
	if err == nil && (got.status >= 300 || !strings.HasPrefix(got.body, `{"data":`+string(want)+`,"meta":`)) {
		err = fmt.Errorf("HTTP answers %d %s where the contract is %s", got.status, got.body, want)
	}
	return err
}

// direct asks the runner.
func (b *backend) direct(q escrowtest.Question) (escrowtest.Answer, error) {
	r := escrowrun.Request{Contract: b.draft.ID(), Command: q.Command, Actor: q.Actor}
	if _, err := b.Runner.Store.Find(ctx, b.draft.ID()); errors.Is(err, escrowsql.ErrNotFound) {
		r.Contract, r.Draft = "", b.draft
	}
	a, err := b.Runner.Ask(ctx, r)
	if a.Status == 0 {
		return escrowtest.Answer{}, err
	}
	return escrowtest.ParseAnswer(a.Body, opencontract.Lifecycle)
}

// plain reports whether somebody can have a key: an agent who speaks for itself.
func plain(a escrow.Actor) bool {
	return a.ID != "" && (a.Kind == "" || a.Kind == escrow.KindAgent) && (a.Account == "" || a.Account == a.ID)
}

// as returns an actor with a key.
func (b *backend) as(a escrow.Actor) agent {
	own, known := b.keys[a.ID]
	if !known {
		key, err := b.Keys.Give(ctx, a.ID)
		require.NoError(b.t, err)
		own = agent{address: a.ID, key: key}
		b.keys[a.ID] = own
	}
	return own
}

// call returns the call that asks a question, false when there is none.
func (b *backend) call(q escrowtest.Question) (path, body string, said bool) {
	at := "/v1/contracts/" + b.draft.ID()
	text, err := q.Command.MarshalJSON()
	var members map[string]json.RawMessage
	if err != nil || json.Unmarshal(text, &members) != nil || !plain(q.Actor) {
		return "", "", false
	}
	_, err = b.Runner.Store.Find(ctx, b.draft.ID())
	if founded := err == nil; !founded || q.Command.Action() == "create" {
		body, said = b.task(q.Actor)
		return "/v1/contracts", body, said && !founded && q.Command.Action() == "create"
	}
	carries := func(name string) bool { return len(members) == 2 && len(members[name]) > 0 }
	switch action := q.Command.Action(); action {
	case "accept":
		return at + "/accept", `{"accept":true}`, true
	case "decline":
		return at + "/accept", `{"accept":false}`, true
	case "cancel", "withdraw", "approve", "dispute":
		return at + "/" + string(action), "", true
	case "deliver":
		return at + "/delivery", `{"delivery":` + string(members["delivery"]) + `}`, carries("delivery")
	case "vote":
		return at + "/votes", `{"votes":` + string(members["votes"]) + `}`, carries("votes") && !strings.Contains(string(members["votes"]), `"criterionIndex":-`)
	}
	return "", "", false
}

// task returns the body that asks for the play's draft; false when its terms cannot be said.
func (b *backend) task(actor escrow.Actor) (string, bool) {
	v := b.draft.View()
	price := b.draft.Asset().Text(opencontract.Price.In(v))
	if actor.ID != b.draft.Account(opencontract.Client) || b.draft.Lifecycle() != opencontract.Lifecycle || price == "0" {
		return "", false
	}
	x := map[string]any{
		"taskDescription": opencontract.TaskDescription.In(v), "acceptanceCriteria": opencontract.AcceptanceCriteria.In(v), "budgetOrPrice": price,
		"contractType": opencontract.ContractType.In(v), "awardMethod": opencontract.AwardMethod.In(v), "verificationMode": opencontract.VerificationMode.In(v),
		"matchDeadline": opencontract.MatchDeadline.In(v), "withdrawalDeadline": opencontract.WithdrawalDeadline.In(v), "deliveryDeadline": opencontract.DeliveryDeadline.In(v),
	}
	if v.Has(opencontract.ReviewDeadline) {
		x["reviewDeadline"] = opencontract.ReviewDeadline.In(v)
	}
	body, err := json.Marshal(x)
	return string(body), err == nil
}

// Read makes the backend an escrowtest.Reader.
func (b *backend) Read(actor escrow.Actor, id string, now time.Time) (escrow.Contract, error) {
	b.clock.set(now)
	c, err := b.Runner.Store.Find(ctx, id)
	missing := errors.Is(err, escrowsql.ErrNotFound)
	if err != nil && !missing {
		return c, err
	}
	if missing && id == b.draft.ID() { // which is the asker's still
		c = b.draft
	}
	none := escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)
	hidden := c.Lifecycle() == nil || !escrow.Visible(c, actor)
	if plain(actor) && (c.Lifecycle() == nil || !c.IsDraft()) {
		got := b.ask(b.t, b.as(actor), "GET", "/v1/contracts/"+id, "")
		b.met[fmt.Sprintf("read %d", got.status)]++
		if hidden != (got.status == http.StatusNotFound) {
			return c, fmt.Errorf("HTTP answers %d %s of a contract that is hidden: %t", got.status, got.body, hidden)
		}
		if !hidden {
			return c, b.told(c, got)
		}
	}
	if hidden {
		return c, none
	}
	return c, nil
}
