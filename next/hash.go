package escrow

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// canonical writes canonical JSON (RFC 8785). Whoever writes an object gives its
// members in the order of their names.
type canonical struct{ writer }

// textOrNull writes a text, null when it is empty.
func (w *canonical) textOrNull(name, s string) {
	if s == "" {
		w.null(name)
	} else {
		w.text(name, s)
	}
}

// digests is memory to write what a digest is over.
var digests = sync.Pool{New: func() any { return &canonical{writer{buf: make([]byte, 0, 2048)}} }}

func newDigest() *canonical {
	w := digests.Get().(*canonical)
	w.writer = writer{buf: w.buf[:0]}
	return w
}

// sum returns the digest of what was written, and gives the memory back.
func (w *canonical) sum() [sha256.Size]byte {
	sum := sha256.Sum256(w.buf)
	if cap(w.buf) <= 1<<16 {
		digests.Put(w)
	}
	return sum
}

// hashOf binds an approval to what a person looks at, and to who may confirm and
// for how long.
func (c *Contract) hashOf(a *Approval) string {
	w, t := newDigest(), c.terms
	w.open('{')
	w.text("account", a.Account)
	w.key("asset")
	w.open('{')
	w.text("code", t.asset.Code)
	w.count("scale", uint64(t.asset.Scale))
	w.close('}')
	w.key("command")
	w.command(a.Command)
	w.texts("confirmers", a.Confirmers)
	w.text("contractId", t.id)
	w.time("expiresAt", a.ExpiresAt)
	w.text("lifecycle", c.lifecycle.spec.Name)
	w.count("lifecycleVersion", uint64(c.lifecycle.spec.Version))
	w.key("movements")
	w.open('[')
	for _, m := range a.Movements {
		w.open('{')
		w.amount("amount", m.Amount, t.asset)
		w.text("from", m.From.String())
		w.text("reason", string(m.Reason))
		w.text("to", m.To.String())
		w.close('}')
	}
	w.close(']')
	w.count("quorum", uint64(a.Quorum))
	w.textOrNull("requestedBy", a.RequestedBy)
	w.text("requestedByKind", string(a.RequestedByKind))
	w.textOrNull("target", a.Target)
	w.text("type", a.Type)
	w.close('}')
	sum := w.sum()
	return hex.EncodeToString(sum[:])
}
