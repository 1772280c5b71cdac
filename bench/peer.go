package bench

// request is a withdrawal as a guard sees it: who asks, when, and what the
// contract says. Instants are nanoseconds since 1970.
type request struct {
	actor, worker, status     string
	now, withdrawal, delivery int64
}

// withdrawal returns the sample's request, asked by an account at an instant of a
// contract with a status.
func withdrawal(account, status string, now int64) request {
	return request{
		actor: arrived(account), worker: worker, status: status,
		now: now, withdrawal: withdrawalDeadline.UnixNano(), delivery: deliveryDeadline.UnixNano(),
	}
}

// allowed is the guard of a machine that looks at the status itself.
func (r *request) allowed() bool {
	return r.actor == r.worker && r.now < r.delivery && r.now < r.withdrawal
}

// The two statuses of a peer's contract, in the words of the engine.
const (
	peerMatched   = "matched"
	peerWithdrawn = "cancelled-withdrawn"
)

// peer is a library that can guard a request and change a state. It moves no
// money. All give the same four answers, in the order of the floor: the worker
// asks, the contract is matched, no delivery is due, the window is open.
type peer interface {
	// load takes a request over in the form the library likes best.
	load(r request)
	// withdraw guards the loaded request and returns the status it leads to,
	// which is that of the request when it is refused.
	withdraw() string
}

// peers returns every peer by the name of its benchmark.
func peers() []namedPeer {
	return []namedPeer{
		{"expr", newExprGuard()},
		{"expr-fresh", &exprFresh{exprGuard: newExprGuard()}},
		{"stateless", newStatelessMachine()},
		{"stateless-build", &statelessBuild{}},
		{"looplab", newLooplabMachine()},
		{"looplab-build", &looplabBuild{}},
		{"cel", newCELGuard()},
		{"cedar", newCedarPolicy()},
	}
}

type namedPeer struct {
	name string
	peer
}

// must is for programs and policies that are written in this package.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
