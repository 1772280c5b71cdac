package contractapi_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// treasury is who receives fees and slashes: the rail knows it by its role.
var treasury = agent{address: "treasury"}

// TestDirectApproved: a direct award is accepted, delivered, approved and paid.
func TestDirectApproved(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker")
		client, worker := a[0], a[1]
		at := s.created(t, client, worker.address)
		matched := s.post(t, worker, at+"/accept", `{"accept":true}`).data(t)
		assert.Equal(t, "matched", matched["status"])
		assert.Equal(t, "2.5", matched["workerStake"])
		assert.Nil(t, matched["disputeBond"])
		s.clock.set(day(1))
		assert.Equal(t, "under-review", s.post(t, worker, at+"/delivery", `{"delivery":"ipfs://ten"}`).text(t, "status"))
		approved := s.post(t, client, at+"/approve", "").data(t)
		assert.Equal(t, "resolved", approved["status"])
		assert.Equal(t, []any{"met", "met", "met"}, approved["criteriaMet"])
		s.work(t, day(1))
		assert.Equal(t, "settled-fully-met", s.get(t, worker, at).text(t, "status"))
		assert.Equal(t, []string{"-50", "47.5", "2.5"}, s.balances(t, client, worker, treasury))
	})
}

// TestSilence: an open tender is taken by whoever comes first, and a client who says
// nothing approves.
func TestSilence(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "rival")
		client, worker, rival := a[0], a[1], a[2]
		at := s.created(t, client, "")
		assert.Nil(t, s.get(t, rival, at).data(t)["worker"])
		assert.Equal(t, "invalid_request", s.ask(t, rival, "POST", at+"/accept", `{"accept":false}`).need(t, 400).code(t))
		assert.Equal(t, "forbidden", s.ask(t, client, "POST", at+"/accept", `{"accept":true}`).need(t, 403).code(t))
		assert.Equal(t, worker.address, s.post(t, worker, at+"/accept", `{"accept":true}`).text(t, "worker"))
		assert.Equal(t, "conflict", s.ask(t, rival, "POST", at+"/accept", `{"accept":true}`).need(t, 409).code(t))
		assert.Equal(t, "conflict", s.ask(t, worker, "POST", at+"/accept", `{"accept":true}`).need(t, 409).code(t))
		s.post(t, worker, at+"/delivery", `{"delivery":"ipfs://ten"}`)
		s.clock.set(day(5))
		assert.Equal(t, "resolved", s.get(t, client, at).text(t, "status"), "the deadline applies though nothing has worked yet")
		assert.Equal(t, "conflict", s.ask(t, client, "POST", at+"/dispute", "").need(t, 409).code(t))
		s.work(t, day(5))
		assert.Equal(t, "settled-fully-met", s.get(t, worker, at).text(t, "status"))
		assert.Equal(t, []string{"-50", "47.5", "0"}, s.balances(t, client, worker, rival))
	})
}

// TestDisputed: three backup agents judge, and everybody is paid by what they found. Nobody
// sees others' votes before.
func TestDisputed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "ada", "bob", "cyd")
		client, worker, judges := a[0], a[1], a[2:]
		s.jury = []string{judges[0].address, judges[1].address, judges[2].address}
		at := s.created(t, client, worker.address)
		s.post(t, worker, at+"/accept", `{"accept":true}`)
		s.post(t, worker, at+"/delivery", `{"delivery":"ipfs://ten"}`)
		s.ask(t, judges[0], "GET", at, "").need(t, 404)
		disputed := s.post(t, client, at+"/dispute", "").data(t)
		assert.Equal(t, "disputed", disputed["status"])
		assert.Equal(t, "2.5", disputed["disputeBond"])
		s.work(t, monday)
		assert.Equal(t, []any{s.jury[0], s.jury[1], s.jury[2]}, s.get(t, client, at).data(t)["backupAgents"])

		cast := []string{ballots("met", "met", "not met"), ballots("met", "unclear", "not met"), ballots("met", "met", "unclear")}
		for n, judge := range judges {
			for i, other := range a { // before this vote everybody sees their own alone
				votes := s.get(t, other, at+"/votes").list(t)
				if i-2 >= 0 && i-2 < n {
					require.Len(t, votes, 3)
					assert.Equal(t, other.address, votes[0]["backupAgent"])
					assert.Nil(t, votes[0]["majorityOutcome"])
					assert.Nil(t, votes[0]["reward"])
				} else {
					assert.Empty(t, votes)
				}
			}
			s.ask(t, judge, "POST", at+"/votes", `{"votes":[{"criterionIndex":0,"vote":"met"}]}`).need(t, 400)
			assert.Len(t, s.post(t, judge, at+"/votes", cast[n]).list(t), 3)
			s.ask(t, judge, "POST", at+"/votes", cast[n]).need(t, 409)
		}
		assert.Equal(t, []any{"met", "met", "not met"}, s.get(t, worker, at).data(t)["criteriaMet"])
		assert.Len(t, s.get(t, client, at+"/votes").list(t), 9)
		found := s.get(t, worker, at+"/votes?criterionIndex=1&backupAgent="+judges[1].address).list(t)
		require.Len(t, found, 1)
		assert.Equal(t, map[string]any{"backupAgent": judges[1].address, "criterionIndex": 1.0, "vote": "unclear", "majorityOutcome": "met",
			"bondOutcome": "partially slashed", "reward": 0.0}, found[0])

		s.work(t, monday)
		assert.Equal(t, "settled-partially-met", s.get(t, worker, at).text(t, "status"))
		got := s.balances(t, client, worker, judges[0], judges[1], judges[2])
		assert.Equal(t, []string{"-33.333333", "31.666666", "0", "-0.75", "-0.75"}, got)
		s.ask(t, named("stranger"), "GET", at, "").need(t, 401)
	})
}

// ballots is a body of votes.
func ballots(votes ...string) string {
	type ballot struct {
		CriterionIndex int    `json:"criterionIndex"`
		Vote           string `json:"vote"`
	}
	list := []ballot{}
	for i, v := range votes {
		list = append(list, ballot{i, v})
	}
	text, _ := json.Marshal(map[string]any{"votes": list})
	return string(text)
}

// TestOtherEnds: the lives that end early, and what everybody has then.
func TestOtherEnds(t *testing.T) {
	accept := func(t *testing.T, s *site, worker agent, at string) {
		s.post(t, worker, at+"/accept", `{"accept":true}`)
	}
	for _, end := range []struct {
		name, status string
		live         func(t *testing.T, s *site, client, worker agent, at string)
		client       string
		worker       string
	}{
		{"decline", "cancelled-unmatched", func(t *testing.T, s *site, _, worker agent, at string) {
			s.post(t, worker, at+"/accept", `{"accept":false}`)
		}, "0", "0"},
		{"cancel", "cancelled-by-client", func(t *testing.T, s *site, client, worker agent, at string) {
			s.ask(t, worker, "POST", at+"/cancel", "").need(t, 403)
			s.post(t, client, at+"/cancel", "{}")
		}, "0", "0"},
		{"unmatched", "cancelled-unmatched", func(t *testing.T, s *site, _, worker agent, at string) {
			s.clock.set(day(1))
			s.ask(t, worker, "POST", at+"/accept", `{"accept":true}`).need(t, 409)
		}, "0", "0"},
		{"withdraw", "cancelled-withdrawn", func(t *testing.T, s *site, client, worker agent, at string) {
			accept(t, s, worker, at)
			s.ask(t, client, "POST", at+"/withdraw", "").need(t, 403)
			s.clock.set(day(2).Add(-time.Nanosecond))
			s.post(t, worker, at+"/withdraw", "")
		}, "0.75", "-0.75"},
		{"locked in, absent", "cancelled-absent", func(t *testing.T, s *site, client, worker agent, at string) {
			accept(t, s, worker, at)
			s.ask(t, client, "POST", at+"/cancel", "").need(t, 409)
			s.clock.set(day(2))
			s.ask(t, worker, "POST", at+"/withdraw", "").need(t, 409)
			s.clock.set(day(3))
			s.ask(t, worker, "POST", at+"/delivery", `{"delivery":"late"}`).need(t, 409)
		}, "2", "-2.5"},
	} {
		t.Run(end.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *site) {
				a := s.agents(t, "client", "worker")
				at := s.created(t, a[0], a[1].address)
				end.live(t, s, a[0], a[1], at)
				s.work(t, s.clock.Now())
				assert.Equal(t, end.status, s.get(t, a[0], at).text(t, "status"))
				assert.Equal(t, []string{end.client, end.worker}, s.balances(t, a[0], a[1]))
			})
		})
	}
}

// TestFirstWins: of many who accept an open tender at once one is the worker, the others are
// told 409, and have paid nothing.
func TestFirstWins(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		names := []string{"client"}
		for i := range 5 {
			names = append(names, fmt.Sprintf("worker %d", i))
		}
		a := s.agents(t, names...)
		at := s.created(t, a[0], "")
		got := make(chan answer)
		for _, worker := range a[1:] {
			go func() { got <- s.ask(failing{}, worker, "POST", at+"/accept", `{"accept":true}`) }()
		}
		met := map[int]int{}
		for range a[1:] {
			met[(<-got).status]++
		}
		assert.Equal(t, map[int]int{200: 1, 409: 4}, met)
		s.work(t, monday)
		paid := 0
		for _, b := range s.balances(t, a[1:]...) {
			if b != "0" {
				assert.Equal(t, "-2.5", b)
				paid++
			}
		}
		assert.Equal(t, 1, paid)
	})
}

// failing fails outside of a test's own goroutine.
type failing struct{}

func (failing) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (failing) FailNow()                          { panic("failed") }
