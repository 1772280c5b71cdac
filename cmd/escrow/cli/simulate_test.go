package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const market = `
name: market
contracts: 600
seed: 7
policies:
  - name: default
    policy: {}
  - name: no fee
    policy:
      protocolFee: 0
`

const sweep = `
name: fees
contracts: 300
sweep:
  - field: policy.protocolFee
    values: [0, 0.05]
frontier: {x: worker.net, y: treasury.gets}
`

// TestSimulate: the text to standard output, how fast it was to standard error.
func TestSimulate(t *testing.T) {
	for scenario, parts := range map[string][]string{
		market: {"market: 600 contracts of opencontract, seed 7\n", "How contracts end", "settled-fully-met", "worker.net", "Time from founding", "Difference from default"},
		sweep:  {"Sweep of 2 points", "protocolFee: 0, 0.05", "best exchanges"},
	} {
		got := call(scenario, "simulate", "-")
		require.Equal(t, 0, got.status, got.err)
		for _, part := range parts {
			assert.Contains(t, got.out, part)
		}
		assert.Regexp(t, `^\w+: seed \d\n[\d,]+ contracts in \S+, [\d,]+ contracts/s\n$`, got.err)
	}
}

// TestSimulateFiles: every form of the result goes where it is asked to.
func TestSimulateFiles(t *testing.T) {
	for name, scenario := range map[string]string{"market": market, "fees": sweep} {
		dir := t.TempDir()
		at := func(file string) string { return filepath.Join(dir, file) }
		got := call(scenario, "simulate", "-", "--seed", "18446744073709551615", "--contracts", "400", "--json", at("json"), "--csv", at("csv"), "--html", at("html"))
		require.Equal(t, 0, got.status, got.err)
		assert.Contains(t, got.out, "400 contracts of opencontract, seed 18446744073709551615")
		var found struct {
			Version, Scenario, Result any
			Seed                      uint64
			Contracts                 int
		}
		require.NoError(t, json.Unmarshal([]byte(read(t, at("json"))), &found))
		assert.Equal(t, "devel", found.Version)
		assert.Equal(t, name, found.Scenario.(map[string]any)["name"])
		assert.Equal(t, uint64(1<<64-1), found.Seed)
		assert.Equal(t, 400, found.Contracts)
		assert.NotEmpty(t, found.Result)
		assert.Contains(t, read(t, at("csv")), ",worker.net,USDC,")
		assert.Contains(t, read(t, at("html")), "<title>"+name+": simulation</title>")

		printed := call(scenario, "simulate", "-", "--seed", "18446744073709551615", "--contracts", "400", "--json", "-")
		assert.Equal(t, read(t, at("json")), printed.out)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// TestSimulateSame: same seed, same bytes, whatever the number of processors.
func TestSimulateSame(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, form := range []string{"--json", "--csv", "--html"} {
		runtime.GOMAXPROCS(1)
		one := call(market, "simulate", "-", form, "-")
		runtime.GOMAXPROCS(2)
		two := call(market, "simulate", "-", form, "-")
		require.Equal(t, 0, one.status, one.err)
		assert.True(t, one.out == two.out, form)
		other := call(market, "simulate", "-", form, "-", "--seed", "8")
		assert.False(t, one.out == other.out, form)
	}
}

// cancelling ends a context at the first word that it is told.
type cancelling struct {
	bytes.Buffer
	cancel func()
}

func (c *cancelling) Write(text []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(text)
}

// TestSimulateStopped: a run that is stopped gives what it has, in every form.
func TestSimulateStopped(t *testing.T) {
	for scenario, mark := range map[string]string{market: "STOPPED EARLY", sweep: "without points, STOPPED EARLY"} {
		ctx, cancel := context.WithCancel(t.Context())
		var out bytes.Buffer
		page, many := filepath.Join(t.TempDir(), "page.html"), 1_000_000_000
		cmd := &simulateCmd{Scenario: "-", Contracts: &many, HTML: page}
		err := cmd.run(ctx, &Stdio{strings.NewReader(scenario), &out, &cancelling{cancel: cancel}})
		assert.ErrorIs(t, err, errRefused)
		assert.Equal(t, exitRefusal, exitStatus(err, &Stdio{}))
		assert.Contains(t, out.String(), mark)
		assert.Contains(t, read(t, page), "Stopped early")
	}
}

// TestSimulateFaults: a malformed scenario is refused with file, line and field.
func TestSimulateFaults(t *testing.T) {
	for scenario, want := range map[string]string{
		"name: x\nworkers:\n  - behaviour: reliable\n    share: 1.2\n":     "line 4: workers[0].share: is 1.2",
		"# c\n\npolicy:\n\n  protocolFee: lots\n":                          "line 5: policy.protocolFee: ",
		"{\"name\": \"x\",\n \"policy\": {\n  \"protocolFee\": \"lots\"}}": "line 3: policy.protocolFee: ",
		"{\n \"contracts\": 5,\n \"contracts\": 5}":                        "line 3: contracts: ",
		"contracts: 5\nseed: 1\ncontracts: 5":                              "line 3: contracts: given twice, first on line 1",
		"name: x\ncontracs: 5":                                             `line 2: contracs: is no field; did you mean "contracts"?`,
		"name: x\n  seed: 1":                                               "line 2: no YAML: ",
		"{\"name\": \"x\",\n":                                              "line ",
		"- 1":                                                              "line 1: ",
		"":                                                                 "line 1: empty",
		"name: x\nsweep:\n  - field: policy.nothing\n    values: [1, 2]": "line 4: sweep[0].values[0]: ",
	} {
		path := filepath.Join(t.TempDir(), "scenario.yaml")
		require.NoError(t, os.WriteFile(path, []byte(scenario), 0o644))
		got := call("", "simulate", path)
		assert.Equal(t, 2, got.status, scenario)
		assert.Empty(t, got.out)
		assert.Contains(t, got.err, "escrow: "+path+": scenario: "+want)
	}
}

// TestSimulateUnusable: a call that cannot be carried out says so before the run.
func TestSimulateUnusable(t *testing.T) {
	for want, args := range map[string][]string{
		"give the path of a scenario": {"nowhere.yaml"},
		"expected \"<scenario>\"":     {},
		"only one of":                 {"-", "--json", "-", "--csv", "-"},
		"is a directory":              {"-", "--html", t.TempDir()},
		"--seed":                      {"-", "--seed", "-1"},
		"contracts":                   {"-", "--contracts", "0"},
	} {
		got := call(market, append([]string{"simulate"}, args...)...)
		assert.Equal(t, 2, got.status, want)
		assert.Empty(t, got.out)
		assert.Contains(t, got.err, want)
		assert.NotContains(t, got.err, "contracts/s")
	}
}
