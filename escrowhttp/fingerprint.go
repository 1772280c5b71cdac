package escrowhttp

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/escrow-go/escrow"
)

// The headers of an idempotent request.
const (
	// KeyHeader names the request among its account's: sent again under the same key it
	// is done once.
	KeyHeader = "Idempotency-Key"
	// ReplayHeader says "true" on an answer that was given before.
	ReplayHeader = "Idempotency-Replayed"
)

// KeyOf returns the idempotency key of a request, empty when it has none. A key is 1 to
// 200 bytes of printable ASCII without blanks; any other, or several, is a [Problem].
func KeyOf(r *http.Request) (string, error) {
	keys := r.Header.Values(KeyHeader)
	if len(keys) == 0 {
		return "", nil
	}
	key := keys[0]
	good := len(keys) == 1 && len(key) > 0 && len(key) <= 200
	for i := 0; good && i < len(key); i++ {
		good = key[i] > ' ' && key[i] < 0x7f
	}
	if !good {
		return "", invalid(KeyHeader, "must be one key of 1 to 200 bytes of printable ASCII without blanks")
	}
	return key, nil
}

// Fingerprint returns a digest of what a request asks for: the actor, method, address and
// body, whose members may stand in any order. Headers are no part of it, so that a
// payment's proof may be added.
func Fingerprint(r *http.Request, actor escrow.Actor, body []byte) string {
	h := sha256.New()
	for _, part := range []string{actor.ID, r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(canonical(body))} {
		h.Write([]byte(itoa(int64(len(part))) + "\n" + part)) // so that no two requests run together to the same text
	}
	return hex.EncodeToString(h.Sum(nil))
}

// accountOf returns for whom an actor acts.
func accountOf(a escrow.Actor) string { return or(a.Account, a.ID) }
