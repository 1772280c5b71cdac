package cli_test

import (
	"context"
	"fmt"
	"os"

	"github.com/escrow-go/escrow/cmd/escrowd/cli"
	"github.com/escrow-go/escrow/lifecycles"
)

// The command for lifecycles of one's own; cli.Main does so with the process's arguments.
func ExampleCommand_Run() {
	own := cli.Command{Lifecycles: lifecycles.All()}
	status := own.Run(context.Background(), []string{"audit", "--database", "none.db"}, cli.Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stdout})
	fmt.Println(status)
	// Output:
	// escrowd: there is no database none.db; --database names the file of an existing store, or postgres://…
	// 2
}
