package escrowhttp_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/require"
)

// FuzzCommand: whatever is sent to a contract is answered by a decision or by a refusal
// that tells nothing of the inside; refused, it leaves the contract as it was.
func FuzzCommand(f *testing.F) {
	s := open(f, sqltest.SQLite(f), func(s *escrowhttp.Server) { s.Log = nil })
	h, err := s.Handler()
	require.NoError(f, err)
	ask := func(method, path string, body []byte) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", token(client))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	require.Equal(f, 201, ask("POST", jobs, []byte(job("fuzzed"))).Code)
	for _, seed := range []string{
		`{"action":"advance"}`, `{"action":"end"}`, `{"action":"fund_milestone","milestoneId":"m1"}`, `{"action":"confirm","approvalId":"a","hash":""}`,
		`{"action":"add_milestone","milestoneId":"m2","name":"More","amount":"1e3"}`, `{"action":"release_part","milestoneId":"m1","amount":"0.001"}`,
		`{"action":"fund_milestone","action":"end"}`, `[]`, `null`, "{\"action\":\"\\ud800\"}", `{"action":{"a":[1,2,{"b":null}]}}`, `{`, ``, "\xff",
	} {
		f.Add([]byte(seed))
	}
	at := jobs + "/fuzzed"
	f.Fuzz(func(t *testing.T, body []byte) {
		before := ask("GET", at, nil).Body.String()
		w := ask("POST", at+"/commands", body)
		var got map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), w.Body.String())
		switch w.Code {
		case 200, 202:
			require.Contains(t, got, "decision")
			return
		case 400, 403, 404, 409, 413:
		default:
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		require.Contains(t, got, "error")
		require.Equal(t, before, ask("GET", at, nil).Body.String())
	})
}
