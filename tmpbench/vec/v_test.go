package vec

import (
	
	"testing"
	"os"

	"github.com/escrow-go/escrow/internal/vectors"
	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

func TestVectors(t *testing.T) {
	cases, err := vectors.Load("/work/shared/spec/vectors/cases.jsonl")
	if err != nil { t.Fatal(err) }
	bad, n := 0, 0
	for _, c := range cases {
		
		n++
		var d escrow.Decision
		q, err := escrow.ParseRequest(c.Request, opencontract.Lifecycle, opentrain.Lifecycle)
		if err == nil { d, err = q.Decide() }
		if diff := c.Mismatch(escrow.AppendAnswer(nil, &d, err)); diff != "" {
			bad++
			if bad < 6 || os.Getenv("ALL") != "" { if len(diff) > 1500 { diff = diff[:1500] }; t.Log(c.Name, diff) }
		}
	}
	t.Log(bad, "of", n)
}
