package x402_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
)

const clients = "testdata/clients"

// install installs the clients as the lock file says, unless they are.
func install(t testing.TB) {
	if _, err := exec.LookPath("npm"); err != nil {
		sqltest.Lacks(t, "npm, with which the clients are installed")
	}
	lock, err := os.ReadFile(filepath.Join(clients, "package-lock.json"))
	require.NoError(t, err)
	sum := sha256.Sum256(lock)
	mark := filepath.Join(clients, "node_modules", ".installed")
	if installed, err := os.ReadFile(mark); err == nil && string(installed) == hex.EncodeToString(sum[:]) {
		return
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = clients
	if out, err := npm.CombinedOutput(); err != nil {
		sqltest.Lacks(t, "the clients: "+string(out))
	}
	require.NoError(t, os.WriteFile(mark, []byte(hex.EncodeToString(sum[:])), 0o600))
}

// client is a process that asks and pays by a protocol.
type client struct {
	in  io.Writer
	out *bufio.Scanner
	url string
}

func start(t testing.TB, protocol, url string) client {
	node := exec.Command("node", "pay.mjs", protocol)
	node.Dir = clients
	var problems bytes.Buffer
	node.Stderr = &problems
	in, err := node.StdinPipe()
	require.NoError(t, err)
	out, err := node.StdoutPipe()
	require.NoError(t, err)
	if err := node.Start(); err != nil {
		sqltest.Lacks(t, "node: "+err.Error())
	}
	t.Cleanup(func() {
		_ = in.Close()
		assert.NoError(t, node.Wait(), problems.String())
	})
	return client{in: in, out: bufio.NewScanner(out), url: url}
}

// ask has the client ask, and pay when it is asked to.
func (c client) ask(t testing.TB, q request) (a answer) {
	key := keyOf(q.name).Serialize()
	line, err := json.Marshal(map[string]any{"key": "0x" + hex.EncodeToString(key), "url": c.url + q.path, "method": q.method, "body": q.body,
		"headers": map[string]string{"Authorization": "Bearer " + account(q.name), "Content-Type": "application/json"}})
	require.NoError(t, err)
	_, err = c.in.Write(append(line, '\n'))
	require.NoError(t, err)
	require.True(t, c.out.Scan(), "the client has stopped")
	require.NoError(t, json.Unmarshal(c.out.Bytes(), &a))
	return a
}

// TestClientsLiveAWholeLife: the clients of both protocols pay for every step that costs
// something, and only for those: price, stake, dispute bond, the bonds of the jury.
func TestClientsLiveAWholeLife(t *testing.T) {
	install(t)
	for _, protocol := range []string{"1", "2"} {
		t.Run("protocol "+protocol, func(t *testing.T) {
			s := serve(t, nil)
			c := start(t, protocol, s.URL)
			network := map[string]string{"1": x402.Base.Name, "2": x402.Base.CAIP2()}[protocol]
			step := func(name, what, path, body, payer, cost string) {
				q := request{name: name, method: what, path: path, body: body}
				before := s.balances(t)[name]
				a := c.ask(t, q)
				require.Equal(t, http.StatusOK, a.Status, a.Body)
				if payer == "" {
					assert.Empty(t, a.Settled)
					assert.Equal(t, before, s.balances(t)[name])
					return
				}
				assert.Equal(t, true, a.Settled["success"])
				assert.Equal(t, network, a.Settled["network"])
				assert.Equal(t, account(payer), a.Settled["payer"])
				assert.Equal(t, cost, s.balances(t)[name])
			}
			step("client", "PUT", "/contracts/c1", `{"worker":"`+account("worker")+`"}`, "client", "-50")
			step("worker", "POST", "/contracts/c1/accept", "{}", "worker", "-2.5")
			step("worker", "POST", "/contracts/c1/deliver", `{"delivery":"ipfs://papers"}`, "", "")
			step("client", "POST", "/contracts/c1/dispute", "{}", "client", "-52.5")
			s.settle(t)
			for i, name := range jurors {
				votes := []string{`["met","met"]`, `["met","not met"]`, `["met","not met"]`}[i]
				step(name, "POST", "/contracts/c1/vote", `{"votes":`+votes+`}`, name, "-5")
			}
			s.settle(t)
			found, err := s.Store.Find(ctx, "c1")
			require.NoError(t, err)
			assert.Equal(t, "settled-partially-met", string(found.Status()))
			// Of 50, half is the worker's, less 5 % for the treasury. Who voted against the
			// majority loses the bond of that criterion.
			balances := s.balances(t)
			assert.Equal(t, "-25", balances["client"])
			assert.Equal(t, "23.75", balances["worker"])
			assert.Empty(t, balances["bob"]+balances["cyd"]+balances["c1"])
			assert.Equal(t, "-2.5", balances["ada"])
			payments := 0
			for x, err := range s.rail.List(ctx, time.Time{}) {
				require.NoError(t, err)
				if x.Kind == escrowrun.HoldKind {
					payments++
					assert.Equal(t, escrowrun.Captured, x.State)
				}
			}
			assert.Equal(t, 6, payments)
			s.sound(t)
		})
	}
}

// TestClientsAreToldWhatIsWrong: what the server refuses reaches the caller as it is.
func TestClientsAreToldWhatIsWrong(t *testing.T) {
	install(t)
	for _, protocol := range []string{"1", "2"} {
		s := serve(t, nil)
		c := start(t, protocol, s.URL)
		require.Equal(t, http.StatusOK, c.ask(t, create("c1", account("worker"))).Status)
		a := c.ask(t, create("c1", account("worker")))
		assert.Equal(t, http.StatusConflict, a.Status, a.Body)
		assert.True(t, strings.Contains(a.Body, "wrong_status"), a.Body)
		assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
	}
}
