// Package simulation measures package simulate beside a loop written by hand and
// beside SimPy: the same model, in one run, in turns. Its results stand in
// README.md.
//
// The floor is the default OpenContract scenario over int64 smallest units, by
// file: floor.go (what it is made from), chance.go and law.go (its random
// numbers), life.go and jury.go (behaviours), money.go (rules), rational.go (what
// pays best), totals.go, histogram.go and capital.go (what it counts), figures.go
// (what that tells). The third implementation is model.py, which simpy.go runs.
package simulation

// GCPercent is how the command escrow sets the collector for a simulation, and how
// it is measured.
const GCPercent = 400

//go:generate go run ../cmd/simulation
