package main

import "github.com/escrow-go/escrow/bench/internal/measured"

// modules are those whose versions matter.
var modules = []string{
	"cel.dev/cel-go", "github.com/cedar-policy/cedar-go", "github.com/expr-lang/expr", "github.com/looplab/fsm",
	"github.com/qmuntal/stateless", "github.com/shopspring/decimal",
}

// section is one table: contenders that are asked the same.
type section struct {
	key, title, about string
	rows              []row
}

// row is a contender: its benchmark, its name, what it does.
type row struct{ key, name, does string }

const (
	intoName   = "**escrow**, `DecideInto`"
	decideName = "**escrow**, `Decide`"
)

// The contenders of a withdrawal.
var withdrawals = []row{
	{"floor", "hand-written, int64", "switch that moves the money"},
	{"into", intoName, "decision, audited, in the caller's memory"},
	{"decide", decideName, "decision, audited, by value"},
	{"decimal", "hand-written, shopspring", "switch that moves the money"},
	{"expr", "expr", "guard and state; compiled, environment reused"},
	{"expr-fresh", "expr", "guard and state; compiled, environment made per request"},
	{"stateless", "stateless", "guard and state; one machine, storage outside"},
	{"stateless-build", "stateless", "guard and state; machine built per request"},
	{"looplab", "looplab/fsm", "guard and state; one machine, set before each event"},
	{"looplab-build", "looplab/fsm", "guard and state; machine built per request"},
	{"cel", "CEL", "guard and state; compiled, activation reused"},
	{"cedar", "Cedar", "guard and state; one policy, entities and request reused"},
}

// firstPeer is where the peers begin among the withdrawals.
const firstPeer = 4

var sections = []section{
	{"accepted", "Accepted", "The worker asks in time: 50 and 0.75 to the client, 1.75 to the worker.", withdrawals},
	{"wrong-actor", "Refused: wrong actor", "The client asks for the worker's withdrawal.", withdrawals},
	{"too-late", "Refused: too late", "The worker asks when the window has closed. The engine's refusal says since when.", withdrawals},
	{"life", "A whole life", "Create, accept, deliver, approve, settle, each decided from the snapshot of the one before.", []row{
		{"floor", "hand-written, int64", "five switches that move the money"},
		{"into", intoName, "five decisions, audited, in the caller's memory"},
		{"decide", decideName, "five decisions, audited, by value"},
	}},
	{"explain", "Explain", "What one actor can do, and why not the rest.", []row{
		{"explain", "**escrow**, `Explain`", "all actions for the worker of the matched contract, and the next deadline"},
	}},
}

// target is what was set out to be reached: a number that is at most the bound.
type target struct {
	about string
	bound float64
	unit  string
	value func(results) float64
}

func nanoseconds(key string) func(results) float64 {
	return func(r results) float64 { return measured.Median(r[key].ns) }
}

func allocations(keys ...string) func(results) float64 {
	return func(r results) (most float64) {
		for _, key := range keys {
			most = max(most, measured.Median(r[key].allocs))
		}
		return most
	}
}

// over is how many times the first takes as long as the second.
func over(key, other string) func(results) float64 {
	return func(r results) float64 { return measured.Median(r[key].ns) / measured.Median(r[other].ns) }
}

// overBestPeer compares with the fastest peer of the same section.
func overBestPeer(section, key string) func(results) float64 {
	return func(r results) (most float64) {
		for _, p := range withdrawals[firstPeer:] {
			most = max(most, over(section+"/"+key, section+"/"+p.key)(r))
		}
		return most
	}
}

var targets = []target{
	{"`Decide`, accepted", 130, "ns", nanoseconds("accepted/decide")},
	{"`Decide`, refused", 80, "ns", nanoseconds("wrong-actor/decide")},
	{"`Decide`, accepted or refused", 0, "allocations", allocations("accepted/decide", "wrong-actor/decide")},
	{"`Explain`, one actor", 2000, "ns", nanoseconds("explain/explain")},
	{"`DecideInto`, accepted", 90, "ns", nanoseconds("accepted/into")},
	{"`DecideInto`, refused", 40, "ns", nanoseconds("wrong-actor/into")},
	{"`DecideInto`, a whole life: 2.5 million a second", 400, "ns", nanoseconds("life/into")},
	{"`DecideInto`, a whole life", 5, "times the floor", over("life/into", "life/floor")},
	{"`DecideInto`, accepted, refused, a whole life", 0, "allocations", allocations("accepted/into", "wrong-actor/into", "too-late/into", "life/into")},
	{"`DecideInto`, accepted", 1, "times the fastest peer", overBestPeer("accepted", "into")},
	{"`Decide`, accepted", 1, "times the fastest peer", overBestPeer("accepted", "decide")},
}
