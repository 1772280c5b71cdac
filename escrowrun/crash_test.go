package escrowrun_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kills is how many kills there are of each kind: at named points, and at random.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("ESCROW_KILLS")); err == nil {
		return n
	}
	if testing.Short() {
		return 3
	}
	return 25
}

// TestKilled kills a process under load, with a bad network between it and the rail, at
// every named point and at random moments, and starts another on what is left. Then the
// audit and the reconciliation find nothing, and every request that was answered is
// answered by the same bytes again.
//
//	ESCROW_KILLS=200 go test -run TestKilled -timeout 0 .
func TestKilled(t *testing.T) {
	if os.Getenv("ESCROW_VICTIM") != "" {
		victim(t)
		return
	}
	each(t, func(t *testing.T, s *shop) {
		dir := t.TempDir()
		for n := range kills() {
			point := escrowrun.Points[n%len(escrowrun.Points)]
			count := n/len(escrowrun.Points)*3 + 1
			if strings.HasSuffix(point, "let go") {
				count = 1 // rare: only what is held for a decision that is not made
			}
			run(t, s, dir, fmt.Sprintf("%d", n), point, count)
		}
		for n := range kills() {
			run(t, s, dir, fmt.Sprintf("r%d", n), "", 1)
		}
		t.Logf("%d kills; %d requests asked again", 2*kills(), s.replayed)
	}, sandbox.WithFaults(sandbox.RandomFaults(7, 30)))
}

// run starts a process, has it killed, and looks at what is left.
func run(t *testing.T, s *shop, dir, name, point string, count int) {
	journal := filepath.Join(dir, name)
	started := start(t, s, name, journal, point, count)
	if point == "" {
		started.killSoon()
	}
	started.died(t)
	left(t, s, journal)
}

// TestThreeProcesses: of three processes that ask the same of the same contracts, and do
// the timed work of one database, one is killed, and then the others.
func TestThreeProcesses(t *testing.T) {
	s := open(t, sqltest.Postgres(t), sqltest.Postgres(t), sandbox.WithFaults(sandbox.RandomFaults(11, 30)))
	dir := t.TempDir()
	for n := range (kills() + 2) / 3 {
		name := fmt.Sprintf("%d", n)
		var journals []string
		var others []*process
		for i := range 3 {
			journals = append(journals, filepath.Join(dir, fmt.Sprintf("%s-%d", name, i)))
			point := ""
			if i == 0 {
				point = escrowrun.Points[n%len(escrowrun.Points)]
			}
			others = append(others, start(t, s, name, journals[i], point, 2))
		}
		others[0].died(t)
		for _, p := range others[1:] {
			p.killSoon()
			p.died(t)
		}
		left(t, s, journals...)
	}
	t.Logf("%d requests asked again", s.replayed)
}

// process is one that is to be killed.
type process struct {
	*exec.Cmd
	said bytes.Buffer
}

// start starts a process that kills itself when it reaches a point for the count-th time.
func start(t *testing.T, s *shop, name, journal, point string, count int) *process {
	p := &process{Cmd: exec.Command(os.Args[0], "-test.run=^TestKilled$")}
	p.Env = append(os.Environ(), "ESCROW_VICTIM="+name, "ESCROW_POINT="+point, fmt.Sprint("ESCROW_COUNT=", count),
		"ESCROW_JOURNAL="+journal, "ESCROW_STORE="+s.address, "ESCROW_RAIL="+s.railAddress)
	p.Stdout, p.Stderr = &p.said, &p.said
	require.NoError(t, p.Start())
	return p
}

// killSoon kills the process in the midst of whatever it does.
func (p *process) killSoon() {
	time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond)
	_ = p.Process.Kill()
}

// died waits for the process, which must not end by itself.
func (p *process) died(t *testing.T) {
	err := p.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		require.Fail(t, "the process ended by itself", "%v %s", err, p.said.String())
	}
}

// left looks at what killed processes have left.
func left(t *testing.T, s *shop, journals ...string) {
	s.wall.set(time.Now().Add(24 * time.Hour)) // every lease has run out
	s.settle(t)
	s.sound(t)
	for _, journal := range journals {
		replayed(t, s, journal)
	}
}

// replayed asks again what the killed process has answered.
func replayed(t *testing.T, s *shop, journal string) {
	text, err := os.ReadFile(journal)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		var q step
		var sum string
		if n, _ := fmt.Sscanf(lines.Text(), "%s %d %s %s", &q.contract, &q.n, &q.actor, &sum); n != 4 || len(sum) != 16 {
			continue // cut by the kill
		}
		a, _ := q.ask(s.Runner)
		require.True(t, a.Replayed, lines.Text())
		require.Equal(t, sum, digest(a.Body), lines.Text())
		s.replayed++
	}
}

// digest is a short digest of an answer.
func digest(body []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// step is something that somebody asks of a contract.
type step struct {
	contract, actor string
	n               int
}

// steps are what is asked, by number: the first founds the contract.
var steps = []func() escrow.Command{
	opencontract.Create{}.Command, opencontract.Accept{}.Command, opencontract.Withdraw{}.Command, opencontract.Deliver{Delivery: "here"}.Command,
	opencontract.Approve{}.Command, opencontract.Dispute{}.Command, opencontract.Cancel{}.Command,
}

func (q step) ask(r *escrowrun.Runner) (escrowrun.Answer, error) {
	request := escrowrun.Request{Contract: q.contract, Command: steps[q.n](), Actor: escrow.Agent(q.actor), Key: fmt.Sprint(q.contract, "-", q.n), Proof: []byte(`{"ok":true}`)}
	if q.n == 0 {
		request.Contract, request.Draft = "", task(q.contract)
	}
	return r.Ask(ctx, request)
}

// victim is the process that is killed. It asks by several hands at once and does the
// timed work besides, and writes down what was answered.
func victim(t *testing.T) {
	s := open(t, os.Getenv("ESCROW_STORE"), os.Getenv("ESCROW_RAIL"), sandbox.WithFaults(sandbox.RandomFaults(uint64(os.Getpid()), 60)))
	s.wall.set(time.Now())
	journal, err := os.OpenFile(os.Getenv("ESCROW_JOURNAL"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	count, err := strconv.Atoi(os.Getenv("ESCROW_COUNT"))
	require.NoError(t, err)
	point := os.Getenv("ESCROW_POINT")
	var reached atomic.Int64
	s.Reached = func(p string) {
		if p == point && reached.Add(1) == int64(count) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	ask := func(q step) {
		a, err := q.ask(s.Runner)
		if kept(a.Status) && !unexpected(err) {
			_, _ = fmt.Fprintf(journal, "%s %d %s %s\n", q.contract, q.n, q.actor, digest(a.Body))
		}
		assert.False(t, unexpected(err), "%+v: %v", q, err)
	}
	var loop sync.WaitGroup
	defer loop.Wait()
	loop.Go(func() {
		for range 3000 { // it is killed long before
			_, err := s.Work(ctx)
			assert.False(t, unexpected(err), "%v", err)
		}
	})
	for i := range 1000 {
		id := fmt.Sprintf("c%s-%d", os.Getenv("ESCROW_VICTIM"), i)
		for _, phase := range phases {
			var group sync.WaitGroup
			for _, q := range phase {
				q.contract = id
				group.Go(func() { ask(q) })
			}
			group.Wait()
		}
	}
}

// phases are what is asked of every contract, at once in each phase: the same twice, by
// rivals, and by parties against each other.
var phases = [][]step{
	{{actor: "0xClient", n: 0}, {actor: "0xClient", n: 0}, {actor: "0xWorker1", n: 1}},
	{{actor: "0xWorker1", n: 1}, {actor: "0xWorker2", n: 1}, {actor: "0xWorker3", n: 1}, {actor: "0xWorker3", n: 1}},
	{{actor: "0xWorker1", n: 3}, {actor: "0xWorker2", n: 2}, {actor: "0xWorker3", n: 3}, {actor: "0xClient", n: 6}},
	{{actor: "0xClient", n: 4}, {actor: "0xClient", n: 5}, {actor: "0xWorker1", n: 2}},
}

// kept reports whether an answer of a status is given again under its key.
func kept(status int) bool {
	return status == 200 || status == 202 || status == 403 || status == 404 || status == 409
}

// unexpected reports whether an error is none that a bad network or a rival explains.
func unexpected(err error) bool {
	var refusal *escrow.Error
	var payment *escrowrun.PaymentError
	for _, fine := range []error{
		escrowrun.ErrPaymentPending, escrowrun.ErrBusy, escrowsql.ErrKeyRunning, escrowsql.ErrKeyReused, sandbox.ErrNoAnswer, context.DeadlineExceeded,
	} {
		if errors.Is(err, fine) {
			return false
		}
	}
	return err != nil && !errors.As(err, &refusal) && !errors.As(err, &payment) && !strings.Contains(err.Error(), "give up")
}
