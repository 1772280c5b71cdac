package escrow_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestCommandOfNothing: the zero Value sets nothing, in a command too, whose fields may
// be left out or not.
func TestCommandOfNothing(t *testing.T) {
	must, may := Text("must", "what is to be given"), Text("may", "what may be given")
	for _, act := range []*escrow.Act{Do("plain"), Do("ask", must), Do("tell", Maybe(may))} {
		var cmd escrow.Command
		require.NotPanics(t, func() { cmd = act.Command(escrow.Value{}, escrow.Value{}) })
		text, err := cmd.MarshalJSON()
		require.NoError(t, err)
		assert.JSONEq(t, `{"action": "`+act.String()+`"}`, string(text))
	}
}
