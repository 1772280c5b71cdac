package explore_test

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // states are kept, answers are not: collecting seldom is faster
	os.Exit(m.Run())
}
