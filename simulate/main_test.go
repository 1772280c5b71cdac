package simulate

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets property tests check 10,000 cases unless the command line says
// otherwise.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "10000", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
