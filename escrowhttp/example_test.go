package escrowhttp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/lifecycles"
)

// exampleStore opens a store in a file that is removed afterwards.
func exampleStore() (store *escrowsql.Store, remove func()) {
	folder, err := os.MkdirTemp("", "escrow")
	if err != nil {
		panic(err)
	}
	db, dialect, err := escrowsql.Connect(filepath.Join(folder, "escrow.db"))
	if err != nil {
		panic(err)
	}
	store, err = escrowsql.Open(context.Background(), db, dialect, lifecycles.All())
	if err != nil {
		panic(err)
	}
	return store, func() { _ = db.Close(); _ = os.RemoveAll(folder) }
}

// asked sends a request to a handler and tells what it answers.
func asked(h http.Handler, method, path, body string, headers ...string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
}

// A server of all lifecycles; here the caller's account is the header's word for it.
func ExampleServer_Handler() {
	store, remove := exampleStore()
	defer remove()
	server := &escrowhttp.Server{
		Runner: &escrowrun.Runner{Store: store},
		Authenticate: func(r *http.Request) (escrow.Actor, error) {
			return escrow.Agent(r.Header.Get("Account")), nil // a real one checks a key
		},
	}
	h, err := server.Handler()
	if err != nil {
		panic(err)
	}
	asked(h, "GET", "/lifecycles/fixedprice/contracts", "", "Account", "acct_c")
	asked(h, "GET", "/lifecycles/fixedprice/contracts", "")
	// Output:
	// 200 {"contracts":[]}
	// 401 {"error":{"code":"unauthorized","reason":"no_actor","message":"the request names no actor","details":{}}}
}

// The table says what there is; handler and document are made of it.
func ExampleServer_API() {
	store, remove := exampleStore()
	defer remove()
	api, err := (&escrowhttp.Server{Runner: &escrowrun.Runner{Store: store}}).API()
	if err != nil {
		panic(err)
	}
	for _, route := range api.Routes {
		if route.Group == "crowdfund" && route.Method == "POST" {
			fmt.Println(route.Pattern)
		}
	}
	// Output:
	// /lifecycles/crowdfund/contracts
	// /lifecycles/crowdfund/contracts/{contract}/commands
	// /lifecycles/crowdfund/approvals/{approval}/confirm
	// /lifecycles/crowdfund/approvals/{approval}/decline
	// /lifecycles/crowdfund/approvals/{approval}/revoke
}

// Another API beside this one, with routes, envelope and document of its own.
func ExampleAPI_Handler() {
	api := &escrowhttp.API{
		Title: "Greetings",
		Routes: []escrowhttp.Route{{Method: "GET", Pattern: "/hello/{name}", Name: "hello", Summary: "Greets.", Open: true,
			Answers: map[int]any{200: escrowhttp.Object(map[string]any{"hello": map[string]any{"type": "string"}})},
			Func: func(w http.ResponseWriter, r *http.Request) error {
				escrowhttp.WriteJSON(w, http.StatusOK, []byte(`{"hello":"`+r.PathValue("name")+`"}`))
				return nil
			}}},
		Errors: &escrowhttp.Errors{Envelope: func(p *escrowhttp.Problem) []byte { return []byte(`{"success":false,"why":"` + p.Reason + `"}`) }},
	}
	h, err := api.Handler()
	if err != nil {
		panic(err)
	}
	asked(h, "GET", "/hello/ada", "")
	asked(h, "POST", "/hello/ada", "")
	asked(h, "GET", "/", "")
	// Output:
	// 200 {"hello":"ada"}
	// 405 {"success":false,"why":"method_not_allowed"}
	// 404 {"success":false,"why":"no_such_route"}
}

func ExampleAPI_Document() {
	api := &escrowhttp.API{Title: "Nothing", Version: "1", Schemas: map[string]any{"name": map[string]any{"type": "string"}},
		Routes: []escrowhttp.Route{{Method: "GET", Pattern: "/name", Name: "name", Open: true, Answers: map[int]any{200: escrowhttp.Ref("name")}}}}
	text, err := api.Document()
	fmt.Println(bytes.Contains(text, []byte(`"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/name"}}}`)), err)
	// Output: true <nil>
}

func ExampleGuards_Wrap() {
	guards := &escrowhttp.Guards{Hosts: []string{"api.example.com"}, Limits: escrowhttp.Limits{Body: 10}}
	h := guards.Wrap((&escrowhttp.Errors{}).Handler(func(w http.ResponseWriter, r *http.Request) error {
		body, err := escrowhttp.ReadBody(r)
		if err == nil {
			escrowhttp.WriteJSON(w, http.StatusOK, body)
		}
		return err
	}))
	asked(h, "POST", "http://api.example.com/", `"short"`)
	asked(h, "POST", "http://api.example.com/", `"much longer"`)
	asked(h, "POST", "http://evil.example.com/", `"short"`)
	// Output:
	// 200 "short"
	// 413 {"error":{"code":"invalid_request","reason":"body_too_large","message":"the body is larger than is read","details":{"limit":10}}}
	// 421 {"error":{"code":"invalid_request","reason":"other_host","message":"this server does not answer for that host","details":{}}}
}

func ExampleReadBody() {
	r := httptest.NewRequest("POST", "/", strings.NewReader("a=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err := escrowhttp.ReadBody(r)
	fmt.Println(err)
	// Output: unsupported_type: the body must be application/json in UTF-8
}

func ExampleDecode() {
	var body struct {
		Price struct {
			Amount string `json:"amount"`
		} `json:"price"`
	}
	fmt.Println(escrowhttp.Decode([]byte(`{"price":{"amount":"5"}}`), &body), body.Price.Amount)
	fmt.Println(escrowhttp.Decode([]byte(`{"price":{"amuont":"5"}}`), &body))
	fmt.Println(escrowhttp.Decode([]byte(`{"price":{"amount":5}}`), &body))
	// Output:
	// <nil> 5
	// malformed: price.amuont: is no field here
	// malformed: price.amount: cannot be a JSON number
}

func ExampleProblemOf() {
	for _, err := range []error{
		escrow.NewRefusal(escrow.Conflict, escrow.WrongStatus, "it has ended", nil),
		escrowrun.ErrBusy, escrowsql.ErrKeyReused, errors.New("pq: password of escrow is wrong"),
	} {
		p := escrowhttp.ProblemOf(err)
		fmt.Println(p.Status, p.Code, p.Reason, p.RetryAfter)
	}
	// Output:
	// 409 conflict wrong_status 0s
	// 503 unavailable busy 1s
	// 422 invalid_request key_reused 0s
	// 500 internal_error internal_error 0s
}

func ExampleErrors_Handler() {
	h := (&escrowhttp.Errors{}).Handler(func(http.ResponseWriter, *http.Request) error {
		return escrow.NewRefusal(escrow.Forbidden, "not_today", "come back tomorrow", map[string]any{"day": "Monday"})
	})
	asked(h, "GET", "/", "")
	// Output: 403 {"error":{"code":"forbidden","reason":"not_today","message":"come back tomorrow","details":{"day":"Monday"}}}
}

func ExampleIdempotency_Wrap() {
	store, remove := exampleStore()
	defer remove()
	keys := &escrowhttp.Idempotency{Store: store, Actor: func(*http.Request) escrow.Actor { return escrow.Agent("acct_1") }}
	number := 0
	h := keys.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number++
		escrowhttp.About(r, "contract_1") // forgotten when that contract's texts are erased
		escrowhttp.WriteJSON(w, http.StatusCreated, fmt.Appendf(nil, `{"number":%d}`, number))
	}))
	asked(h, "POST", "/", `{}`, "Idempotency-Key", "k1")
	asked(h, "POST", "/", `{}`, "Idempotency-Key", "k1")
	asked(h, "POST", "/", `{}`, "Idempotency-Key", "k2")
	// Output:
	// 201 {"number":1}
	// 201 {"number":1}
	// 201 {"number":2}
}

// For a runner's request; headers, as a payment's proof, are no part of it.
func ExampleFingerprint() {
	r := httptest.NewRequest("POST", "/orders", nil)
	r.Header.Set(escrowhttp.KeyHeader, "k1")
	key, err := escrowhttp.KeyOf(r)
	a := escrowhttp.Fingerprint(r, escrow.Agent("acct_1"), []byte(`{"a":1,"b":2}`))
	b := escrowhttp.Fingerprint(r, escrow.Agent("acct_1"), []byte(`{ "b": 2, "a": 1 }`))
	fmt.Println(key, err, a == b)
	// Output: k1 <nil> true
}

func ExampleMetrics() {
	m := escrowhttp.NewMetrics()
	m.Decided(lifecycles.All()[0], "accept", nil)
	m.Decided(lifecycles.All()[0], "made up", escrow.NewRefusal(escrow.InvalidRequest, escrow.UnknownAction, "", nil))
	m.Answered("GET", "GET /things/{thing}", 200, time.Millisecond)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "escrow_decisions") || strings.HasPrefix(line, "escrow_refusals") {
			fmt.Print(line)
		}
	}
	// Output:
	// escrow_decisions_total{action="accept",lifecycle="opencontract"} 1
	// escrow_refusals_total{action="unknown",lifecycle="opencontract",reason="unknown_action"} 1
}

func ExampleOperations() {
	store, remove := exampleStore()
	defer remove()
	h := escrowhttp.Operations(store, escrowhttp.NewMetrics())
	asked(h, "GET", "/healthz", "")
	asked(h, "GET", "/readyz", "")
	// Output:
	// 200 {"status":"alive"}
	// 200 {"status":"ready"}
}

func ExampleServe() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- escrowhttp.Serve(ctx, l, escrowhttp.Alive(), escrowhttp.ServeOptions{}) }()
	got, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		panic(err)
	}
	text, _ := io.ReadAll(got.Body)
	_ = got.Body.Close()
	fmt.Println(string(text))
	stop() // as on a signal
	fmt.Println(<-ended)
	// Output:
	// {"status":"alive"}
	// <nil>
}
