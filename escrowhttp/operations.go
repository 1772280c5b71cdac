package escrowhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
)

// Operations returns what an operator's machines ask for: GET /healthz, whether the
// process lives; /readyz, whether the store can be worked with; /metrics, unless metrics
// is nil. It has no guards: it is for a listener of its own.
func Operations(store *escrowsql.Store, metrics *Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", Alive())
	mux.Handle("GET /readyz", Ready(store))
	if metrics != nil {
		mux.Handle("GET /metrics", metrics.Handler())
	}
	return mux
}

// Alive returns the handler of GET /healthz: the process answers.
func Alive() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, []byte(`{"status":"alive"}`))
	})
}

// readyLimit is how long the database may take to answer.
const readyLimit = 2 * time.Second

// Ready returns the handler of GET /readyz: 200 when the database answers and its tables
// are those that the program knows, else 503.
func Ready(store *escrowsql.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyLimit)
		defer cancel()
		if store.Ready(ctx) != nil {
			WriteJSON(w, http.StatusServiceUnavailable, []byte(`{"status":"not ready"}`))
			return
		}
		WriteJSON(w, http.StatusOK, []byte(`{"status":"ready"}`))
	})
}
