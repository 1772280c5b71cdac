package bench

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

const celRule = `actor == worker && status == "matched" && now < delivery && now < withdrawal`

// celGuard is cel-go: a compiled and optimized guard over an activation that is
// kept.
type celGuard struct {
	program    cel.Program
	activation cel.Activation
	status     string
}

func newCELGuard() *celGuard {
	env := must(cel.NewEnv(
		cel.Variable("actor", cel.StringType), cel.Variable("worker", cel.StringType),
		cel.Variable("status", cel.StringType), cel.Variable("now", cel.IntType),
		cel.Variable("withdrawal", cel.IntType), cel.Variable("delivery", cel.IntType)))
	rule, issues := env.Compile(celRule)
	if issues.Err() != nil {
		panic(issues.Err())
	}
	return &celGuard{program: must(env.Program(rule, cel.EvalOptions(cel.OptOptimize)))}
}

func (g *celGuard) load(r request) {
	g.status = r.status
	g.activation = must(cel.NewActivation(map[string]any{
		"actor": types.String(r.actor), "worker": types.String(r.worker), "status": types.String(r.status),
		"now": types.Int(r.now), "withdrawal": types.Int(r.withdrawal), "delivery": types.Int(r.delivery),
	}))
}

func (g *celGuard) withdraw() string {
	if allowed, _, err := g.program.Eval(g.activation); err != nil || allowed != types.True {
		return g.status
	}
	return peerWithdrawn
}
