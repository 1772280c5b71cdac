package trainapi_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHiresAtOnce: of hires of one proposal that come at once, by whatever terms, one
// approval waits in the end, and one contract can come of them.
func TestHiresAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.checked = nil // it is not made for many at once
		s.propose(t, "prop_1", "acct_1")
		const many = 6
		answers := make([]answer, many)
		var all sync.WaitGroup
		for n := range many {
			all.Go(func() {
				body := fmt.Sprintf(`{"milestone":{"name":"batch","amount":%d}}`, n+1)
				answers[n] = s.ask(t, mine, "POST", "/proposals/prop_1/hire", body, "Idempotency-Key", fmt.Sprint("k", n))
			})
		}
		all.Wait()
		pending := map[string]map[string]any{}
		for n, a := range answers {
			hire := approvalOf(t, a)
			if now := s.approval(t, hire); now["status"] == "pending" {
				pending[now["id"].(string)] = now
			}
			body := fmt.Sprintf(`{"milestone":{"name":"batch","amount":%d}}`, n+1)
			again := s.ask(t, mine, "POST", "/proposals/prop_1/hire", body, "Idempotency-Key", fmt.Sprint("k", n))
			assert.Equal(t, a.body, again.body)
		}
		require.Len(t, pending, 1)
		for _, hire := range pending {
			s.confirm(t, hire, confirming)
		}
		list := s.ask(t, mine, "GET", "/contracts", "").read(t, 200)["contracts"].([]any)
		require.Len(t, list, 1)
	})
}
