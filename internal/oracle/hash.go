package oracle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// hash is engine.md: "SHA-256 over the canonical JSON (RFC 8785) of {account, asset,
// command, confirmers, contractId, expiresAt, lifecycle, lifecycleVersion, movements:
// [{amount, from, reason, to}], quorum, requestedBy, requestedByKind, target, type},
// unset = null, the command with all its terms".
func (a *approval) hash(c *contract) string {
	return sha256Of(map[string]any{
		"account": a.Account, "asset": c.Asset, "command": a.Command, "confirmers": a.Confirmers, "contractId": a.ContractID,
		"expiresAt": a.ExpiresAt, "lifecycle": c.Lifecycle, "lifecycleVersion": c.Version, "movements": a.Movements,
		"quorum": a.Quorum, "requestedBy": orNull(a.RequestedBy), "requestedByKind": a.AskedAs,
		"target": orNull(string(a.MilestoneID)), "type": a.Type,
	})
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func sha256Of(v any) string {
	sum := sha256.Sum256([]byte(canonical(v)))
	return hex.EncodeToString(sum[:])
}

// canonical is RFC 8785 for what has no broken numbers: members in the order of their
// names, no blanks.
func canonical(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		panic(err)
	}
	return sorted(tree)
}

func sorted(v any) string {
	list := []string{}
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	case []any:
		for _, x := range v {
			list = append(list, sorted(x))
		}
		return "[" + strings.Join(list, ",") + "]"
	case map[string]any:
		names := []string{}
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			list = append(list, quote(name)+":"+sorted(v[name]))
		}
		return "{" + strings.Join(list, ",") + "}"
	}
	return fmt.Sprint(v) // numbers, true and false
}

// quote escapes as ECMAScript does: the quote, the backslash, and what is below the
// blank, some of it by a letter; nothing else.
func quote(text string) string {
	letters := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`}
	var b strings.Builder
	for _, r := range text {
		switch letter := letters[r]; {
		case letter != "":
			b.WriteString(letter)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}
