package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/cmd/escrowd/cli"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx            = context.Background()
	monday         = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	client, worker = escrow.Agent("0xClient"), escrow.Agent("0xWorker")
)

type called struct {
	out, err string
	status   int
}

// call runs the command in this process.
func call(t *testing.T, args ...string) called {
	t.Helper()
	var out, complaint bytes.Buffer
	status := cli.Command{Lifecycles: lifecycles.All()}.Run(ctx, args, cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &complaint})
	if status == 2 {
		assert.Equal(t, 1, strings.Count(complaint.String(), "\n"), "one line: %s", complaint.String())
	}
	return called{out.String(), complaint.String(), status}
}

func task(id string) escrow.Contract {
	return opencontract.Terms{
		ID: id, Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: monday.AddDate(0, 0, 1), WithdrawalDeadline: monday.AddDate(0, 0, 2), DeliveryDeadline: monday.AddDate(0, 0, 3), ReviewDeadline: monday.AddDate(0, 0, 4),
	}.Draft()
}

// fill makes a store with three lives: c1 under review, c2 a shortfall, c3 open; and a
// dead letter.
func fill(t *testing.T, address, rail string) {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	own, _, err := escrowsql.Connect(rail)
	require.NoError(t, err)
	defer func() { require.NoError(t, own.Close()) }()
	money, err := sandbox.Open(ctx, own, escrow.At(monday), sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.CaptureCall && strings.Contains(c.ID, "c2") {
			return sandbox.Fault{Kind: sandbox.Refuse}
		}
		return sandbox.Fault{}
	}}))
	require.NoError(t, err)
	r := &escrowrun.Runner{Store: store, Rail: money, Clock: escrow.At(monday), Wall: escrow.At(monday)}
	found := func(draft escrow.Contract) {
		_, err := r.Found(ctx, draft, opencontract.Create{}.Command(), client, "")
		require.NoError(t, err)
	}
	do := func(id string, command escrow.Command, actor escrow.Actor) {
		_, err := r.Do(ctx, id, command, actor, "")
		require.NoError(t, err)
	}
	found(task("c1").WithReview(escrow.Units(1), 2))
	do("c1", opencontract.Accept{}.Command(), worker)
	do("c1", opencontract.Withdraw{}.Command(), worker)
	found(task("c2"))
	i, err := store.IntentsOf(ctx, "c2")
	require.NoError(t, err)
	p, err := store.Payment(ctx, i[0].ID)
	require.NoError(t, err)
	require.NoError(t, store.Refused(ctx, p, "the bank says no"))
	found(task("c3"))
	tx, err := db.BeginTx(ctx, &sql.TxOptions{})
	require.NoError(t, err)
	require.NoError(t, store.Enqueue(ctx, tx, []escrowsql.Message{{ID: "m1", Topic: "webhook", ContractID: "c1"}}, monday))
	require.NoError(t, tx.Commit())
	require.NoError(t, store.Unsent(ctx, escrowsql.Message{ID: "m1", Attempts: 11}, "404", monday))
}

// each runs a test on a filled store of each kind.
func each(t *testing.T, test func(t *testing.T, address, rail string)) {
	sqltest.Each(t, func(t *testing.T, address string) {
		rail := filepath.Join(t.TempDir(), "rail.db")
		fill(t, address, rail)
		test(t, address, rail)
	})
}

// TestOps: everything that people must look at is told, and what they decide is done.
func TestOps(t *testing.T) {
	each(t, func(t *testing.T, address, rail string) {
		db := "--database=" + address
		got := call(t, "ops", "list", db)
		assert.Equal(t, 1, got.status, got.err)
		for _, want := range []string{"c1 revision 3", "is under review", "is a shortfall", "the bank says no", "is a dead letter of webhook (404)"} {
			assert.Contains(t, got.out, want)
		}
		got = call(t, "ops", "list", "--json", db)
		for line := range strings.Lines(got.out) {
			assert.True(t, json.Valid([]byte(line)), line)
		}
		got = call(t, "ops", "release", "c1", "3", "--operator", "olga", db)
		assert.Equal(t, called{out: "c1 revision 3: recorded; others must look at it, too\n"}, got)
		got = call(t, "ops", "release", "c1", "3", "--operator", "oleg", db)
		assert.Equal(t, called{out: "c1 revision 3: released; the timed work pays it\n"}, got)
		assert.Equal(t, 0, call(t, "ops", "resend", "m1", db).status)
		got = call(t, "ops", "resend", "m1", db)
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.err, "ops list")
		got = call(t, "reconcile", "--rail", rail, db)
		assert.Equal(t, 1, got.status, got.err)
		assert.Contains(t, got.out, "shortfall")
	})
}

// TestAudit: a sound store is clean, and a changed amount is found.
func TestAudit(t *testing.T) {
	each(t, func(t *testing.T, address, _ string) {
		got := call(t, "audit", "--database", address)
		assert.Equal(t, called{out: "audited 3 contracts, 5 decisions (0 erased): no faults\n"}, got)
		db, _, err := escrowsql.Connect(address)
		require.NoError(t, err)
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(ctx, `UPDATE escrow_movements SET amount = '51' WHERE contract_id = 'c3'`)
		require.NoError(t, err)
		got = call(t, "audit", "--database", address)
		assert.Equal(t, 1, got.status, got.err)
		assert.Contains(t, got.out, "c3 ")
	})
}

// TestBackup: there and back between the kinds, histories stay the same.
func TestBackup(t *testing.T) {
	from, folder := sqltest.SQLite(t), t.TempDir()
	fill(t, from, filepath.Join(folder, "rail.db"))
	want := call(t, "history", "c1", "--json", "--database", from)
	require.Equal(t, 0, want.status, want.err)
	for i, to := range []string{sqltest.Postgres(t), sqltest.SQLite(t)} {
		file := filepath.Join(folder, string(rune('a'+i)))
		require.Equal(t, 0, call(t, "backup", file, "--database", from).status)
		assert.Equal(t, 2, call(t, "backup", file, "--database", from).status, "never over another")
		got := call(t, "restore", file, "--database", to)
		require.Equal(t, 0, got.status, got.err)
		assert.Contains(t, got.out, "no faults")
		assert.Equal(t, 2, call(t, "restore", file, "--database", to).status, "it is not empty")
		assert.Equal(t, want, call(t, "history", "c1", "--json", "--database", to))
		from = to
	}
}

// TestLook: what is read of a contract.
func TestLook(t *testing.T) {
	each(t, func(t *testing.T, address, _ string) {
		db := "--database=" + address
		for _, args := range [][]string{{"show", "c1"}, {"history", "c1"}, {"list", "--account", "0xClient"}, {"list", "--lifecycle", "opencontract", "--status", "created"}} {
			got := call(t, append(args, db)...)
			assert.Equal(t, 0, got.status, got.err)
			t.Log("\n" + got.out)
			got = call(t, append(args, db, "--json")...)
			assert.Equal(t, 0, got.status, got.err)
			for line := range strings.Lines(got.out) {
				assert.True(t, json.Valid([]byte(line)), line)
			}
		}
		assert.Contains(t, call(t, "erase", "c3", db).err, "has not ended")
		assert.Equal(t, 0, call(t, "erase", "c1", db).status)
		assert.Contains(t, call(t, "audit", db).out, "(1 erased): no faults")
	})
}

// TestUnusable: what cannot be done is told in one line, without passwords.
func TestUnusable(t *testing.T) {
	t.Setenv("ESCROW_DATABASE", "")
	junk := filepath.Join(t.TempDir(), "junk")
	require.NoError(t, os.WriteFile(junk, bytes.Repeat([]byte("junk"), 1000), 0o600))
	for want, args := range map[string][]string{
		"unknown flag":         {"audit", "--nope"},
		"which database?":      {"audit"},
		"there is no database": {"audit", "--database", filepath.Join(t.TempDir(), "none")},
		"cannot be used":       {"audit", "--database", "postgres://u:s3cret@127.0.0.1:1/x"},
		"xxxxx":                {"audit", "--database", "postgres://u:s3cret@127.0.0.1:bad/x"},
		"not a database":       {"audit", "--database", junk},
		"whose contracts?":     {"list", "--database", junk},
	} {
		got := call(t, args...)
		assert.Equal(t, 2, got.status, args)
		assert.Contains(t, got.err, want)
		assert.NotContains(t, got.err, "s3cret")
	}
}

// TestBinary: the command as it is built, and a second worker on SQLite.
func TestBinary(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "escrowd")
	out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput()
	require.NoError(t, err, "%s", out)
	address := sqltest.SQLite(t)
	fill(t, address, address+".rail")
	out, err = exec.Command(binary, "audit", "--database", address).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "no faults")
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	leave, err := store.Alone(ctx)
	require.NoError(t, err)
	defer leave()
	out, err = exec.Command(binary, "work", "--database", address, "--rail", address+".rail").CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, 2, exit.ExitCode())
	assert.Contains(t, string(out), "another process works on this database")
}

// TestInterrupted: work that is interrupted ends clean.
func TestInterrupted(t *testing.T) {
	address := sqltest.SQLite(t)
	fill(t, address, address+".rail")
	ended, stop := context.WithCancel(ctx)
	var complaint bytes.Buffer
	own := cli.Command{Lifecycles: lifecycles.All(), Prepare: func(*escrowrun.Runner) { stop() }}
	assert.Equal(t, 0, own.Run(ended, []string{"work", "--database", address, "--rail", address + ".rail"}, cli.Stdio{Out: &complaint, Err: &complaint}), "%s", complaint.String())
}

// TestOtherStore: a newer database and another table are refused.
func TestOtherStore(t *testing.T) {
	each(t, func(t *testing.T, address, _ string) {
		db, _, err := escrowsql.Connect(address)
		require.NoError(t, err)
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(ctx, `UPDATE escrow_lifecycles SET digest = 'x'`)
		require.NoError(t, err)
		got := call(t, "audit", "--database", address)
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.err, "another rule table")
		_, err = db.ExecContext(ctx, `UPDATE escrow_schema SET version = 99`)
		require.NoError(t, err)
		got = call(t, "audit", "--database", address)
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.err, "newer version")
	})
}
