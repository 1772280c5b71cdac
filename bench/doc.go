// Package bench measures escrow beside a hand-written floor and beside its
// peers: the same withdrawal, in the same process, in turns. Its results stand
// in README.md.
//
// The contenders are, by file: engine.go (escrow itself), floor.go and
// decimal.go (switches written by hand), and the libraries that could guard the
// same rule: cedar.go, cel.go, expr.go, looplab.go, stateless.go.
package bench

//go:generate go run ./cmd/table
