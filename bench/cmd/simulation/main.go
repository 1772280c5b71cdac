// Simulation measures package simulate beside the floor and SimPy, and rewrites
// the tables in the README.md of package bench/simulation. It runs in the folder of
// that package: go generate ./bench/simulation.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/escrow-go/escrow/bench/internal/measured"
	"github.com/escrow-go/escrow/bench/simulation"
)

func main() {
	log.SetFlags(0)
	debug.SetGCPercent(simulation.GCPercent)
	lives := flag.Int("memory", 0, "only say what memory so many contracts take, as JSON")
	flag.Parse()
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	run := rewrite
	if *lives > 0 {
		run = func(ctx context.Context) error { return printMemory(ctx, *lives) }
	}
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

// rewrite measures everything and writes the tables.
func rewrite(ctx context.Context) error {
	const file = "README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var f findings
	if f.simpy, err = simulation.SimPyVersion(); err != nil {
		return err
	}
	if f.memory, err = memories(ctx); err != nil {
		return err
	}
	if f.samples, err = measure(ctx, os.Stderr); err != nil {
		return err
	}
	if readme, err = measured.Insert(readme, "./bench/simulation", f.render(measured.Machine())); err != nil {
		return err
	}
	return os.WriteFile(file, readme, 0o644)
}
