// Before measures the engine beside the one of an earlier commit and rewrites the
// table in the README.md of package bench/before. It runs in the folder of that
// package: go generate ./bench/before.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"

	"github.com/escrow-go/escrow/bench/before"
	"github.com/escrow-go/escrow/bench/internal/measured"
)

func main() {
	log.SetFlags(0)
	rounds := flag.Int("rounds", 9, "how often everything is measured, in turn")
	flag.Parse()
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	if err := rewrite(ctx, *rounds); err != nil {
		log.Fatal(err)
	}
}

// rewrite measures everything and writes the table.
func rewrite(ctx context.Context, rounds int) error {
	const file = "README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found, err := before.Measure(ctx, rounds, os.Stderr)
	if err != nil {
		return err
	}
	if readme, err = measured.Insert(readme, "./bench/before", found.Table(rounds)); err != nil {
		return err
	}
	return os.WriteFile(file, readme, 0o644)
}
