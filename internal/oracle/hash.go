package oracle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// hash is engine.md: "SHA-256 over the canonical JSON (RFC 8785) of {account, asset,
// command, confirmers, contractId, expiresAt, lifecycle, lifecycleVersion, movements,
// quorum, requestedBy, requestedByKind, target, type}, unset = null, the command with
// all its terms". What a command does not carry is left out of it. (chosen)
func (a *approval) hash(c *contract) string {
	moves := []any{}
	for _, m := range a.Movements {
		moves = append(moves, map[string]any{"amount": m.Amount.String(), "from": m.From, "reason": m.Reason, "to": m.To})
	}
	sum := sha256.Sum256([]byte(canonical(map[string]any{
		"account": a.Account, "asset": inJSON(c.Asset), "command": inJSON(a.Command), "confirmers": inJSON(a.Confirmers), "contractId": c.ID,
		"expiresAt": inJSON(a.ExpiresAt), "lifecycle": c.Lifecycle, "lifecycleVersion": inJSON(c.Version), "movements": moves,
		"quorum": inJSON(a.Quorum), "requestedBy": orNull(a.RequestedBy), "requestedByKind": a.RequestedByKind,
		"target": orNull(string(a.MilestoneID)), "type": a.Type,
	})))
	return hex.EncodeToString(sum[:])
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// inJSON is what a value is in JSON.
func inJSON(v any) (out any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		panic(err)
	}
	return out
}

// canonical writes JSON as RFC 8785 does: keys in order, no blanks. All names are
// ASCII and all numbers whole, so their order and form need no care.
func canonical(v any) string {
	switch v := v.(type) {
	case map[string]any:
		list := []string{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			list = append(list, quote(key)+":"+canonical(v[key]))
		}
		return "{" + strings.Join(list, ",") + "}"
	case []any:
		list := []string{}
		for _, x := range v {
			list = append(list, canonical(x))
		}
		return "[" + strings.Join(list, ",") + "]"
	case string:
		return quote(v)
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

// quote escapes what RFC 8785 says must be, and nothing else.
func quote(text string) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch escape := short[r]; {
		case escape != "":
			b.WriteString(escape)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
