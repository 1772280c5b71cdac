package trainapi_test

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
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/escrow-go/escrow/opentrain"
)

// market opens an API on a database of its own.
func market(ctx context.Context) (api *trainapi.Server, leave func(), err error) {
	dir, err := os.MkdirTemp("", "market")
	if err != nil {
		return nil, nil, err
	}
	db, dialect, err := escrowsql.Connect(filepath.Join(dir, "escrow.db"))
	if err != nil {
		return nil, nil, err
	}
	leave = func() { _, _ = db.Close(), os.RemoveAll(dir) }
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	if err != nil {
		return nil, leave, err
	}
	runner := &escrowrun.Runner{Store: store, Clock: escrow.At(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC))}
	api = &trainapi.Server{Runner: runner, Dialect: dialect,
		Authenticate: func(*http.Request) (trainapi.Caller, error) {
			return trainapi.Caller{Owner: true, Actor: escrow.Actor{ID: "tok_1", Kind: escrow.KindToken, Account: "acct_1", User: "ann", Claimed: true,
				Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}}, nil
		},
		ApprovalURL: func(id string) string { return "https://market.example/approvals/" + id }}
	if err = api.Open(ctx); err != nil {
		return nil, leave, err
	}
	runner.Also, runner.Deliver, runner.Topics = api.Also, api.Deliver, api.Topics()
	return api, leave, api.AddProposal(ctx, trainapi.Proposal{ID: "prop_1", Account: "acct_1", Trainer: "trainer_9", JobID: "job_7", Title: "Label pictures"})
}

// A token asks for a hire, and a person confirms it: then there is a contract, and its
// event is in the feed.
func Example() {
	ctx := context.Background()
	api, leave, err := market(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leave()
	handler, err := api.Handler()
	if err != nil {
		fmt.Println(err)
		return
	}
	ask := func(method, path, body string) map[string]any {
		r := httptest.NewRequest(method, trainapi.Base+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var answer map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			fmt.Println(err)
		}
		fmt.Println(method, path, w.Code)
		return answer
	}
	asked := ask("POST", "/proposals/prop_1/hire", `{"milestone":{"name":"First batch","amount":300}}`)["approval"].(map[string]any)
	fmt.Println(asked["type"], asked["status"])

	approval, err := api.Runner.Store.Approval(ctx, asked["id"].(string)) // on the page of the approval
	if err == nil {
		_, err = api.Runner.Do(ctx, approval.ContractID, opentrain.Confirm{ApprovalID: approval.ID}.Command(), escrow.Human("ann", "acct_1"), "")
	}
	if err == nil {
		_, err = api.Runner.Work(ctx) // as Run does in the background
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	contract := ask("GET", "/contracts", "")["contracts"].([]any)[0].(map[string]any)
	fmt.Println(contract["status"], contract["milestones"].([]any)[0].(map[string]any)["status"])
	fmt.Println(ask("GET", "/updates", "")["events"].([]any)[0].(map[string]any)["type"])
	// Output:
	// POST /proposals/prop_1/hire 202
	// proposal_hire pending
	// GET /contracts 200
	// active ACTIVE_FUNDED
	// GET /updates 200
	// contract.created
}

// A proposal is stored once.
func ExampleServer_AddProposal() {
	ctx := context.Background()
	api, leave, err := market(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer leave()
	p := trainapi.Proposal{ID: "prop_2", Account: "acct_1", Trainer: "trainer_4", JobID: "job_7", Title: "Label pictures", DisplayName: "Maria G."}
	fmt.Println(api.AddProposal(ctx, p))
	fmt.Println(api.AddProposal(ctx, p))
	// Output:
	// <nil>
	// proposal prop_2 is there already
}

// The table of the routes is what the document is made of, too.
func ExampleServer_API() {
	for _, route := range new(trainapi.Server).API().Routes[:3] {
		fmt.Println(route.Method, route.Pattern)
	}
	// Output:
	// GET /api/public/v1/auth/me
	// GET /api/public/v1/contracts
	// GET /api/public/v1/contracts/{contractId}
}
