// Table measures every contender of package bench and rewrites the tables in its
// README.md. It runs in the folder of that package: go generate ./bench.
package main

import (
	"log"
	"os"

	"github.com/escrow-go/escrow/bench/internal/measured"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	const file = "README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	where, err := lookAround()
	if err != nil {
		return err
	}
	found, err := measure(os.Stderr)
	if err != nil {
		return err
	}
	tables, err := render(where, found)
	if err != nil {
		return err
	}
	if readme, err = measured.Insert(readme, "./bench", tables); err != nil {
		return err
	}
	return os.WriteFile(file, readme, 0o644)
}
