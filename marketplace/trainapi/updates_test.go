package trainapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// feed reads the whole feed from a cursor, a page of a few events after another.
func (s *site) feed(t require.TestingT, cursor string, limit int) (events []map[string]any, next string) {
	for {
		page := s.ask(t, mine, "GET", "/updates?limit="+strconv.Itoa(limit)+"&cursor="+cursor, "").read(t, 200)
		require.LessOrEqual(t, len(page["events"].([]any)), limit)
		for _, e := range page["events"].([]any) {
			events = append(events, e.(map[string]any))
		}
		cursor = page["nextCursor"].(string)
		if page["hasMore"] != true {
			return events, cursor
		}
	}
}

// short tells events by their type and status.
func short(events []map[string]any) (list []string) {
	for _, e := range events {
		status, _ := e["data"].(map[string]any)["status"].(string)
		list = append(list, strings.TrimSpace(e["type"].(string)+" "+status))
	}
	return list
}

// TestUpdates: the feed tells what decisions led to, in their order, whatever the pages.
func TestUpdates(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		contract := s.hired(t, "prop_1")
		second := s.ask(t, mine, "POST", "/contracts/"+contract+"/milestones", `{"description":"x","amountUsd":5}`).read(t, 201)["milestone"].(map[string]any)["id"].(string)
		s.confirm(t, approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/fund", "")), confirming)
		s.confirm(t, approvalOf(t, s.ask(t, mine, "POST", "/milestones/"+second+"/approve", "")), confirming)
		s.ask(t, mine, "POST", "/contracts/"+contract+"/milestones", `{"description":"y","amountUsd":6}`)
		s.confirm(t, approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "")), declining)
		s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "")
		s.clock.add(73 * time.Hour)
		_, err := s.Runner.Work(ctx) // it expires, and all gets its numbers
		require.NoError(t, err)
		s.confirm(t, approvalOf(t, s.ask(t, mine, "POST", "/contracts/"+contract+"/end", "")), confirming)
		_, err = s.Runner.Work(ctx)
		require.NoError(t, err)

		all, cursor := s.feed(t, "", 200)
		assert.Equal(t, []string{
			"contract.created", "proposal.status_changed HIRED", "milestone.status_changed ACTIVE_FUNDED", "approval.confirmed confirmed",
			"milestone.status_changed NOT_FUNDED",
			"milestone.status_changed ACTIVE_FUNDED", "approval.confirmed confirmed",
			"milestone.status_changed PAID", "approval.confirmed confirmed",
			"milestone.status_changed NOT_FUNDED",
			"approval.confirmed declined",
			"approval.confirmed expired",
			"milestone.status_changed REFUNDED", "milestone.status_changed CANCELLED", "approval.confirmed confirmed",
		}, short(all))
		for _, limit := range []int{1, 2, 3} {
			some, _ := s.feed(t, "", limit)
			assert.Equal(t, all, some)
		}
		for i, e := range all { // an event's own id is a cursor, too
			rest, _ := s.feed(t, e["id"].(string), 200)
			assert.Equal(t, short(all[i+1:]), short(rest))
		}
		none, again := s.feed(t, cursor, 50)
		assert.Empty(t, none)
		assert.Equal(t, cursor, again)

		some := mine
		some.Scopes = []string{"proposals:read"}
		page := s.ask(t, some, "GET", "/updates", "").read(t, 200)["events"].([]any)
		require.Len(t, page, 1)
		assert.Equal(t, map[string]any{"proposalId": "prop_1", "status": "HIRED"}, page[0].(map[string]any)["data"])
		assert.Empty(t, s.ask(t, strange, "GET", "/updates", "").read(t, 200)["events"])
		for _, query := range []string{"?cursor=x", "?cursor=-1", "?limit=0", "?limit=201"} {
			s.ask(t, mine, "GET", "/updates"+query, "").refused(t, 400, "BAD_REQUEST", "")
		}
	})
}

// TestCursorSkipsNothing: who polls while others commit and events get their numbers reads
// in the end what the feed has, once each.
func TestCursorSkipsNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.checked = nil
		const many, rounds = 4, 4
		var working sync.WaitGroup
		for n := range many {
			working.Go(func() {
				for m := range rounds {
					s.hired(t, fmt.Sprintf("prop_%d_%d", n, m))
				}
			})
		}
		stop := make(chan struct{})
		var numbering sync.WaitGroup
		for range 2 {
			numbering.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						_, err := s.Runner.Store.NumberEvents(ctx, 3)
						assert.NoError(t, err)
					}
				}
			})
		}
		over := make(chan struct{})
		go func() { working.Wait(); close(over) }()
		var got []map[string]any
		cursor := ""
		for done := false; !done; {
			select {
			case <-over:
				done = true
			default:
			}
			var more []map[string]any
			more, cursor = s.feed(t, cursor, 5)
			got = append(got, more...)
		}
		close(stop)
		numbering.Wait()
		for n := 1; n > 0; {
			var err error
			n, err = s.Runner.Store.NumberEvents(ctx, 100)
			require.NoError(t, err)
		}
		last, _ := s.feed(t, cursor, 5)
		all, _ := s.feed(t, "", 200)
		assert.Len(t, all, many*rounds*4)
		assert.Equal(t, all, append(got, last...))
	})
}

// receiver is somebody's server that takes deliveries, and answers by a status.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []delivery
}

type delivery struct {
	body   string
	header http.Header
}

func newReceiver(t *testing.T) *receiver {
	v := &receiver{status: 204}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		v.mu.Lock()
		defer v.mu.Unlock()
		v.got = append(v.got, delivery{string(body), r.Header})
		w.WriteHeader(v.status)
	}))
	t.Cleanup(v.Close)
	return v
}

func (v *receiver) answers(status int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.status = status
}

func (v *receiver) deliveries() []delivery {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]delivery{}, v.got...)
}

// signed reports whether a delivery is signed by a secret, as a receiver checks it.
func signed(d delivery, secret string) bool {
	stamp, signature, ok := strings.Cut(strings.TrimPrefix(d.header.Get("X-OpenTrain-Signature"), "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "." + d.body))
	return ok && signature == hex.EncodeToString(mac.Sum(nil))
}

func (s *site) subscribe(t *testing.T, url string, types ...string) (id, secret string) {
	body, err := json.Marshal(map[string]any{"url": url, "eventTypes": types})
	require.NoError(t, err)
	got := s.ask(t, mine, "POST", "/webhooks", string(body)).read(t, 201)
	return got["webhook"].(map[string]any)["id"].(string), got["secret"].(string)
}

// work does the timed work; what is not delivered is tried again later.
func (s *site) work(t *testing.T) {
	for done := 1; done > 0; {
		var err error
		done, err = s.Runner.Work(ctx)
		require.NoError(t, err)
	}
}

// TestDeliveries: a subscription gets the records of the feed that happen after it, signed,
// each at least once under one id.
func TestDeliveries(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		v := newReceiver(t)
		s.hired(t, "before")
		_, secret := s.subscribe(t, v.URL, "contract.created", "approval.confirmed", "contract.created")
		contract := s.hired(t, "prop_1")
		s.work(t)
		got := v.deliveries()
		require.Len(t, got, 2)
		all, _ := s.feed(t, "", 200)
		told := map[string]string{}
		for _, e := range all {
			text, err := json.Marshal(e)
			require.NoError(t, err)
			told[e["id"].(string)] = string(text)
		}
		for _, d := range got {
			var e struct{ ID, Type string }
			require.NoError(t, json.Unmarshal([]byte(d.body), &e))
			assert.JSONEq(t, told[e.ID], d.body)
			assert.Equal(t, e.Type, d.header.Get("X-OpenTrain-Event"))
			assert.NotEmpty(t, d.header.Get("X-OpenTrain-Delivery"))
			assert.Equal(t, "application/json", d.header.Get("Content-Type"))
			assert.True(t, signed(d, secret))
			assert.False(t, signed(d, secret+"x"))
			assert.Contains(t, d.body, contract)
		}
		assert.NotEqual(t, got[0].header.Get("X-OpenTrain-Delivery"), got[1].header.Get("X-OpenTrain-Delivery"))
	})
}

// TestDeliveriesFail: what is not received is tried five times under the same id; a
// subscription that fails ten times in a row is disabled, and one that is gone at once.
func TestDeliveriesFail(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		v := newReceiver(t)
		v.answers(500)
		id, _ := s.subscribe(t, v.URL, "contract.created")
		status := func(id string) map[string]any {
			return s.ask(t, mine, "GET", "/webhooks/"+id, "").read(t, 200)["webhook"].(map[string]any)
		}
		try := func() {
			for range 8 {
				_, _ = s.Runner.Work(ctx) // it tells what was not delivered
				s.wall.add(24 * time.Hour)
			}
		}
		s.hired(t, "prop_1")
		try()
		require.Len(t, v.deliveries(), 5)
		for _, d := range v.deliveries() {
			assert.Equal(t, v.deliveries()[0].header.Get("X-OpenTrain-Delivery"), d.header.Get("X-OpenTrain-Delivery"))
			assert.Equal(t, v.deliveries()[0].body, d.body)
		}
		assert.Equal(t, "ACTIVE", status(id)["status"])
		s.hired(t, "prop_2")
		try()
		s.hired(t, "prop_3")
		try()
		require.Len(t, v.deliveries(), 10)
		assert.Equal(t, "DISABLED", status(id)["status"])
		assert.NotNil(t, status(id)["disabledAt"])
		assert.NotNil(t, status(id)["disabledReason"])

		v.answers(410)
		id, _ = s.subscribe(t, v.URL, "contract.created")
		s.hired(t, "prop_4")
		try()
		s.hired(t, "prop_5")
		try()
		assert.Len(t, v.deliveries(), 11)
		assert.Equal(t, "DISABLED", status(id)["status"])
	})
}

// TestWebhooks: an account has at most ten, sees its own, and what was deleted gets nothing.
func TestWebhooks(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		v := newReceiver(t)
		for _, c := range []struct{ body, field string }{
			{`{"eventTypes":["contract.created"]}`, "url"},
			{`{"url":"http://receiver.example","eventTypes":["contract.created"]}`, "url"},
			{`{"url":"ftp://receiver.example","eventTypes":["contract.created"]}`, "url"},
			{`{"url":"https://` + strings.Repeat("x", 2048) + `","eventTypes":["contract.created"]}`, "url"},
			{`{"url":"https://receiver.example","eventTypes":[]}`, "eventTypes"},
			{`{"url":"https://receiver.example","eventTypes":["contract.ended"]}`, "eventTypes"},
		} {
			assert.Equal(t, c.field, s.ask(t, mine, "POST", "/webhooks", c.body).refused(t, 400, "BAD_REQUEST", "")["field"], c.body)
		}
		blind := mine
		blind.Scopes = []string{"webhooks:manage"}
		details := s.ask(t, blind, "POST", "/webhooks", `{"url":"https://receiver.example","eventTypes":["contract.created"]}`).refused(t, 403, "FORBIDDEN", "")
		assert.Equal(t, []any{"payments:read"}, details["requiredScopes"])

		var ids []string
		for range 10 {
			s.clock.add(1)
			id, secret := s.subscribe(t, v.URL, "contract.created")
			assert.True(t, strings.HasPrefix(secret, "whsec_"))
			ids = append([]string{id}, ids...)
		}
		s.ask(t, mine, "POST", "/webhooks", `{"url":"https://receiver.example","eventTypes":["contract.created"]}`).refused(t, 409, "CONFLICT", "webhook_limit_reached")
		list := s.ask(t, mine, "GET", "/webhooks", "")
		assert.NotContains(t, list.body, "whsec_")
		for i, h := range list.read(t, 200)["webhooks"].([]any) {
			assert.Equal(t, ids[i], h.(map[string]any)["id"])
		}
		s.hired(t, "prop_1")
		for _, id := range ids {
			got := s.ask(t, mine, "DELETE", "/webhooks/"+id, "").read(t, 200)
			assert.Equal(t, true, got["deleted"])
			s.ask(t, mine, "DELETE", "/webhooks/"+id, "").refused(t, 404, "NOT_FOUND", "")
		}
		s.work(t)
		assert.Empty(t, v.deliveries())
	})
}

// TestPrivateReceivers: but in a sandbox nothing is delivered to a private network.
func TestPrivateReceivers(t *testing.T) {
	s := open(t, t.TempDir()+"/db", func(s *trainapi.Server) { s.Sender = nil })
	for _, url := range []string{"https://10.0.0.1/", "https://169.254.169.254/", "http://localhost:80/", "https://[::1]/"} {
		body := `{"url":"` + url + `","eventTypes":["contract.created"]}`
		assert.Equal(t, "url", s.ask(t, mine, "POST", "/webhooks", body).refused(t, 400, "BAD_REQUEST", "")["field"], url)
	}
}
