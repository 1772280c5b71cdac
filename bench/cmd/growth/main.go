// Growth measures how what the engine does grows with a contract and rewrites the
// table in the README.md of package bench/growth. It runs in the folder of that
// package: go generate ./bench/growth.
package main

import (
	"log"
	"os"
	"time"

	"github.com/escrow-go/escrow/bench/growth"
	"github.com/escrow-go/escrow/bench/internal/measured"
)

func main() {
	log.SetFlags(0)
	if err := rewrite(); err != nil {
		log.Fatal(err)
	}
}

func rewrite() error {
	const file = "README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found, err := growth.Measure(200*time.Millisecond, os.Stderr)
	if err != nil {
		return err
	}
	if readme, err = measured.Insert(readme, "./bench/growth", growth.Table(found)); err != nil {
		return err
	}
	return os.WriteFile(file, readme, 0o644)
}
