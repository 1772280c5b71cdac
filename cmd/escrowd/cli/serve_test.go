package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/escrow-go/escrow/cmd/escrowd/cli"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serving is a sandbox that a call serves.
type serving struct {
	Address, Database string
	stop              func() (status int, stderr string)
}

// serves starts a sandbox, and returns when it answers.
func serves(t *testing.T, args ...string) *serving {
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Command{Lifecycles: lifecycles.All()}.Run(ctx, append([]string{"serve", "--json", "--listen", "127.0.0.1:0"}, args...), cli.Stdio{Out: in, Err: &stderr})
		_ = in.Close()
	}()
	s := &serving{}
	require.NoError(t, json.NewDecoder(out).Decode(s))
	s.stop = func() (int, string) {
		cancel()
		select {
		case status := <-ended:
			return status, stderr.String()
		case <-time.After(time.Minute):
			require.Fail(t, "it does not stop")
		}
		return 0, ""
	}
	return s
}

// TestServe: a sandbox answers until it is interrupted; one that is kept goes on where it
// was, and a second beside it is refused.
func TestServe(t *testing.T) {
	database := filepath.Join(t.TempDir(), "shop.db")
	for range 2 {
		s := serves(t, "--database", database)
		response, err := http.Get(s.Address + "/")
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, 200, response.StatusCode)
		assert.Contains(t, string(text), "first-task")
		status, stderr := run(t, "serve", "--listen", "127.0.0.1:0", "--database", database)
		assert.Equal(t, 2, status)
		assert.Contains(t, stderr, "another process")
		http.DefaultClient.CloseIdleConnections()
		status, stderr = s.stop()
		assert.Zero(t, status, stderr)
	}
	s := serves(t)
	assert.Empty(t, s.Database)
	status, stderr := s.stop()
	assert.Zero(t, status, stderr)
}

// run carries out a call that ends by itself.
func run(t *testing.T, args ...string) (status int, stderr string) {
	var out, told bytes.Buffer
	status = cli.Command{Lifecycles: lifecycles.All()}.Run(t.Context(), args, cli.Stdio{Out: &out, Err: &told})
	return status, told.String()
}

// TestServeUnusable: what cannot be served is said in one line.
func TestServeUnusable(t *testing.T) {
	for says, args := range map[string][]string{
		"answers on this machine only":        {"--listen", "0.0.0.0:0"},
		"cannot listen on":                    {"--listen", "127.0.0.1:99999"},
		"are of a live marketplace":           {"--url", "https://market.example"},
		"--url https://… says":                {"--live"},
		"which database?":                     {"--live", "--url", "https://market.example"},
		"knows no rail for real money":        {"--live", "--url", "https://market.example", "--database", filepath.Join(t.TempDir(), "live.db")},
		"the database postgres://u:xxxxx@127": {"--listen", "127.0.0.1:0", "--database", "postgres://u:secret@127.0.0.1:1/none"},
	} {
		status, stderr := run(t, append([]string{"serve"}, args...)...)
		assert.Equal(t, 2, status, says)
		assert.Contains(t, stderr, says)
		assert.NotContains(t, stderr, "secret")
		assert.Equal(t, 1, bytes.Count([]byte(stderr), []byte("\n")), stderr)
	}
}

// TestUser: a person is added, listed and shut out.
func TestUser(t *testing.T) {
	database := filepath.Join(t.TempDir(), "shop.db")
	call := func(args ...string) string {
		var out, told bytes.Buffer
		status := cli.Command{Lifecycles: lifecycles.All()}.Run(t.Context(), append(args, "--database", database), cli.Stdio{Out: &out, Err: &told})
		require.Zero(t, status, told.String())
		return out.String()
	}
	text := call("user", "add", "Ada Lovelace", "--account", "acct_ada")
	assert.Regexp(t, `^Ada Lovelace \(user_\w+\) of acct_ada is let in once, within 24 hours, by\nhttp://localhost:8080/people/enrol/\S+\n$`, text)
	var u struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(call("user", "list", "--json")), &u))
	assert.Contains(t, call("user", "disable", u.ID), "is shut out")
	assert.Contains(t, call("user", "list"), "acct_ada  Ada Lovelace  disabled")
}
