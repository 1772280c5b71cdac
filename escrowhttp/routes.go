package escrowhttp

import (
	"net/http"

	"github.com/escrow-go/escrow"
)

// commonRoutes are those that are about no contract.
func (s *Server) commonRoutes(families []family) []Route {
	anything, health := map[string]any{"type": "object"}, Object(map[string]any{"status": textSchema("")})
	routes := []Route{
		{Method: "GET", Pattern: "/healthz", Name: "healthz", Group: "operations", Open: true, Summary: "The process answers.",
			Answers: map[int]any{200: health}, Func: plain(Alive())},
		{Method: "GET", Pattern: "/readyz", Name: "readyz", Group: "operations", Open: true, Summary: "The database answers, and its tables are those that the program knows.",
			Answers: map[int]any{200: health, 503: health}, Func: plain(Ready(s.Runner.Store))},
		{Method: "GET", Pattern: "/openapi.json", Name: "openapi", Group: "about", Open: true, Summary: "This document.",
			Answers: map[int]any{200: anything}, Func: s.showDocument},
		{Method: "GET", Pattern: "/lifecycles", Name: "lifecycles", Group: "about", Open: true, Summary: "The lifecycles that contracts may have.",
			Answers: map[int]any{200: Object(map[string]any{"lifecycles": listOf(lifecycleSchema)})},
			Func:    func(w http.ResponseWriter, _ *http.Request) error { return showLifecycles(w, families) }},
		{Method: "GET", Pattern: "/events", Name: "events", Group: "events", Summary: "Decisions of all lifecycles on contracts that you may know of, in the order of their numbers. It does not wait for any.",
			Params:  []Param{afterParam("the number of the last event that is known"), limitParam(100)},
			Answers: map[int]any{200: Object(map[string]any{"events": listOf(anything), "next": numberSchema})},
			Func:    s.asked(s.listEvents(nil))},
	}
	if s.OpenMetrics && s.Metrics != nil {
		routes = append(routes, Route{Method: "GET", Pattern: "/metrics", Name: "metrics", Group: "operations", Open: true, Summary: "What operators watch, in the form of Prometheus.",
			Answers: map[int]any{200: nil}, Func: plain(s.Metrics.Handler())})
	}
	return routes
}

// plain returns the function of a handler that writes its own errors.
func plain(h http.Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error { h.ServeHTTP(w, r); return nil }
}

// routes are the routes of a lifecycle: their schemas are those of its declaration.
func (s *Server) routes(f *family) []Route {
	base, name := "/lifecycles/"+f.name, func(what string) string { return f.name + "." + what }
	contract, approval := base+"/contracts/{contract}", base+"/approvals/{approval}"
	decision := Object(map[string]any{"decision": f.ref("decision")})
	rows := []Route{
		{Method: "GET", Pattern: base + "/schema", Name: name("schema"), Open: true, Summary: "The JSON Schema of the lifecycle's newest version.",
			Answers: map[int]any{200: map[string]any{"type": "object"}},
			Func:    func(w http.ResponseWriter, _ *http.Request) error { WriteJSON(w, 200, f.newest().Schema()); return nil }},
		{Method: "POST", Pattern: base + "/contracts", Name: name("found"), Summary: "Founds a contract: a draft, and the command that founds it.",
			Params: writeParams, Body: Object(map[string]any{"draft": f.ref("draft"), "command": f.ref("command")}),
			Answers: map[int]any{201: decision, 202: decision}, Problems: writeProblems, Func: s.asked(s.found(f))},
		{Method: "GET", Pattern: base + "/contracts", Name: name("list"), Summary: "Your contracts, newest first.",
			Params:  []Param{{Name: "cursor", In: "query", Meaning: "where to go on: the next of the page before"}, limitParam(maxPage)},
			Answers: map[int]any{200: closed(map[string]any{"contracts": listOf(summarySchema), "next": textSchema("the cursor of the next page, absent on the last")}, "contracts")},
			Func:    s.asked(s.list(f))},
		{Method: "GET", Pattern: contract, Name: name("contract"), Summary: "A contract as it stands now.",
			Answers: map[int]any{200: Object(map[string]any{"contract": f.ref("contract")})}, Func: s.asked(s.show(f))},
		{Method: "POST", Pattern: contract + "/commands", Name: name("command"), Summary: "Asks for something. 202 says that somebody must agree first.",
			Params: writeParams, Body: f.ref("command"), Answers: map[int]any{200: decision, 202: decision}, Problems: writeProblems, Func: s.asked(s.command(f))},
		{Method: "GET", Pattern: contract + "/actions", Name: name("actions"), Summary: "What you can do now, and what not and why.",
			Answers: map[int]any{200: Object(map[string]any{"explanation": f.ref("explanation")})}, Func: s.asked(s.explain(f))},
		{Method: "GET", Pattern: contract + "/history", Name: name("history"), Summary: "The decisions of a contract, oldest first, with the money that they moved.",
			Params:  []Param{afterParam("the last revision that is known"), limitParam(maxPage)},
			Answers: map[int]any{200: Object(map[string]any{"entries": listOf(f.ref("entry")), "next": numberSchema})}, Func: s.asked(s.history(f))},
		{Method: "GET", Pattern: base + "/events", Name: name("events"), Summary: "Decisions on contracts that you may know of, in the order of their numbers. It does not wait for any.",
			Params:  []Param{afterParam("the number of the last event that is known"), limitParam(maxPage)},
			Answers: map[int]any{200: Object(map[string]any{"events": listOf(f.ref("entry")), "next": numberSchema})}, Func: s.asked(s.listEvents(f))},
		{Method: "GET", Pattern: approval, Name: name("approval"), Summary: "An approval as it stands now.",
			Answers: map[int]any{200: Object(map[string]any{"approval": f.ref("approval")})}, Func: s.asked(s.approval(f))},
	}
	for _, a := range answers {
		body := any(map[string]any{"type": "object", "properties": a.carries, "additionalProperties": false})
		if a.verb == "confirm" {
			body = f.ref("confirmation")
		}
		rows = append(rows, Route{Method: "POST", Pattern: approval + "/" + a.verb, Name: name(a.verb), Summary: a.summary,
			Params: writeParams, Body: body, Answers: map[int]any{200: decision, 202: decision}, Problems: writeProblems, Func: s.asked(s.answer(f, a.action))})
	}
	for i := range rows {
		rows[i].Group = f.name
	}
	return rows
}

// answers are the ways in which an approval can be answered.
var answers = []struct {
	verb    string
	action  escrow.Action
	summary string
	carries map[string]any
}{
	{"confirm", "confirm", "Agrees to what an approval shows; its hash says what was shown.", nil},
	{"decline", "decline_approval", "Declines an approval.", map[string]any{"hash": textSchema("the hash of what was shown")}},
	{"revoke", "revoke_confirmation", "Takes one's own confirmation back while the approval is pending.", map[string]any{}},
}

// maxPage is the greatest number of entries that are listed at once.
const maxPage = 100

var (
	numberSchema  = map[string]any{"type": "integer", "minimum": 0, "description": "the after of the next request; the same as before when there is nothing more"}
	writeParams   = []Param{{Name: KeyHeader, In: "header", Meaning: "names the request among its account's: sent again it is done once"}, {Name: ProofHeader, In: "header", Meaning: "what the payer gives in answer to a challenge, JSON in base64"}}
	writeProblems = []int{http.StatusPaymentRequired, http.StatusConflict, http.StatusUnprocessableEntity}

	lifecycleSchema = Object(map[string]any{
		"name": textSchema("what the routes call it"), "version": numberSchema, "about": textSchema("what it is for"),
		"statuses": listOf(Object(map[string]any{"status": textSchema(""), "label": textSchema("what people call it"), "ended": map[string]any{"type": "boolean"}})),
	})
	summarySchema = Object(map[string]any{
		"id": textSchema(""), "status": textSchema("as last decided"), "revision": numberSchema, "ended": map[string]any{"type": "boolean"},
		"createdAt": map[string]any{"type": "string", "format": "date-time"}, "decidedAt": map[string]any{"type": "string", "format": "date-time"},
	})
)

func afterParam(meaning string) Param {
	return Param{Name: "after", In: "query", Meaning: meaning, Schema: map[string]any{"type": "integer", "minimum": 0, "maximum": 1<<53 - 1}}
}

func limitParam(most int) Param {
	return Param{Name: "limit", In: "query", Meaning: "how many at most", Schema: map[string]any{"type": "integer", "minimum": 1, "maximum": most}}
}
