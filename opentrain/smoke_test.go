package opentrain
import "testing"
func TestX(t *testing.T) { _ = Lifecycle }
