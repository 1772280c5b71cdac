package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/vectors"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

const file = "../../testdata/vectors/cases.jsonl"

var seed = flag.Uint64("seed", 1, "what the random requests begin with")

var rounds = flag.Int("rounds", 2, "how often each case is perturbed")

func cases(t testing.TB) []vectors.Case {
	t.Helper()
	list, err := vectors.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestVectorsAgree(t *testing.T) {
	for _, c := range cases(t) {
		if diff := c.Mismatch(Answer(c.Request)); diff != "" {
			t.Errorf("%s: %s", c.Name, diff)
		}
	}
}

// engine answers as the library does.
func engine(request []byte) []byte {
	q, err := escrow.ParseRequest(request, opencontract.Lifecycle, opentrain.Lifecycle)
	if err != nil {
		return escrow.AppendAnswer(nil, nil, err)
	}
	d, err := q.Decide()
	if err != nil {
		return escrow.AppendAnswer(nil, nil, err)
	}
	return escrow.AppendAnswer(nil, &d, nil)
}

func tree(t testing.TB, data []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}

// compare holds the oracle's answer against the engine's, and returns the engine's. Of
// several faults of the same kind, which one is named first is left open.
func compare(t testing.TB, request []byte, several bool) map[string]any {
	t.Helper()
	want, got := tree(t, engine(request)), tree(t, Answer(request))
	if several && sameKind(want, got) || leftOpen(request, want, got) {
		return want
	}
	if diff := disagreement(want, got); diff != "" {
		t.Errorf("%s\nrequest %.9000s", diff, request)
	}
	return want
}

// sameKind reports whether of several faults of one kind another is named.
func sameKind(want, got map[string]any) bool {
	return unreadable(want) && unreadable(got) || invalidPolicy(want) && invalidPolicy(got)
}

// leftOpen: what a draft does not take is refused before it is looked at, or after.
func leftOpen(request []byte, want, got map[string]any) bool {
	return isDraft(request) && (untaken(want) && unfit(got) || unfit(want) && untaken(got))
}

func reason(answer map[string]any) any {
	no, _ := answer["refusal"].(map[string]any)
	return no["reason"]
}

func untaken(answer map[string]any) bool {
	return reason(answer) == "wrong_status" || reason(answer) == "nothing_due"
}

func unfit(answer map[string]any) bool {
	no, _ := answer["refusal"].(map[string]any)
	return no["code"] == "invalid_request"
}

func isDraft(request []byte) bool {
	var r struct{ Contract struct{ Status string } }
	return json.Unmarshal(request, &r) == nil && r.Contract.Status == ""
}

// disagreement says where engine and oracle differ, "" when nowhere. Decisions are
// compared whole, null as absent. Of a refusal the oracle says what the documents say of
// it: not the texts, of the details not all, and no rule for what could not be read.
func disagreement(engine, oracle map[string]any) string {
	no, refused := engine["refusal"].(map[string]any)
	own, too := oracle["refusal"].(map[string]any)
	if !refused || !too {
		return difference("", engine, oracle)
	}
	for _, name := range []string{"code", "reason", "action", "rule"} {
		if (name == "rule" || name == "action") && (no[name] == nil || own[name] == nil) {
			continue
		}
		if diff := difference(".refusal."+name, no[name], own[name]); diff != "" {
			return diff + fmt.Sprintf("\nengine  %v\noracle  %v", no, own)
		}
	}
	ours, _ := no["details"].(map[string]any)
	for name, value := range own["details"].(map[string]any) {
		if diff := difference(".details."+name, ours[name], value); diff != "" && name != "field" {
			return diff
		}
	}
	return ""
}

// difference is the first place where two values differ.
func difference(path string, engine, oracle any) string {
	switch e := engine.(type) {
	case map[string]any:
		o, ok := oracle.(map[string]any)
		if !ok {
			break
		}
		names := slices.Sorted(maps.Keys(e))
		for name := range o {
			if _, both := e[name]; !both {
				names = append(names, name)
			}
		}
		for _, name := range names {
			if diff := difference(path+"."+name, e[name], o[name]); diff != "" {
				return diff
			}
		}
		return ""
	case []any:
		o, ok := oracle.([]any)
		if !ok || len(o) != len(e) {
			break
		}
		for i := range e {
			if diff := difference(fmt.Sprintf("%s[%d]", path, i), e[i], o[i]); diff != "" {
				return diff
			}
		}
		return ""
	}
	if reflect.DeepEqual(engine, oracle) {
		return ""
	}
	return fmt.Sprintf("%s: engine %.2000v, oracle %.2000v", path, engine, oracle)
}

// few is how much is tried: with -short little.
func few(much, little int) int {
	if testing.Short() {
		return little
	}
	return much
}

// unreadable is a refusal of what could not even be read.
func unreadable(answer map[string]any) bool {
	no, refused := answer["refusal"].(map[string]any)
	return refused && no["code"] == "invalid_request" && (no["rule"] == nil || no["reason"] == "malformed" || no["reason"] == "amount_bounds")
}

func bytesOf(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func invalidPolicy(answer map[string]any) bool {
	no, refused := answer["refusal"].(map[string]any)
	return refused && no["reason"] == "invalid_policy"
}

// TestEngineAgrees perturbs the requests of the cases, and goes on from each
// decision to the next.
func TestEngineAgrees(t *testing.T) {
	p := &perturber{rand.New(rand.NewPCG(*seed, 1))}
	decisions, refusals := 0, map[any]int{}
	for i, c := range cases(t) {
		if i%few(1, 16) != 0 {
			continue
		}
		compare(t, c.Request, false)
		for range *rounds {
			r := tree(t, c.Request)
			for range 6 {
				p.perturb(r)
				answer := compare(t, bytesOf(t, r), true)
				if t.Failed() {
					t.FailNow()
				}
				if d, ok := answer["decision"].(map[string]any); ok {
					decisions++
					r["contract"] = d["contract"]
				} else {
					refusals[answer["refusal"].(map[string]any)["reason"]]++
				}
			}
		}
	}
	t.Log(decisions, "decisions, refusals", refusals)
}

// TestDraftsAgree spoils the terms of drafts.
func TestDraftsAgree(t *testing.T) {
	p := &perturber{rand.New(rand.NewPCG(*seed, 3))}
	for _, c := range cases(t) {
		r := tree(t, c.Request)
		draft := r["contract"].(map[string]any)
		if draft["status"] != nil && draft["status"] != "" {
			continue
		}
		already := compare(t, c.Request, false)["refusal"] != nil
		for range *rounds * 20 {
			r := tree(t, c.Request)
			several := already
			several = p.spoil(r["contract"].(map[string]any)) == "milestones" || several
			if p.IntN(3) == 0 {
				several = true
				p.spoil(r["contract"].(map[string]any))
				p.perturb(r)
			}
			compare(t, bytesOf(t, r), several)
			if t.Failed() {
				t.FailNow()
			}
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	list := cases(b)
	i := 0
	for b.Loop() {
		Answer(list[i%len(list)].Request)
		i++
	}
}
