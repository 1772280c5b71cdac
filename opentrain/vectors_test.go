package opentrain_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// worked is one worked case of the specification: an answer says what must match.
type worked struct {
	Name    string
	Request struct {
		Contract, Command json.RawMessage
		Actor             escrow.Actor
		Now               time.Time
	}
	Answer map[string]any
}

// TestWorkedCases decides every worked case of the specification as it is written.
func TestWorkedCases(t *testing.T) {
	file, err := os.Open("testdata/cases.jsonl")
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var c worked
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		t.Run(c.Name, func(t *testing.T) { checkWorked(t, &c) })
	}
	require.NoError(t, lines.Err())
}

func checkWorked(t *testing.T, c *worked) {
	answer := map[string]any{}
	if d, err := decideWorked(c); err != nil {
		var e *escrow.Error
		require.True(t, errors.As(err, &e))
		answer["refusal"] = map[string]any{"code": string(e.Code()), "reason": string(e.Reason())}
	} else {
		text, err := json.Marshal(d)
		require.NoError(t, err)
		var form map[string]any
		require.NoError(t, json.Unmarshal(text, &form))
		answer["decision"] = form
		if inner, wrapped := form["decision"]; wrapped {
			answer["decision"] = inner
		}
	}
	for _, fault := range differ("", c.Answer, answer) {
		assert.Fail(t, fault)
	}
}

func decideWorked(c *worked) (d escrow.Decision, err error) {
	contract, err := escrow.ParseContract(c.Request.Contract, opentrain.Lifecycle)
	if err != nil {
		return d, err
	}
	cmd, err := contract.Lifecycle().ParseCommand(c.Request.Command)
	if err != nil {
		return d, err
	}
	return escrow.Decide(contract, cmd, c.Request.Actor, escrow.At(c.Request.Now))
}

// differ lists where an answer is not what must match: amounts compare as numbers,
// times as instants, null equals absent, custody and approvals by value.
func differ(path string, want, got any) (faults []string) {
	switch want := want.(type) {
	case nil:
		if got != nil && !reflect.DeepEqual(got, []any{}) {
			faults = append(faults, path+": is not null")
		}
	case map[string]any:
		g, _ := got.(map[string]any)
		for k, v := range want {
			faults = append(faults, differ(path+"."+k, v, g[k])...)
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(want) {
			return append(faults, path+": other length")
		}
		if strings.HasSuffix(path, "custody") || strings.HasSuffix(path, "approvals") {
			g = slices.Clone(g)
			for _, w := range want {
				i := slices.IndexFunc(g, func(x any) bool { return len(differ("", w, x)) == 0 })
				if i < 0 {
					f := differ(path, w, g[0])
					return append(faults, append(f, path+": has no such entry")...)
				}
				g = slices.Delete(g, i, i+1)
			}
			return faults
		}
		for i := range want {
			faults = append(faults, differ(path, want[i], g[i])...)
		}
	case string:
		g, _ := got.(string)
		// Ids of movements have since been given digits behind the position.
		if want != g && !sameValue(want, g) && !(strings.HasSuffix(path, "result.movements") && strings.HasPrefix(g, want+"/")) {
			faults = append(faults, path+": want "+want+", got "+g)
		}
	default:
		if !reflect.DeepEqual(want, got) {
			faults = append(faults, path+": another value")
		}
	}
	return faults
}

func sameValue(a, b string) bool {
	x, err := time.Parse(time.RFC3339Nano, a)
	if y, err2 := time.Parse(time.RFC3339Nano, b); err == nil && err2 == nil {
		return x.Equal(y)
	}
	m, err := decimal.NewFromString(a)
	n, err2 := decimal.NewFromString(b)
	return err == nil && err2 == nil && m.Equal(n)
}
