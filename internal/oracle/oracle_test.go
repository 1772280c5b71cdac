package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/internal/vectors"
	escrow "github.com/escrow-go/escrow/next"
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

// evidence is where the cases name movements as they did before ids had a digest.
var evidence = regexp.MustCompile(`"result":\{"movements":\[[^]]*\]`)

var digest = regexp.MustCompile(`/[0-9a-f]{12}"`)

// undigested writes ids of movements in evidence as the cases have them.
func undigested(text []byte) []byte { return digest.ReplaceAll(text, []byte(`"`)) }

func TestVectorsAgree(t *testing.T) {
	for _, c := range cases(t) {
		if diff := c.Mismatch(evidence.ReplaceAllFunc(Answer(c.Request), undigested)); diff != "" {
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

// compare holds the oracle's answer against the engine's, all but the texts of
// refusals, and returns the engine's. Of several faults of the same kind, which
// one is named first is left open.
func compare(t testing.TB, request []byte, several bool) map[string]any {
	t.Helper()
	want := tree(t, engine(request))
	if no, refused := want["refusal"].(map[string]any); refused {
		delete(no, "message")
		delete(no, "remedy")
	}
	got := tree(t, Answer(request))
	if several && (unreadable(want) && unreadable(got) || invalidPolicy(want) && invalidPolicy(got)) {
		return want
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("request %.9000s\n%s", request, strings.Join(differences("", want, got), "\n"))
	}
	return want
}

// differences names where two trees differ.
func differences(path string, want, got any) (list []string) {
	a, isObject := want.(map[string]any)
	b, too := got.(map[string]any)
	if isObject && too {
		for key := range a {
			list = append(list, differences(path+"."+key, a[key], b[key])...)
		}
		for key := range b {
			if _, known := a[key]; !known {
				list = append(list, differences(path+"."+key, nil, b[key])...)
			}
		}
		return list
	}
	x, isList := want.([]any)
	y, isToo := got.([]any)
	if isList && isToo && len(x) == len(y) {
		for i := range x {
			list = append(list, differences(fmt.Sprintf("%s[%d]", path, i), x[i], y[i])...)
		}
		return list
	}
	if !reflect.DeepEqual(want, got) {
		list = append(list, fmt.Sprintf("%s: engine %.300v, oracle %.300v", path, want, got))
	}
	return list
}

// unreadable is a refusal of what could not even be read.
func unreadable(answer map[string]any) bool {
	no, refused := answer["refusal"].(map[string]any)
	return refused && no["code"] == "invalid_request" && no["rule"] == nil
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
	for _, c := range cases(t) {
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
