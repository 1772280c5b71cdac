package pages_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLook(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	a := s.hire(t, "images")
	s.offer(t, "house")
	ann := s.as(t, 0)
	for name, path := range map[string]string{"home": "/", "contracts": "/contracts", "papers": "/contracts/papers", "images": "/contracts/images", "house": "/contracts/house", "approvals": "/approvals", "approval": "/approvals/" + a, "new": "/new", "newoc": "/new/opencontract", "newfp": "/new/fixedprice", "sandbox": "/sandbox"} {
		require.NoError(t, os.WriteFile("/tmp/dia/"+name+".html", []byte(ann.page(path)), 0o644))
	}
}
