package contractapi

import (
	"net/http"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/opencontract"
)

// routes are all calls.
func (s *Server) routes() []escrowhttp.Route {
	all := append(s.contractRoutes(), s.agentRoutes()...)
	return append(all,
		escrowhttp.Route{Method: "GET", Pattern: "/v1/protocol", Name: "protocol", Group: "protocol", Summary: "The policy that contracts are founded under.",
			Answers: data(escrowhttp.Ref("protocol")), Func: s.asked(s.showProtocol)},
		escrowhttp.Route{Method: "GET", Pattern: "/v1/openapi.json", Name: "openapi", Group: "about", Open: true, Summary: "This document.",
			Answers: map[int]any{200: map[string]any{"type": "object"}}, Func: func(w http.ResponseWriter, _ *http.Request) error {
				escrowhttp.WriteJSON(w, http.StatusOK, s.document)
				return nil
			}})
}

// contractRoutes are the calls about contracts.
func (s *Server) contractRoutes() []escrowhttp.Route {
	const all, one = "/v1/contracts", "/v1/contracts/{id}"
	rows := []escrowhttp.Route{
		{Method: "POST", Pattern: all, Name: "create", Summary: "Posts a task and locks its price.", Params: s.paid(), Body: escrowhttp.Ref("task"),
			Answers: map[int]any{201: envelopeOf(escrowhttp.Ref("contract"))}, Problems: writeProblems, Func: s.asked(s.create)},
		{Method: "GET", Pattern: all, Name: "list", Summary: "The contracts that you are a party of, then others' open tenders, each newest first.", Params: listParams,
			Answers: data(listOf(escrowhttp.Ref("contract"))), Func: s.asked(s.list)},
		{Method: "GET", Pattern: one, Name: "get", Summary: "A contract as it stands now.", Answers: data(escrowhttp.Ref("contract")), Func: s.asked(s.show)},
		{Method: "POST", Pattern: one + "/accept", Name: "accept", Summary: "Takes the work and posts the stake, or declines a direct award.", Params: s.paid(),
			Body: escrowhttp.Object(map[string]any{"accept": map[string]any{"type": "boolean"}}), Func: s.asked(s.accept)},
		{Method: "POST", Pattern: one + "/delivery", Name: "deliver", Summary: "Hands the work over.", Params: keyed,
			Body: escrowhttp.Object(map[string]any{"delivery": textOf("a hash or an address")}), Func: s.asked(s.deliver)},
		{Method: "POST", Pattern: one + "/cancel", Name: "cancel", Summary: "Takes a contract back that nobody has accepted.", Params: keyed, Func: s.asked(s.order(opencontract.Cancel{}.Command()))},
		{Method: "POST", Pattern: one + "/withdraw", Name: "withdraw", Summary: "Gives the work up in time, for a part of the stake.", Params: keyed, Func: s.asked(s.order(opencontract.Withdraw{}.Command()))},
		{Method: "POST", Pattern: one + "/approve", Name: "approve", Summary: "Accepts the delivery.", Params: keyed, Func: s.asked(s.order(opencontract.Approve{}.Command()))},
		{Method: "POST", Pattern: one + "/dispute", Name: "dispute", Summary: "Asks for backup agents to judge, and posts the bond.", Params: s.paid(), Func: s.asked(s.order(opencontract.Dispute{}.Command()))},
		{Method: "POST", Pattern: one + "/votes", Name: "vote", Summary: "A backup agent's votes, one for each criterion, and its bond.", Params: s.paid(), Body: escrowhttp.Ref("ballots"),
			Answers: data(listOf(escrowhttp.Ref("vote"))), Func: s.asked(s.vote)},
		{Method: "GET", Pattern: one + "/votes", Name: "votes", Summary: "The votes on a contract: before the tally your own alone.", Params: votesParams,
			Answers: data(listOf(escrowhttp.Ref("vote"))), Func: s.asked(s.votes)},
	}
	for i := range rows {
		if rows[i].Group = "contracts"; rows[i].Answers == nil {
			rows[i].Answers = data(escrowhttp.Ref("contract"))
		}
		if rows[i].Method == "POST" {
			rows[i].Problems = writeProblems
		}
		if s.Payments != nil && len(rows[i].Params) > len(keyed) && rows[i].Method == "POST" {
			rows[i].Answers[http.StatusPaymentRequired] = map[string]any{"type": "object", "description": "what is to be paid, in the words of the payment's protocol"}
		}
	}
	return rows
}

// agentRoutes are the calls about agents and their keys.
func (s *Server) agentRoutes() []escrowhttp.Route {
	const one, keys = "/v1/agents/{address}", "/v1/agents/me/api-keys"
	rows := []escrowhttp.Route{
		{Method: "GET", Pattern: one, Name: "agent", Summary: "What an agent has done.", Answers: data(escrowhttp.Ref("agent")), Func: s.asked(s.agent)},
		{Method: "GET", Pattern: one + "/workload", Name: "workload", Summary: "What an agent has to do and has done, of the contracts that you may know of.", Answers: data(escrowhttp.Ref("workload")), Func: s.asked(s.workload)},
		{Method: "POST", Pattern: one + "/challenge", Name: "challenge", Open: true, Summary: "What the account must sign to have an API key: good for five minutes, for one answer.",
			Answers: data(escrowhttp.Ref("challenge")), Func: s.challenge},
		{Method: "POST", Pattern: one + "/api-key", Name: "newKey", Open: true, Summary: "An API key for an account that has signed a challenge (EIP-191). It is shown once.",
			Body: escrowhttp.Ref("answer"), Answers: map[int]any{201: envelopeOf(escrowhttp.Ref("newKey"))}, Problems: []int{http.StatusUnauthorized}, Func: s.newKey},
		{Method: "GET", Pattern: keys, Name: "keys", Summary: "Your API keys, oldest first.", Answers: data(listOf(escrowhttp.Ref("key"))), Func: s.asked(s.keys)},
		{Method: "DELETE", Pattern: keys + "/{key}", Name: "revoke", Summary: "Ends one of your API keys, for good.", Answers: data(escrowhttp.Ref("key")), Func: s.asked(s.revoke)},
	}
	for i := range rows {
		rows[i].Group = "agents"
	}
	return rows
}

var (
	keyed         = []escrowhttp.Param{{Name: escrowhttp.KeyHeader, In: "header", Meaning: "names the request among its account's: sent again it is done once"}}
	writeProblems = []int{http.StatusPaymentRequired, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType}

	listParams = []escrowhttp.Param{
		{Name: "status", In: "query", Meaning: "contracts in this status", Schema: oneOf(statuses...)},
		{Name: "contractType", In: "query", Meaning: "contracts of this type", Schema: oneOf(opencontract.Fixed, opencontract.Auction)},
		{Name: "awardMethod", In: "query", Meaning: "contracts awarded so", Schema: oneOf(opencontract.AwardDirect, opencontract.AwardOpenTender)},
		{Name: "client", In: "query", Meaning: "contracts of this client"}, {Name: "worker", In: "query", Meaning: "contracts of this worker"},
		{Name: "limit", In: "query", Meaning: "how many at most, 20 without", Schema: map[string]any{"type": "integer", "minimum": 1, "maximum": maxPage}},
		{Name: "cursor", In: "query", Meaning: "where to go on: the nextCursor of the page before"},
	}
	votesParams = []escrowhttp.Param{
		{Name: "criterionIndex", In: "query", Meaning: "votes on this criterion", Schema: map[string]any{"type": "integer", "minimum": 0, "maximum": 9}},
		{Name: "backupAgent", In: "query", Meaning: "votes of this agent"},
	}
)

// paid are the parameters of a call that may cost something.
func (s *Server) paid() []escrowhttp.Param {
	if s.Payments == nil {
		return keyed
	}
	return append(keyed[:1:1], escrowhttp.Param{Name: "X-PAYMENT", In: "header", Meaning: "the payment that a 402 has asked for"})
}
