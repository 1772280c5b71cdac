package escrowrun_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scissors stands between a client and PostgreSQL, and cuts the connection when a COMMIT
// comes by: before the server has it, or after it and before it has answered.
type scissors struct {
	listener net.Listener
	server   string
	armed    atomic.Bool
	cuts     atomic.Int32
	deliver  bool
}

// newScissors returns an address that leads to a database through scissors.
func newScissors(t *testing.T, address string, deliver bool) (*scissors, string) {
	u, err := url.Parse(address)
	require.NoError(t, err)
	host := u.Query().Get("host")
	if host == "" {
		t.Skip("the server is not on a socket of its own")
	}
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	require.NoError(t, err)
	x := &scissors{listener: listener, server: filepath.Join(host, ".s.PGSQL.5432"), deliver: deliver}
	t.Cleanup(func() { _ = listener.Close() })
	go x.serve()
	q := u.Query()
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return x, u.String()
}

func (x *scissors) serve() {
	for {
		client, err := x.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", x.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
		go x.forward(client, server)
	}
}

// forward passes on what the client says, up to a COMMIT.
func (x *scissors) forward(client, server net.Conn) {
	defer func() { _ = server.Close() }()
	defer func() { _ = client.Close() }()
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if n > 0 && bytes.Contains(bytes.ToLower(buffer[:n]), []byte("commit\x00")) && x.armed.CompareAndSwap(true, false) {
			x.cuts.Add(1)
			if x.deliver {
				_ = client.Close() // nobody hears the answer
				_, _ = server.Write(buffer[:n])
				_, _ = server.Read(buffer) // the server has committed
			}
			return
		}
		if n > 0 {
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// TestCutCommit: a connection that dies during COMMIT, whether the server had it or not,
// leaves one decision, one answer and one payment.
func TestCutCommit(t *testing.T) {
	for _, deliver := range []bool{true, false} {
		address := sqltest.Postgres(t)
		x, through := newScissors(t, address, deliver)
		s := open(t, through, sqltest.Postgres(t))
		for i, command := range []struct {
			n     int
			actor string
		}{{0, "0xClient"}, {1, "0xWorker1"}, {2, "0xWorker1"}} {
			q := step{contract: "c1", actor: command.actor, n: command.n}
			// Every COMMIT of the request's way is cut once: that of the key, of the intent,
			// of the hold, of the decision.
			for range 8 {
				x.armed.Store(true)
				_, err := q.ask(s.Runner)
				s.wall.add(leaseOf)
				if err == nil {
					continue
				}
				assert.NotContains(t, err.Error(), "wrong_status", "step %d", i)
			}
			x.armed.Store(false)
			s.wall.add(leaseOf)
			a, err := q.ask(s.Runner)
			require.NoError(t, err)
			assert.Equal(t, 200, a.Status)
		}
		assert.Greater(t, x.cuts.Load(), int32(8))
		s.settle(t)
		assert.Equal(t, map[string]string{"0xClient": "0.75", "0xWorker1": "-0.75"}, s.balances(t))
		history, err := s.Store.History(ctx, "c1", 0, 10)
		require.NoError(t, err)
		assert.Len(t, history, 3)
		s.sound(t)
	}
}

// TestPowerCut: PostgreSQL that is stopped as if the machine had failed, again and again
// under load, loses nothing that was answered.
func TestPowerCut(t *testing.T) {
	cluster, err := sqltest.NewCluster()
	if err != nil {
		sqltest.Lacks(t, err.Error())
	}
	t.Cleanup(cluster.Remove)
	address := cluster.Address()
	s := open(t, address, filepath.Join(t.TempDir(), "rail.db"))
	var answered []step
	for round := range 6 {
		stop := make(chan error, 1)
		for i := range 6 {
			if i == 2 {
				go func() { stop <- cluster.Stop("immediate") }()
			}
			for n, actor := range []string{"0xClient", "0xWorker1", "0xWorker1"} {
				q := step{contract: strings.Repeat("c", round+1) + string(rune('0'+i)), actor: actor, n: n}
				if a, err := q.ask(s.Runner); err == nil && a.Status == 200 {
					answered = append(answered, q)
				}
			}
		}
		require.NoError(t, <-stop)
		require.NoError(t, cluster.Start())
		s.wall.add(leaseOf + 1)
	}
	for range 10 { // connections of before fail first
		_, _ = s.Work(ctx)
	}
	s.settle(t)
	s.sound(t)
	require.NotEmpty(t, answered)
	for _, q := range answered {
		a, _ := q.ask(s.Runner)
		require.True(t, a.Replayed, "%+v", q)
		require.Equal(t, 200, a.Status)
	}
}
