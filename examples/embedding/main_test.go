package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSale: a sale is paid, received and paid out; another falls due; money arrives.
func TestSale(t *testing.T) {
	clock := &watch{time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}
	runner, handler, err := shop(t.Context(), filepath.Join(t.TempDir(), "shop.db"), clock)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	defer server.Close()
	post := func(key, path, body string) (status int, answer map[string]any) {
		r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+path, bytes.NewReader([]byte(body)))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
		return response.StatusCode, answer
	}
	found := func() string {
		status, answer := post("key-of-b", "/lifecycles/sale/contracts",
			`{"draft": {"buyer": "acct_b", "seller": "acct_s", "price": "49.90", "sendBy": "2026-06-08T00:00:00Z"}, "command": {"action": "pay"}}`)
		require.Equal(t, http.StatusCreated, status, answer)
		return answer["decision"].(map[string]any)["contract"].(map[string]any)["id"].(string)
	}
	received, forgotten := found(), found()
	status, answer := post("key-of-s", "/lifecycles/sale/contracts/"+received+"/commands", `{"action": "receive"}`)
	require.Equal(t, http.StatusForbidden, status, answer)
	status, answer = post("", "/lifecycles/sale/contracts/"+received+"/commands", `{"action": "receive"}`)
	require.Equal(t, http.StatusUnauthorized, status, answer)
	status, answer = post("key-of-b", "/lifecycles/sale/contracts/"+received+"/commands", `{"action": "receive"}`)
	require.Equal(t, http.StatusOK, status, answer)

	clock.now = clock.now.AddDate(0, 0, 30)
	_, err = runner.Work(t.Context())
	require.NoError(t, err)
	c, err := runner.Store.Find(t.Context(), forgotten)
	require.NoError(t, err)
	assert.Equal(t, escrow.Status("refunded"), c.Status())
	balances, err := runner.Rail.(*sandbox.Rail).Balances(context.Background())
	require.NoError(t, err)
	got := map[string]string{}
	for _, b := range balances {
		if b.Account != "" {
			got[b.Account] = b.Units.String()
		}
	}
	assert.Equal(t, map[string]string{"acct_b": "-4990", "acct_s": "4840", "platform": "150"}, got)
}

type watch struct{ now time.Time }

func (w *watch) Now() time.Time { return w.now }

// TestSize: it stays small enough to be read.
func TestSize(t *testing.T) {
	text, err := os.ReadFile("main.go")
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(text), "\n"), 120)
}
