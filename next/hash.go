package escrow

import (
	"crypto/sha256"
	"encoding/hex"
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

// hashOf binds an approval to what a person looks at, and to who may confirm and
// for how long.
func (c *Contract) hashOf(a *Approval) string {
	w := canonical{}
	t := c.terms
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
	sum := sha256.Sum256(w.buf)
	return hex.EncodeToString(sum[:])
}
