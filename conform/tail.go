package conform

import (
	"bytes"
	"sync"
)

// Tail keeps the end of what is written to it, as of a program's standard error: a
// program may complain without end.
type Tail struct {
	mu    sync.Mutex
	most  int
	kept  []byte
	spilt int
}

// NewTail returns a Tail that keeps as many bytes.
func NewTail(most int) *Tail { return &Tail{most: most} }

// Write keeps what fits. It never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p[max(0, len(p)-t.most):]...)
	if over := len(t.kept) - t.most; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	t.spilt += len(p)
	return len(p), nil
}

// String returns the end of what was written, from the beginning of a line where
// something is left out.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.kept
	if t.spilt > len(kept) {
		if _, rest, found := bytes.Cut(kept, []byte("\n")); found {
			kept = rest
		}
	}
	return string(kept)
}
