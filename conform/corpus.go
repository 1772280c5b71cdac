package conform

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// Version is the version of the corpus. It grows when the engine's answer to a
// request of the corpus changes; further requests do not change it.
const Version = 1

// Exchange is a request and the engine's answer, both in wire form.
type Exchange struct {
	// Name says what the request is about, as in "OC-7 withdraw from matched, an
	// instant before withdrawalDeadline".
	Name    string          `json:"name"`
	Request json.RawMessage `json:"request"`
	Answer  json.RawMessage `json:"answer"`
}

//go:embed corpus.v1.jsonl
var corpus []byte

// Corpus returns the exchanges of the corpus in their order. Their JSON is shared
// and not to be changed.
func Corpus() []Exchange { return slices.Clone(exchanges()) }

var exchanges = sync.OnceValue(func() (list []Exchange) {
	for line := range bytes.Lines(corpus) {
		var e Exchange
		if err := json.Unmarshal(line, &e); err != nil {
			panic(fmt.Sprintf("conform: the corpus is broken after %d exchanges: %v", len(list), err))
		}
		list = append(list, e)
	}
	return list
})
