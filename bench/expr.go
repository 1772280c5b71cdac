package bench

import (
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

const exprRule = `actor == worker && status == "matched" && now < delivery && now < withdrawal`

// exprGuard is expr-lang/expr: a compiled guard with its machine and its
// environment kept.
type exprGuard struct {
	program *vm.Program
	machine vm.VM
	env     map[string]any
	status  string
}

func newExprGuard() *exprGuard {
	return &exprGuard{program: must(expr.Compile(exprRule, expr.Env(exprEnv(&request{})), expr.AsBool()))}
}

func exprEnv(r *request) map[string]any {
	return map[string]any{
		"actor": r.actor, "worker": r.worker, "status": r.status,
		"now": r.now, "withdrawal": r.withdrawal, "delivery": r.delivery,
	}
}

func (g *exprGuard) load(r request) { g.env, g.status = exprEnv(&r), r.status }

func (g *exprGuard) withdraw() string { return g.run(g.env, g.status) }

func (g *exprGuard) run(env map[string]any, status string) string {
	if allowed, err := g.machine.Run(g.program, env); err != nil || allowed != true {
		return status
	}
	return peerWithdrawn
}

// exprFresh is [exprGuard] with a new environment for every request.
type exprFresh struct {
	*exprGuard
	request request
}

func (g *exprFresh) load(r request) { g.request = r }

func (g *exprFresh) withdraw() string { return g.run(exprEnv(&g.request), g.request.status) }
