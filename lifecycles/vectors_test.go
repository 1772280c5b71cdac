package lifecycles_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/vectors"
	"github.com/escrow-go/escrow/lifecycles"
)

// TestVectors sends every worked case of the specification through the library.
func TestVectors(t *testing.T) {
	cases, err := vectors.Load("../testdata/vectors/cases.jsonl")
	require.NoError(t, err)
	require.Len(t, cases, 499)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if diff := c.Mismatch(answerTo(c.Request)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// answerTo answers a request line as the decide driver does.
func answerTo(line []byte) []byte {
	var d escrow.Decision
	q, err := escrow.ParseRequest(line, lifecycles.All()...)
	if err == nil {
		d, err = q.Decide()
	}
	return escrow.AppendAnswer(nil, &d, err)
}
