package pages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/escrow-go/escrow/inspection"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNotations: people write percents, units of time and local times, and the contract
// has what they mean.
func TestNotations(t *testing.T) {
	s := open(t)
	ann := s.as(t, 0)
	write := func(commission, look string) (int, string) {
		form := hidden(t, ann.page("/new/inspection"), "/new/inspection", "")
		for name, value := range map[string]string{"action": "request", "f.buyer": "acct_ann", "f.seller": "acct_ben", "f.broker": "acct_cyd", "f.title": "A boat",
			"f.price": " 1000.5 ", "f.commission": commission, "f.inspection": look, "f.shipBy": "2026-07-01T08:30"} {
			form.Set(name, value)
		}
		return ann.post("/new/inspection", form)
	}
	for _, look := range []string{"10 days", "240 hours", "P10D", "1 week"} {
		for _, commission := range []string{"2.5 %", "2.5%", "0.025"} {
			status, text := write(commission, look)
			require.Equal(t, http.StatusOK, status, text)
			list, err := s.Runner.Store.FindAll(ctx, s.newest(t))
			require.NoError(t, err)
			view := list[0].View()
			assert.Equal(t, "0.025", inspection.Commission.In(view).String())
			assert.Equal(t, "1000.5", list[0].Asset().Text(inspection.Price.In(view)))
			assert.Equal(t, time.Date(2026, 7, 1, 8, 30, 0, 0, time.UTC), inspection.ShipBy.In(view))
			want := 240 * time.Hour
			if look == "1 week" {
				want = 168 * time.Hour
			}
			assert.Equal(t, want, inspection.Inspection.In(view))
		}
	}
	for commission, look := range map[string]string{"1e999999999 %": "10 days", "999 %": "10 days", "-1 %": "10 days", "2 %": "some days", "3 %": "999999999 weeks"} {
		status, text := write(commission, look)
		assert.Equal(t, http.StatusBadRequest, status, "%s %s", commission, look)
		assert.Contains(t, text, `aria-invalid="true"`, "%s %s", commission, look)
	}
}

// newest is the id of the contract that was decided on last.
func (s *shop) newest(t testing.TB) string {
	var id string
	require.NoError(t, s.Runner.Store.DB().QueryRow(`SELECT contract_id FROM escrow_decisions ORDER BY number DESC LIMIT 1`).Scan(&id))
	return id
}
