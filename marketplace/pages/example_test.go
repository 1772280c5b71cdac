package pages_test

import (
	"context"
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
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// A site over a store. Who asks is told by whatever signs people in: here by a header,
// which only a test may do.
func ExampleSite_Handler() {
	dir, err := os.MkdirTemp("", "pages")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	db, dialect, err := escrowsql.Connect(filepath.Join(dir, "escrow.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	store, err := escrowsql.Open(context.Background(), db, dialect, []*escrow.Lifecycle{opencontract.Lifecycle})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	runner := &escrowrun.Runner{Store: store, Clock: escrow.At(now)}
	task := opencontract.Terms{ID: "papers", Client: "acct_ann", Worker: "acct_ben", Price: decimal.NewFromInt(50), TaskDescription: "Sum up ten papers",
		AcceptanceCriteria: []string{"all ten"}, ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: now.Add(time.Hour), WithdrawalDeadline: now.Add(2 * time.Hour), DeliveryDeadline: now.Add(3 * time.Hour), ReviewDeadline: now.Add(4 * time.Hour)}
	if _, err := runner.Found(context.Background(), task.Draft(), opencontract.Create{}.Command(), escrow.Human("ann", "acct_ann"), "a key"); err != nil {
		fmt.Println(err)
		return
	}

	site := &pages.Site{Runner: runner, Who: func(r *http.Request) (pages.Person, bool) {
		name := r.Header.Get("Test-Person")
		return pages.Person{Actor: escrow.Human(name, "acct_"+name), Name: name}, name != ""
	}}
	handler := site.Handler()
	for _, person := range []string{"ben", "eve", ""} {
		r := httptest.NewRequest(http.MethodGet, "/contracts/papers", nil)
		r.Header.Set("Test-Person", person)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		fmt.Printf("%q %d, may accept: %v\n", person, answer.Code, strings.Contains(answer.Body.String(), ">Accept</button>"))
	}
	// Output:
	// "ben" 200, may accept: true
	// "eve" 404, may accept: false
	// "" 401, may accept: false
}
