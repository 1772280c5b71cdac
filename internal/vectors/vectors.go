// Package vectors holds the worked cases against answers: through the library,
// and through the built command.
package vectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Case is one worked case: a request and what must match in the answer.
type Case struct {
	Name    string
	Request json.RawMessage
	Answer  map[string]any
}

// Load reads the cases of a file.
func Load(path string) (cases []Case, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for d := json.NewDecoder(f); ; {
		var c Case
		switch err := d.Decode(&c); {
		case errors.Is(err, io.EOF):
			return cases, nil
		case err != nil:
			return nil, err
		}
		cases = append(cases, c)
	}
}

// Mismatch says what in an answer is not as the case gives it, "" when nothing.
func (c *Case) Mismatch(answer []byte) string {
	var got map[string]any
	if err := json.Unmarshal(answer, &got); err != nil {
		return err.Error()
	}
	if diff := mismatch("", c.Answer, got); diff != "" {
		return fmt.Sprintf("%s\nrequest %s\nanswer  %s", diff, c.Request, answer)
	}
	return ""
}

// mismatch compares amounts as numbers, times as instants, null as absent,
// custody and approvals by value.
func mismatch(path string, want, got any) string {
	switch want := want.(type) {
	case nil:
		if list, ok := got.([]any); got != nil && (!ok || len(list) > 0) {
			return fmt.Sprintf("%s: want nothing, got %v", path, got)
		}
	case map[string]any:
		fields, _ := got.(map[string]any)
		for k, v := range want {
			if diff := mismatch(path+"."+k, v, fields[k]); diff != "" {
				return diff
			}
		}
	case []any:
		return mismatchList(path, want, got)
	case string:
		if s, ok := got.(string); !ok || !sameScalar(want, s) && !(evidence.MatchString(path) && want == undigested(s)) {
			return fmt.Sprintf("%s: want %q, got %v", path, want, got)
		}
	default:
		if want != got {
			return fmt.Sprintf("%s: want %v, got %v", path, want, got)
		}
	}
	return ""
}

func mismatchList(path string, want []any, got any) string {
	list, _ := got.([]any)
	if len(list) != len(want) {
		return fmt.Sprintf("%s: want %d entries, got %v", path, len(want), got)
	}
	if key, byValue := map[string]string{".decision.contract.custody": "account", ".decision.contract.approvals": "id"}[path]; byValue {
		order := func(a, b any) int {
			x, y := fmt.Sprint(a.(map[string]any)[key]), fmt.Sprint(b.(map[string]any)[key])
			return slices.Compare([]byte(x), []byte(y))
		}
		slices.SortFunc(want, order)
		slices.SortFunc(list, order)
	}
	for i := range want {
		if diff := mismatch(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); diff != "" {
			return diff
		}
	}
	return ""
}

// evidence is where an approval's result names movements. A dozen of the cases name
// them by an id without its last part, the digest that wire.md has given them since,
// so there the digest is not compared.
var evidence = regexp.MustCompile(`\.result\.movements\[\d+\]$`)

// undigested is a movement's id without its digest: contract, revision, position.
func undigested(id string) string {
	return id[:max(strings.LastIndexByte(id, '/'), 0)]
}

func sameScalar(a, b string) bool {
	if a == b {
		return true
	}
	if x, err := time.Parse(time.RFC3339Nano, a); err == nil {
		y, err := time.Parse(time.RFC3339Nano, b)
		return err == nil && x.Equal(y)
	}
	x, err := decimal.NewFromString(a)
	y, err2 := decimal.NewFromString(b)
	return err == nil && err2 == nil && x.Equal(y)
}
