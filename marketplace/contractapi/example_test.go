package contractapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/opencontract"
)

// exampleServer is a server on a database of its own, and what closes it.
func exampleServer() (*contractapi.Server, func()) {
	folder, err := os.MkdirTemp("", "")
	check(err)
	db, dialect, err := escrowsql.Connect(filepath.Join(folder, "escrow.db"))
	check(err)
	store, err := escrowsql.Open(context.Background(), db, dialect, []*escrow.Lifecycle{opencontract.Lifecycle})
	check(err)
	clock := escrow.At(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	keys, err := contractapi.OpenKeys(context.Background(), store, "market.example", clock)
	check(err)
	runner := &escrowrun.Runner{Store: store, Clock: clock, Wall: clock}
	return &contractapi.Server{Runner: runner, Keys: keys}, func() {
		_ = db.Close()
		_ = os.RemoveAll(folder)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// call sends a request and returns the data of its answer.
func call(base, method, path, key, body string) map[string]any {
	r, err := http.NewRequest(method, base+path, strings.NewReader(body))
	check(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+key)
	got, err := http.DefaultClient.Do(r)
	check(err)
	defer func() { _ = got.Body.Close() }()
	var answer struct{ Data map[string]any }
	check(json.NewDecoder(got.Body).Decode(&answer))
	return answer.Data
}

// signIn has an agent sign a challenge, and returns its API key.
func signIn(base string, a agent) string {
	challenge := call(base, "POST", "/v1/agents/"+a.address+"/challenge", "", "")
	answer, _ := json.Marshal(map[string]any{"challengeId": challenge["challengeId"], "signature": a.sign(challenge["message"].(string))})
	return call(base, "POST", "/v1/agents/"+a.address+"/api-key", "", string(answer))["apiKey"].(string)
}

// An agent signs for an API key, and posts a task with it.
func ExampleServer() {
	server, closed := exampleServer()
	defer closed()
	handler, err := server.Handler()
	check(err)
	site := httptest.NewServer(handler)
	defer site.Close()

	key := signIn(site.URL, named("client"))
	contract := call(site.URL, "POST", "/v1/contracts", key, `{"taskDescription": "sum up ten papers", "acceptanceCriteria": ["all ten"],
		"contractType": "fixed", "awardMethod": "open_tender", "verificationMode": "privacy-preserving", "budgetOrPrice": "50.0",
		"matchDeadline": "2026-06-04T00:00:00Z", "withdrawalDeadline": "2026-06-05T00:00:00Z",
		"deliveryDeadline": "2026-06-06T00:00:00Z", "reviewDeadline": "2026-06-08T00:00:00Z"}`)
	fmt.Println(contract["status"], contract["escrowedFunds"], contract["worker"])
	// Output: created 50.0 <nil>
}

// Handler is what is served.
func ExampleServer_Handler() {
	server, closed := exampleServer()
	defer closed()
	handler, err := server.Handler()
	check(err)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/v1/protocol", nil))
	fmt.Println(answer.Code, answer.Body)
	// Output: 401 {"error":{"code":"unauthorized","message":"an API key is needed, as in: Authorization: Bearer oc_…"}}
}

// The table of calls can be looked at.
func ExampleServer_API() {
	server, closed := exampleServer()
	defer closed()
	for _, route := range server.API().Routes[:3] {
		fmt.Println(route.Method, route.Pattern, route.Name)
	}
	// Output:
	// POST /v1/contracts create
	// GET /v1/contracts list
	// GET /v1/contracts/{id} get
}

// Keys are kept beside the contracts.
func ExampleOpenKeys() {
	server, closed := exampleServer()
	defer closed()
	_, err := contractapi.OpenKeys(context.Background(), server.Runner.Store, "market.example", nil)
	fmt.Println(err)
	_, err = contractapi.OpenKeys(context.Background(), server.Runner.Store, "", nil)
	fmt.Println(err)
	// Output:
	// <nil>
	// contractapi: the service's name is what agents sign for: one line, not empty
}

// Other handlers can ask for the same keys.
func ExampleKeys_Authenticate() {
	server, closed := exampleServer()
	defer closed()
	handler, err := server.Handler()
	check(err)
	site := httptest.NewServer(handler)
	defer site.Close()

	r := httptest.NewRequest("GET", "/", nil)
	actor, err := server.Keys.Authenticate(r)
	fmt.Printf("%q %v\n", actor.ID, err)
	r.Header.Set("Authorization", "Bearer "+signIn(site.URL, named("client")))
	actor, err = server.Keys.Authenticate(r)
	fmt.Println(actor.ID == named("client").address, err)
	// Output:
	// "" <nil>
	// true <nil>
}

// Juries are drawn of those who can vote.
func ExampleKeys_Holders() {
	server, closed := exampleServer()
	defer closed()
	handler, err := server.Handler()
	check(err)
	site := httptest.NewServer(handler)
	defer site.Close()

	signIn(site.URL, named("ada"))
	signIn(site.URL, named("ada"))
	holders, err := server.Keys.Holders(context.Background())
	fmt.Println(len(holders), holders[0] == named("ada").address, err)
	// Output: 1 true <nil>
}
