// Command escrow asks the rules engine: what follows from a command, what each
// party may do and what would change that, and what the rules are.
package main

import (
	"github.com/escrow-go/escrow/cmd/escrow/cli"
	"github.com/escrow-go/escrow/lifecycles"
)

func main() { cli.Main(lifecycles.All()...) }
