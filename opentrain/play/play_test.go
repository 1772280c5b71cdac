package play_test

import (
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/opentrain/play"
)

// The play reaches all that the lifecycle has.
func TestPlay(t *testing.T) { escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(play.Play())) }
