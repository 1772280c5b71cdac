package conform

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/escrow-go/escrow"
)

// Version is the version of the corpus. It grows when the engine's answer to a
// request of the corpus changes; further requests do not change it.
const Version = 2

// Exchange is a request and the engine's answer, both in wire form.
type Exchange struct {
	// Name says what the request is about, as in "OC-7 withdraw from matched, an
	// instant before withdrawalDeadline".
	Name string `json:"name"`
	// Lifecycle names the one that the request is about; empty when it is about none.
	Lifecycle string          `json:"lifecycle,omitempty"`
	Request   json.RawMessage `json:"request"`
	Answer    json.RawMessage `json:"answer"`
}

//go:embed corpus.v2.jsonl.gz
var corpus []byte

// written returns the corpus as it is written: an exchange a line, in JSON.
func written() []byte {
	r, err := gzip.NewReader(bytes.NewReader(corpus))
	if err != nil {
		panic(fmt.Sprintf("conform: the corpus is broken: %v", err))
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(fmt.Sprintf("conform: the corpus is broken: %v", err))
	}
	return text
}

// Corpus returns the exchanges of the corpus in their order: those about the given
// lifecycles and about none, without lifecycles all. Their JSON is shared and not to
// be changed.
func Corpus(lifecycles ...*escrow.Lifecycle) []Exchange {
	about := func(e Exchange) bool {
		return e.Lifecycle == "" || slices.ContainsFunc(lifecycles, func(l *escrow.Lifecycle) bool { return l.Name() == e.Lifecycle })
	}
	if len(lifecycles) == 0 {
		return slices.Clone(exchanges())
	}
	return slices.DeleteFunc(slices.Clone(exchanges()), func(e Exchange) bool { return !about(e) })
}

var exchanges = sync.OnceValue(func() (list []Exchange) {
	for line := range bytes.Lines(written()) {
		var e Exchange
		if err := json.Unmarshal(line, &e); err != nil {
			panic(fmt.Sprintf("conform: the corpus is broken after %d exchanges: %v", len(list), err))
		}
		list = append(list, e)
	}
	return list
})
