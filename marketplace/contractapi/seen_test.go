package contractapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStrangers: whoever is no party of a contract is answered, by every call, as if there
// were none: by the same bytes but for what names the request.
func TestStrangers(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "stranger")
		client, worker, stranger := a[0], a[1], a[2]
		direct, tender := s.created(t, client, worker.address), s.created(t, client, "")
		s.get(t, stranger, tender)
		for _, at := range []string{direct, tender} {
			s.post(t, worker, at+"/accept", `{"accept":true}`)
		}
		for _, at := range []string{direct, tender} {
			for _, call := range [][3]string{
				{"GET", "", ""}, {"GET", "/votes", ""}, {"POST", "/accept", `{"accept":true}`}, {"POST", "/accept", `{"accept":false}`}, {"POST", "/cancel", ""},
				{"POST", "/withdraw", ""}, {"POST", "/delivery", `{"delivery":"x"}`}, {"POST", "/approve", ""}, {"POST", "/dispute", ""}, {"POST", "/votes", ballots("met", "met", "met")},
			} {
				if at == tender && call[2] == `{"accept":true}` {
					continue // which everybody could see
				}
				got, none := s.ask(t, stranger, call[0], at+call[1], call[2]), s.ask(t, stranger, call[0], "/v1/contracts/none"+call[1], call[2])
				assert.Equal(t, 404, got.status, "%v", call)
				assert.Equal(t, none.status, got.status)
				assert.Equal(t, none.body, got.body)
			}
		}
		assert.Empty(t, s.get(t, stranger, "/v1/contracts").list(t))
		load := s.get(t, stranger, "/v1/agents/"+worker.address+"/workload").body
		assert.NotContains(t, load, strings.TrimPrefix(direct, "/v1/contracts/"))
		for _, id := range []string{"%00", "a%20b", "%ff", strings.Repeat("x", 300)} {
			s.ask(t, stranger, "GET", "/v1/contracts/"+id, "").need(t, 404)
			s.ask(t, stranger, "POST", "/v1/contracts/"+id+"/accept", `{"accept":true}`).need(t, 404)
		}
	})
}

// TestList: one's own contracts, then others' open tenders, by pages, and what filters let
// through.
func TestList(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "rival")
		client, worker, rival := a[0], a[1], a[2]
		var own, tenders []string
		for range 3 {
			own = append([]string{s.created(t, client, worker.address)}, own...)
			tenders = append([]string{s.created(t, rival, "")}, tenders...)
			s.clock.set(s.clock.Now().Add(1))
		}
		s.post(t, worker, own[0]+"/accept", `{"accept":true}`)
		listed := func(query string) (at []string) {
			for cursor := ""; ; {
				got := s.get(t, worker, "/v1/contracts?limit=2"+query+cursor)
				var body struct {
					Data []struct{ ID string }
					Meta struct{ NextCursor string }
				}
				require.NoError(t, json.Unmarshal([]byte(got.body), &body))
				require.LessOrEqual(t, len(body.Data), 2)
				for _, c := range body.Data {
					at = append(at, "/v1/contracts/"+c.ID)
				}
				if cursor = "&cursor=" + body.Meta.NextCursor; body.Meta.NextCursor == "" {
					return at
				}
			}
		}
		assert.Equal(t, append(append([]string{}, own...), tenders...), listed(""))
		assert.Equal(t, tenders, listed("&awardMethod=open_tender"))
		assert.Equal(t, tenders, listed("&client="+strings.ToLower(rival.address)))
		assert.Equal(t, own, listed("&worker="+worker.address+"&contractType=fixed"))
		assert.Equal(t, own[:1], listed("&status=matched"))
		assert.Equal(t, own, listed("&awardMethod=direct_award"))
		assert.Empty(t, listed("&status=disputed"))
		for _, bad := range []string{"limit=0", "limit=101", "limit=x", "status=open", "awardMethod=x", "contractType=x", "client=0x1", "worker=me", "cursor=x", "cursor=own.%00", "cursor=own.x", "cursor=own.MjAyNg"} {
			assert.Equal(t, "invalid_request", s.ask(t, worker, "GET", "/v1/contracts?"+bad, "").need(t, 400).code(t), bad)
		}
		s.clock.set(day(1))
		assert.Empty(t, listed("&awardMethod=open_tender"), "an expired tender is its client's alone")
	})
}

// TestFields: every documented field of a contract, before anybody is bound and when all is
// settled.
func TestFields(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "ada", "bob", "cyd")
		client, worker := a[0], a[1]
		s.jury = []string{a[2].address, a[3].address, a[4].address}
		at := s.created(t, client, "")
		begun := s.get(t, client, at).data(t)
		s.post(t, worker, at+"/accept", `{"accept":true}`)
		s.post(t, worker, at+"/delivery", `{"delivery":"ipfs://ten"}`)
		s.post(t, client, at+"/dispute", "")
		s.work(t, monday)
		for _, judge := range a[2:] {
			s.post(t, judge, at+"/votes", ballots("met", "not met", "unclear"))
		}
		s.work(t, monday)
		ended := s.get(t, client, at).data(t)
		fields := []struct {
			name         string
			begun, ended any
		}{
			{"id", strings.TrimPrefix(at, "/v1/contracts/"), strings.TrimPrefix(at, "/v1/contracts/")},
			{"status", "created", "settled-partially-met"},
			{"createdAt", "2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z"},
			{"client", client.address, client.address},
			{"worker", nil, worker.address},
			{"taskDescription", "sum up ten papers", "sum up ten papers"},
			{"acceptanceCriteria", []any{"all ten", "in English", "one page each"}, []any{"all ten", "in English", "one page each"}},
			{"criteriaMet", nil, []any{"met", "not met", "unclear"}},
			{"supplementaryMaterials", nil, nil},
			{"delivery", nil, "ipfs://ten"},
			{"contractType", "fixed", "fixed"},
			{"awardMethod", "open_tender", "open_tender"},
			{"budgetOrPrice", "50.0", "50.0"},
			{"matchDeadline", "2026-06-02T12:00:00Z", "2026-06-02T12:00:00Z"},
			{"withdrawalDeadline", "2026-06-03T12:00:00Z", "2026-06-03T12:00:00Z"},
			{"deliveryDeadline", "2026-06-04T12:00:00Z", "2026-06-04T12:00:00Z"},
			{"reviewDeadline", "2026-06-06T12:00:00Z", "2026-06-06T12:00:00Z"},
			{"verificationMode", "privacy-preserving", "privacy-preserving"},
			{"backupAgents", []any{}, []any{s.jury[0], s.jury[1], s.jury[2]}},
			{"escrowedFunds", "50.0", "50.0"},
			{"workerStake", nil, "2.5"},
			{"disputeBond", nil, "2.5"},
		}
		for _, f := range fields {
			require.Contains(t, begun, f.name)
			assert.Equal(t, f.begun, begun[f.name], f.name)
			assert.Equal(t, f.ended, ended[f.name], f.name)
		}
		assert.Len(t, begun, len(fields))
		assert.Len(t, ended, len(fields))

		direct := s.ask(t, client, "POST", "/v1/contracts", task(worker.address, func(x map[string]any) {
			x["supplementaryMaterials"], x["verificationMode"], x["reviewDeadline"], x["budgetOrPrice"] = "ipfs://papers", "standard", nil, "0.000001"
		})).need(t, 201).data(t)
		assert.Equal(t, worker.address, direct["worker"])
		assert.Equal(t, "ipfs://papers", direct["supplementaryMaterials"])
		assert.Equal(t, "0.000001", direct["budgetOrPrice"])
		assert.Nil(t, direct["reviewDeadline"])
	})
}

// TestCreateRefused: what a task must not be.
func TestCreateRefused(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db")
	a := s.agents(t, "client", "worker")
	for name, value := range map[string]any{
		"taskDescription": " ", "acceptanceCriteria": []string{}, "contractType": "auction", "awardMethod": "open_tender", "verificationMode": "x", "worker": a[0].address,
		"matchDeadline": day(0), "withdrawalDeadline": day(0), "deliveryDeadline": day(1), "reviewDeadline": day(3), "client": a[1].address, "status": "matched",
	} {
		got := s.ask(t, a[0], "POST", "/v1/contracts", task(a[1].address, func(x map[string]any) { x[name] = value }))
		assert.Equal(t, "invalid_request", got.need(t, 400).code(t), name)
	}
	for _, price := range []any{50, "0", "-1", "1e3", "1.0000001", "", "50,0", " 50", "0x10", strings.Repeat("9", 38), nil} {
		got := s.ask(t, a[0], "POST", "/v1/contracts", task(a[1].address, func(x map[string]any) { x["budgetOrPrice"] = price }))
		assert.Equal(t, 400, got.status, "%v", price)
	}
	for _, worker := range []any{"0x1", strings.ToUpper(a[1].address), 5} {
		s.ask(t, a[0], "POST", "/v1/contracts", task("x", func(x map[string]any) { x["worker"] = worker })).need(t, 400)
	}
	for _, deadline := range []any{"", "tomorrow", "2026-06-04", nil, 5} {
		s.ask(t, a[0], "POST", "/v1/contracts", task(a[1].address, func(x map[string]any) { x["deliveryDeadline"] = deadline })).need(t, 400)
	}
	assert.Equal(t, "invalid_request", s.ask(t, a[0], "POST", "/v1/contracts", "{").need(t, 400).code(t))
	assert.Equal(t, "not_found", s.ask(t, a[0], "GET", "/v1/nothing", "").code(t))
	assert.Empty(t, s.get(t, a[0], "/v1/contracts").list(t))
}

// TestProtocol: the parameters as they are documented.
func TestProtocol(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db")
	got := s.get(t, s.agents(t, "ada")[0], "/v1/protocol")
	assert.JSONEq(t, `{"protocolFee":0.05,"workerStakeRatio":0.05,"disputeBondRatio":0.05,"backupAgentBondRatio":0.05,
		"earlyWithdrawalSlashRatio":0.3,"absentNoneMetClientShare":0.8,"baUnclearSlashRatio":0.3,
		"tokenMintRewardFull":10,"tokenMintRewardReduced":4,"baEligibilityStake":1000,"baVotingWindow":"PT24H","baRecruitCount":3}`, asJSON(got.data(t)))
	assert.NotEmpty(t, got.header.Get("X-Request-Id"))
	assert.Contains(t, got.body, fmt.Sprintf(`"meta":{"requestId":%q,"timestamp":"2026-06-01T12:00:00Z"}`, got.header.Get("X-Request-Id")))
}

func asJSON(x any) string {
	text, _ := json.Marshal(x)
	return string(text)
}

// TestAgents: what can be said of agents from what they did, and their workload.
func TestAgents(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "ada", "bob", "cyd")
		client, worker, ada := a[0], a[1], a[2]
		s.jury = []string{a[2].address, a[3].address, a[4].address}
		first, second := s.created(t, client, worker.address), s.created(t, client, worker.address)
		id := func(at string) any { return strings.TrimPrefix(at, "/v1/contracts/") }
		for _, at := range []string{first, second} {
			s.post(t, worker, at+"/accept", `{"accept":true}`)
			s.post(t, worker, at+"/delivery", `{"delivery":"ipfs://ten"}`)
			s.post(t, client, at+"/dispute", "")
		}
		s.work(t, monday)
		load := s.get(t, ada, "/v1/agents/"+ada.address+"/workload").data(t)
		assert.ElementsMatch(t, []any{id(first), id(second)}, load["asBackupAgent"].(map[string]any)["pendingVotes"])
		for i, judge := range a[2:] {
			s.post(t, judge, first+"/votes", ballots("met", "met", []string{"met", "met", "not met"}[i]))
		}
		s.work(t, monday)
		load = s.get(t, worker, "/v1/agents/"+worker.address+"/workload").data(t)
		assert.Equal(t, map[string]any{"active": []any{id(second)}, "completed": []any{id(first)}}, load["asWorker"])
		load = s.get(t, ada, "/v1/agents/"+ada.address+"/workload").data(t)
		assert.Equal(t, []any{id(first)}, load["asBackupAgent"].(map[string]any)["resolvedVotes"])

		did := s.get(t, ada, "/v1/agents/"+strings.ToLower(worker.address)).data(t)
		assert.Equal(t, worker.address, did["address"])
		assert.Equal(t, "47.5", did["totalVolumeEarned"])
		assert.Equal(t, 1.0, did["completedContracts"])
		assert.Equal(t, "2026-06-01T12:00:00Z", did["tenureStart"])
		assert.Nil(t, did["reputationScore"])
		did = s.get(t, ada, "/v1/agents/"+client.address).data(t)
		assert.Equal(t, []any{map[string]any{"outcome": "rejected"}}, did["disputeRecord"])
		assert.Equal(t, 0.0, did["disputeFairness"])
		did = s.get(t, ada, "/v1/agents/"+a[4].address).data(t)
		assert.Equal(t, map[string]any{"participations": 2.0, "votingAccuracy": 2.0 / 3}, did["backupAgentRecord"])
		s.ask(t, ada, "GET", "/v1/agents/"+named("nobody").address, "").need(t, 404)
		s.ask(t, ada, "GET", "/v1/agents/0x1", "").need(t, 404)
	})
}
