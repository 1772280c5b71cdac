package escrowhttp_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	client, freelancer, arbitrator = escrow.Agent("acct_c"), escrow.Agent("acct_f"), escrow.Agent("acct_a")
	stranger                       = escrow.Agent("acct_s")
	nobody                         escrow.Actor
)

const (
	jobs  = "/lifecycles/fixedprice/contracts"
	offer = `{"action":"offer"}`
)

// job is the body that founds a job.
func job(id string) string {
	text, err := fixedprice.Terms{ID: id, Title: "A logo", Client: "acct_c", Freelancer: "acct_f", Arbitrator: "acct_a",
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: decimal.RequireFromString("400")}}}.Draft().MarshalJSON()
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"draft":%s,"command":%s}`, text, offer)
}

// found founds a job that its freelancer has accepted.
func (s *site) found(t *testing.T, id string) string {
	require.Equal(t, 201, s.ask(t, client, "POST", jobs, job(id), "Idempotency-Key", "found-"+id).status)
	require.Equal(t, 200, s.ask(t, freelancer, "POST", jobs+"/"+id+"/commands", `{"action":"accept"}`).status)
	return jobs + "/" + id
}

// TestStranger: whoever may not know of a contract is answered everywhere as if there
// were none, to the byte.
func TestStranger(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.found(t, "j1")
		approval := s.approval(t)
		_, err := s.Runner.Store.NumberEvents(ctx, 1000)
		require.NoError(t, err)
		for _, path := range []string{"", "/actions", "/history"} {
			got, none := s.ask(t, stranger, "GET", jobs+"/j1"+path, ""), s.ask(t, stranger, "GET", jobs+"/none"+path, "")
			assert.Equal(t, 404, got.status)
			assert.Equal(t, none.body, got.body)
		}
		for _, body := range []string{`{"action":"accept"}`, `{"action":"advance"}`, `{"action":"nonsense"}`, `{"action":"release"}`, `{`} {
			got, none := s.ask(t, stranger, "POST", jobs+"/j1/commands", body), s.ask(t, stranger, "POST", jobs+"/none/commands", body)
			assert.Equal(t, none.body, got.body)
			assert.Equal(t, none.status, got.status)
			assert.GreaterOrEqual(t, got.status, 400)
		}
		at := "/lifecycles/opentrain/approvals/"
		assert.Equal(t, s.ask(t, stranger, "GET", at+"none", "").body, s.ask(t, stranger, "GET", at+approval, "").body)
		assert.Equal(t, 200, s.ask(t, ann, "GET", at+approval, "").status)
		for _, verb := range []string{"/confirm", "/decline", "/revoke"} {
			for _, body := range []string{`{}`, `{"nonsense":1}`} {
				got, none := s.ask(t, stranger, "POST", at+approval+verb, body), s.ask(t, stranger, "POST", at+"none"+verb, body)
				assert.Equal(t, 404, got.status, got.body)
				assert.Equal(t, none.body, got.body)
			}
		}
		assert.JSONEq(t, `{"contracts":[]}`, s.ask(t, stranger, "GET", jobs, "").body)
		for _, path := range []string{"/events", "/lifecycles/fixedprice/events"} {
			assert.Contains(t, s.ask(t, stranger, "GET", path, "").body, `"events":[]`)
		}
		// One who is a party in one lifecycle finds nothing of it in another.
		other := s.ask(t, client, "GET", "/lifecycles/purchase/contracts/j1", "")
		assert.Equal(t, 404, other.status)
		other = s.ask(t, client, "POST", "/lifecycles/purchase/contracts/j1/commands", `{"action":"advance"}`)
		assert.Equal(t, 404, other.status)
		assert.Equal(t, s.ask(t, client, "POST", "/lifecycles/purchase/contracts/none/commands", `{"action":"advance"}`).body, other.body)
		assert.Equal(t, 401, s.ask(t, nobody, "GET", jobs+"/j1", "").status)
	})
}

var (
	ann  = escrow.Human("ann", "acct_1")
	tool = escrow.Actor{ID: "tok_1", Kind: escrow.KindToken, Account: "acct_1", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
)

// approval founds a hiring and has a token ask for its end, and returns the approval that
// waits for a person.
func (s *site) approval(t *testing.T) string {
	body := `{"draft":{"id":"h1","client":"acct_1","worker":"trainer_9","milestones":[{"id":"m1","name":"Label","amount":"100"}]},"command":{"action":"hire"}}`
	require.Equal(t, 201, s.ask(t, ann, "POST", "/lifecycles/opentrain/contracts", body).status)
	got := s.ask(t, tool, "POST", "/lifecycles/opentrain/contracts/h1/commands", `{"action":"end"}`)
	require.Equal(t, 202, got.status, got.body)
	var d struct {
		Decision struct{ Approval struct{ ID, Hash string } }
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &d))
	require.NotEmpty(t, d.Decision.Approval.ID)
	return d.Decision.Approval.ID
}

// TestApproval: what waits for a person is confirmed by its address.
func TestApproval(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/lifecycles/opentrain/approvals/" + s.approval(t)
		assert.Contains(t, s.ask(t, ann, "GET", at, "").body, `"status":"pending"`)
		got := s.ask(t, ann, "POST", at+"/confirm", `{"hash":"0000"}`)
		assert.Equal(t, 409, got.status)
		assert.Equal(t, 400, s.ask(t, ann, "POST", at+"/confirm", `{"approvalId":"x"}`).status)
		assert.Equal(t, 403, s.ask(t, tool, "POST", at+"/confirm", `{}`).status)
		got = s.ask(t, ann, "POST", at+"/confirm", `{}`, "Idempotency-Key", "yes")
		assert.Equal(t, 200, got.status, got.body)
		assert.Contains(t, s.ask(t, ann, "GET", at, "").body, `"status":"confirmed"`)
		again := s.ask(t, ann, "POST", at+"/confirm", `{}`, "Idempotency-Key", "yes")
		assert.Equal(t, got.body, again.body)
		assert.Equal(t, 409, s.ask(t, ann, "POST", at+"/decline", `{}`).status)
		assert.Equal(t, 400, s.ask(t, ann, "POST", at+"/revoke", `{"hash":"0"}`).status)
	})
}

// TestFounding: who asks chooses neither id, nor asset, nor policy, and what says that it
// is under way already is never founded.
func TestFounding(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		refused := func(place, body string) {
			got := s.ask(t, client, "POST", jobs, body)
			assert.Equal(t, 400, got.status, got.body)
			assert.Equal(t, place, got.problem(t).Details["field"], got.body)
		}
		terms := `"title":"A logo","client":"acct_c","freelancer":"acct_f","arbitrator":"acct_a","milestones":[{"milestoneId":"m1","name":"Sketches","amount":"400"}]`
		refused("draft.id", `{"draft":{"id":"mine",`+terms+`},"command":{"action":"offer"}}`)
		refused("draft.policy", `{"draft":{"policy":{"serviceFee":"0"},`+terms+`},"command":{"action":"offer"}}`)
		refused("draft.asset", `{"draft":{"asset":{"code":"TOY","scale":2},`+terms+`},"command":{"action":"offer"}}`)
		refused("draft", `{"command":{"action":"offer"}}`)
		refused("command", `{"draft":{`+terms+`}}`)
		refused("draft.title", `{"draft":{"title":"A",`+terms+`},"command":{"action":"offer"}}`)
		refused("extra", `{"draft":{`+terms+`},"command":{"action":"offer"},"extra":1}`)

		first := s.ask(t, client, "POST", jobs, `{"draft":{`+terms+`},"command":{"action":"offer"}}`, "Idempotency-Key", "k")
		require.Equal(t, 201, first.status, first.body)
		at := first.header.Get("Location")
		require.Equal(t, 200, s.ask(t, client, "GET", at, "").status)
		again := s.ask(t, client, "POST", jobs, `{"command":{"action":"offer"}, "draft":{`+terms+`}}`, "Idempotency-Key", "k")
		assert.Equal(t, first.body, again.body)
		assert.Equal(t, at, again.header.Get("Location"))
		assert.Equal(t, "true", again.header.Get("Idempotency-Replayed"))
		other := s.ask(t, client, "POST", jobs, `{"draft":{`+terms+`},"command":{"action":"offer"}}`)
		assert.Equal(t, 201, other.status)
		assert.NotEqual(t, at, other.header.Get("Location"))

		// The whole stored contract, sent in as a draft.
		var got struct{ Contract map[string]any }
		require.NoError(t, json.Unmarshal([]byte(s.ask(t, client, "GET", at, "").body), &got))
		delete(got.Contract, "id")
		text, err := json.Marshal(got.Contract)
		require.NoError(t, err)
		refused("draft", `{"draft":`+string(text)+`,"command":{"action":"fund_milestone","milestoneId":"m1"}}`)
	}, func(s *escrowhttp.Server) { s.NamedIDs, s.Founding = false, nil })
}

// TestKeys: under its key a request is done once, and answered by the same bytes; what
// may be sent again is not kept.
func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1") + "/commands"
		key := func(k string) []string { return []string{"Idempotency-Key", k} }
		fund := `{"action":"fund_milestone","milestoneId":"m1"}`
		first := s.ask(t, client, "POST", at, fund, key("fund")...)
		require.Equal(t, 200, first.status, first.body)
		again := s.ask(t, client, "POST", at, "{ \"milestoneId\":\"m1\",\n\"action\":\"fund_milestone\"}", key("fund")...)
		assert.Equal(t, first.body, again.body)
		assert.Equal(t, 200, again.status)
		assert.Equal(t, "true", again.header.Get("Idempotency-Replayed"))
		assert.Empty(t, first.header.Get("Idempotency-Replayed"))

		reused := s.ask(t, client, "POST", at, `{"action":"end"}`, key("fund")...)
		assert.Equal(t, 422, reused.status)
		assert.Equal(t, escrowhttp.KeyReused, reused.problem(t).Reason)
		user := client
		user.ID, user.Account = "another", "acct_c"
		assert.Equal(t, 422, s.ask(t, user, "POST", at, fund, key("fund")...).status, "another of the same account asks for something else")
		assert.NotEqual(t, 422, s.ask(t, freelancer, "POST", at, fund, key("fund")...).status, "keys are an account's")

		refused := s.ask(t, client, "POST", at, fund, key("twice")...)
		assert.Equal(t, 409, refused.status)
		same := s.ask(t, client, "POST", at, fund, key("twice")...)
		assert.Equal(t, refused.body, same.body)
		assert.Equal(t, "true", same.header.Get("Idempotency-Replayed"))
		assert.NotEmpty(t, refused.problem(t).Remedy)
		none := s.ask(t, client, "POST", jobs+"/none/commands", fund, key("none")...)
		assert.Equal(t, 404, none.status)
		assert.Equal(t, "true", s.ask(t, client, "POST", jobs+"/none/commands", fund, key("none")...).header.Get("Idempotency-Replayed"))

		bad := s.ask(t, freelancer, "POST", at, `{"action":"submit","milestoneId":"m1","work":" "}`, key("bad")...)
		assert.Equal(t, 400, bad.status)
		assert.Equal(t, 200, s.ask(t, freelancer, "POST", at, `{"action":"submit","milestoneId":"m1","work":"here"}`, key("bad")...).status, "a key is free after 400")

		for _, k := range []string{"", " ", strings.Repeat("k", 201), "k k", "ä"} {
			assert.Equal(t, 400, s.ask(t, client, "POST", at, fund, key(k)...).status, "key %q", k)
		}
	})
}

// TestKeysAtOnce: of many that send the same under one key at once, one is done; all that
// are answered get the same bytes, the others are told to come again.
func TestKeysAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1") + "/commands"
		var group sync.WaitGroup
		got := make([]answer, 12)
		for i := range got {
			group.Go(func() {
				got[i] = s.ask(t, client, "POST", at, `{"action":"fund_milestone","milestoneId":"m1"}`, "Idempotency-Key", "k")
			})
		}
		group.Wait()
		bodies, fresh := map[string]bool{}, 0
		for _, a := range got {
			switch a.status {
			case 200:
				bodies[a.body] = true
				if a.header.Get("Idempotency-Replayed") == "" {
					fresh++
				}
			case 409:
				assert.Equal(t, escrowhttp.KeyRunning, a.problem(t).Reason)
				assert.Equal(t, "1", a.header.Get("Retry-After"))
			default:
				t.Errorf("%d %s", a.status, a.body)
			}
		}
		assert.Len(t, bodies, 1)
		assert.Equal(t, 1, fresh)
	})
}

// TestRunning: who asks again while the first is not answered is told so.
func TestRunning(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1") + "/commands"
		fund := `{"action":"fund_milestone","milestoneId":"m1"}`
		r, err := http.NewRequest("POST", at, nil)
		require.NoError(t, err)
		k := &escrowsql.Key{Account: "acct_c", Key: "k", Fingerprint: escrowhttp.Fingerprint(r, client, []byte(fund))}
		_, err = s.Runner.Store.BeginKey(ctx, k, time.Now(), time.Now().Add(time.Hour)) // another process has it
		require.NoError(t, err)
		got := s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k")
		assert.Equal(t, 409, got.status)
		assert.Equal(t, escrowhttp.KeyRunning, got.problem(t).Reason)
		assert.Equal(t, "1", got.header.Get("Retry-After"))
		require.NoError(t, s.Runner.Store.DropKey(ctx, k))
		assert.Equal(t, 200, s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k").status)
	})
}

// rail gives a site a rail with the given faults.
func rail(t *testing.T, s *site, choose func(sandbox.Call) sandbox.Fault) {
	db, _, err := escrowsql.Connect(filepath.Join(t.TempDir(), "rail.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	s.Runner.Rail, err = sandbox.Open(ctx, db, s.clock, sandbox.WithSleep(func(context.Context, time.Duration) {}), sandbox.WithFaults(sandbox.Faults{Choose: choose}))
	require.NoError(t, err)
}

// TestPayment: a payer who must act gets the challenge, and the same request with the
// proof is done; one whose money is not to be had is told so, and nothing has happened.
func TestPayment(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		kind := sandbox.AskPayer
		rail(t, s, func(c sandbox.Call) sandbox.Fault {
			if c.Operation == sandbox.HoldCall {
				return sandbox.Fault{Kind: kind}
			}
			return sandbox.Fault{}
		})
		at := s.found(t, "j1") + "/commands"
		fund := `{"action":"fund_milestone","milestoneId":"m1"}`
		got := s.ask(t, client, "POST", at, fund)
		assert.Equal(t, 400, got.status)
		assert.Equal(t, escrowhttp.KeyRequired, got.problem(t).Reason)
		got = s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k")
		assert.Equal(t, 402, got.status)
		p := got.problem(t)
		assert.Equal(t, escrowhttp.PaymentAction, p.Reason)
		assert.Equal(t, map[string]any{"sandbox": "confirm"}, p.Details["challenge"])
		assert.Equal(t, "420", p.Details["amount"])
		assert.Equal(t, 400, s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k", "Payment-Proof", "no base64").status)
		got = s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k", "Payment-Proof", base64.StdEncoding.EncodeToString([]byte(`{"ok":true}`)))
		assert.Equal(t, 200, got.status, got.body)

		kind = sandbox.Refuse
		at = s.found(t, "j2") + "/commands"
		got = s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k2")
		assert.Equal(t, 402, got.status)
		assert.Equal(t, escrowhttp.PaymentRefused, got.problem(t).Reason)
		kind = ""
		got = s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k2")
		assert.Equal(t, 200, got.status, "402 is not kept: %s", got.body)
	})
}

// TestLists: own contracts and events come page by page, each once.
func TestLists(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for i := range 5 {
			s.found(t, fmt.Sprintf("j%d", i))
		}
		s.approval(t)
		_, err := s.Runner.Store.NumberEvents(ctx, 1000)
		require.NoError(t, err)
		var ids []string
		for path := jobs + "?limit=2"; path != ""; {
			var page struct {
				Contracts []struct{ ID string }
				Next      string
			}
			require.NoError(t, json.Unmarshal([]byte(s.ask(t, client, "GET", path, "").body), &page))
			for _, c := range page.Contracts {
				ids = append(ids, c.ID)
			}
			if path = ""; page.Next != "" {
				path = jobs + "?limit=2&cursor=" + page.Next
			}
		}
		assert.ElementsMatch(t, []string{"j0", "j1", "j2", "j3", "j4"}, ids)
		assert.Contains(t, s.ask(t, ann, "GET", "/lifecycles/opentrain/contracts", "").body, `"h1"`)
		assert.NotContains(t, s.ask(t, ann, "GET", jobs, "").body, `"h1"`)

		var seen []int64
		for after := int64(0); ; {
			var page struct {
				Events []struct {
					Event    int64
					Contract string
				}
				Next int64
			}
			require.NoError(t, json.Unmarshal([]byte(s.ask(t, client, "GET", fmt.Sprintf("/events?limit=3&after=%d", after), "").body), &page))
			for _, e := range page.Events {
				seen = append(seen, e.Event)
				assert.NotEqual(t, "h1", e.Contract)
			}
			if page.Next == after {
				break
			}
			after = page.Next
		}
		assert.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, seen)
		for _, bad := range []string{"?after=-1", "?after=x", "?limit=0", "?limit=101"} {
			assert.Equal(t, 400, s.ask(t, client, "GET", "/events"+bad, "").status)
		}
		assert.Equal(t, 400, s.ask(t, client, "GET", jobs+"?cursor=x", "").status)

		var history struct {
			Entries []struct {
				Revision  uint64
				Movements []struct{ Kind, Amount string }
			}
			Next uint64
		}
		require.Equal(t, 200, s.ask(t, client, "POST", jobs+"/j0/commands", `{"action":"fund_milestone","milestoneId":"m1"}`).status)
		require.NoError(t, json.Unmarshal([]byte(s.ask(t, arbitrator, "GET", jobs+"/j0/history?after=2", "").body), &history))
		require.Len(t, history.Entries, 1)
		assert.EqualValues(t, 3, history.Next)
		assert.Equal(t, "400", history.Entries[0].Movements[0].Amount)
	})
}
