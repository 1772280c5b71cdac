// Command escrowd looks after a store of contracts: it audits, reconciles, backs up and
// restores it, shows what people have to look at, and does its timed work.
package main

import (
	"github.com/escrow-go/escrow/cmd/escrowd/cli"
	"github.com/escrow-go/escrow/lifecycles"
)

func main() { cli.Main(lifecycles.All()...) }
