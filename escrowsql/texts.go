package escrowsql

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/escrow-go/escrow"
)

// members are the names of JSON members whose texts are kept apart.
type members map[string]bool

// engines are the members that the engine itself writes: never a person's words.
var engines = members{}

func init() {
	for _, name := range []string{"id", "schema", "lifecycle", "lifecycleVersion", "status", "revision", "createdAt", "decidedAt", "enteredAt",
		"asset", "code", "scale", "policy", "approvals", "custody", "account", "amount", "type", "contractId", "approvalUrl", "expiresAt",
		"resolvedAt", "result", "requestedBy", "requestedByKind", "termsBy", "confirmers", "command", "action", "movements", "hash", "quorum",
		"confirmedBy", "confirmedFor", "supersedes", "supersededBy", "from", "to", "reason", "approvalId"} {
		engines[name] = true
	}
}

// untouched are the members that hold no person's words anywhere inside.
var untouched = members{"policy": true, "asset": true, "custody": true, "movements": true, "result": true}

// personalMembers returns the declared texts of a lifecycle that a function picks. What
// identifies an item, or a field of another kind is also called, is none.
func personalMembers(l *escrow.Lifecycle, pick func(*escrow.Lifecycle, *escrow.Field) bool) members {
	chosen, other := members{}, members{}
	var look func(fields []escrow.Word)
	look = func(fields []escrow.Word) {
		for _, w := range fields {
			f := w.Declaration()
			isText := f.Kind == escrow.TextKind || f.Kind == escrow.TextsKind
			if isText && !engines[f.Name] && (pick == nil || pick(l, f)) {
				chosen[f.Name] = true
			} else {
				other[f.Name] = true
			}
			look(f.Fields)
		}
	}
	spec := l.Spec()
	look(spec.Terms)
	look(spec.State)
	for _, list := range spec.Lists {
		other[list.Key.Declaration().Name] = true
		look(list.Fields)
	}
	for _, act := range l.Acts() {
		for _, f := range act.Params() {
			look([]escrow.Word{f})
		}
	}
	for _, rule := range spec.Rules {
		for _, effect := range rule.Sets {
			if effect.Keys != nil { // they are accounts, or keys of items
				other[effect.Keys.Declaration().Name] = true
			}
		}
	}
	for name := range other {
		delete(chosen, name)
	}
	return chosen
}

// rewrite copies JSON as the engine writes it, with what a function makes of each text
// inside the members. Texts are handed on as they stand there, quotes included.
func (m members) rewrite(src []byte, f func(member string, text []byte) []byte) []byte {
	x := rewriter{members: m, src: src, dst: make([]byte, 0, len(src)+len(src)/4), f: f}
	x.value("")
	return x.dst
}

type rewriter struct {
	members  members
	src, dst []byte
	i        int
	f        func(string, []byte) []byte
}

// value copies the value at i, which stands inside a member, "" for none of them.
func (x *rewriter) value(member string) {
	switch x.src[x.i] {
	case '{':
		x.inside('}', func() {
			key := x.token()
			name := string(key[1 : len(key)-1])
			x.dst = append(append(x.dst, key...), ':')
			x.i++ // the colon
			switch {
			case untouched[name]:
				x.skip()
			case x.members[name]:
				x.value(name)
			default:
				x.value(member)
			}
		})
	case '[':
		x.inside(']', func() { x.value(member) })
	case '"':
		if text := x.token(); member == "" {
			x.dst = append(x.dst, text...)
		} else {
			x.dst = append(x.dst, x.f(member, text)...)
		}
	default:
		x.skip()
	}
}

// inside copies the parts of an object or array up to its end.
func (x *rewriter) inside(end byte, part func()) {
	for {
		x.dst = append(x.dst, x.src[x.i]) // what opens it, or a comma
		x.i++
		if x.src[x.i] != end {
			part()
		}
		if x.src[x.i] == end {
			x.dst = append(x.dst, end)
			x.i++
			return
		}
	}
}

// token returns the text at i, quotes included.
func (x *rewriter) token() []byte {
	from := x.i
	for x.i++; x.src[x.i] != '"'; x.i++ {
		if x.src[x.i] == '\\' {
			x.i++
		}
	}
	x.i++
	return x.src[from:x.i]
}

// skip copies the value at i as it is.
func (x *rewriter) skip() {
	from, depth := x.i, 0
	for ; x.i < len(x.src); x.i++ {
		switch x.src[x.i] {
		case '"':
			x.token()
			x.i--
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				x.dst = append(x.dst, x.src[from:x.i]...)
				return
			}
			if x.src[x.i] != ',' {
				depth--
			}
		}
	}
	x.dst = append(x.dst, x.src[from:]...)
}

// salts are the salts of a contract's members, by name.
type salts map[string][]byte

// readSalts reads the salts as they are stored.
func readSalts(text string) (salts, error) {
	s := salts{}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("stored salts: %w", err)
	}
	return s, nil
}

func (s salts) String() string {
	text, _ := json.Marshal(map[string][]byte(s))
	return string(text)
}

// hash returns what stands for a text: a digest that nobody can guess from without the
// member's salt, which is made when there is none.
func (s salts) hash(member string, text []byte) string {
	salt := s[member]
	if salt == nil {
		salt = make([]byte, 32)
		_, _ = rand.Read(salt) // never fails
		s[member] = salt
	}
	h := hmac.New(sha256.New, salt)
	h.Write(text)
	return "text:" + hex.EncodeToString(h.Sum(nil))
}

// aside takes the texts out of what is to be stored.
type aside struct {
	members members
	salts   salts
	known   map[string]string // by the text's own bytes, its hash
	fresh   []keptText
}

type keptText struct{ hash, member, text string }

// know notes texts that are stored already, those of the snapshot before.
func (a *aside) know(json []byte) {
	a.members.rewrite(json, func(member string, text []byte) []byte {
		a.known[member+string(text)] = a.salts.hash(member, text)
		return nil
	})
}

// take returns JSON with hashes for texts, and notes those that are new.
func (a *aside) take(json []byte) string {
	return string(a.members.rewrite(json, func(member string, text []byte) []byte {
		key := member + string(text)
		hash, known := a.known[key]
		if !known {
			hash = a.salts.hash(member, text)
			a.known[key] = hash
			a.fresh = append(a.fresh, keptText{hash, member, string(text)})
		}
		return []byte(`"` + hash + `"`)
	}))
}

// keep stores the texts that are new.
func (a *aside) keep(ctx context.Context, tx *sql.Tx, contract string) error {
	for _, t := range a.fresh {
		const insert = `INSERT INTO escrow_texts (contract_id, hash, member, text) VALUES ($1, $2, $3, $4) ON CONFLICT (contract_id, hash) DO NOTHING`
		if _, err := tx.ExecContext(ctx, insert, contract, t.hash, t.member, t.text); err != nil {
			return err
		}
	}
	return nil
}

// Erased is what is read in the place of a text that was erased.
const Erased = "[erased]"

// texts are a contract's texts by hash, as JSON.
type texts map[string]string

// put returns stored JSON with its texts in their places.
func (t texts) put(m members, stored string) []byte {
	return m.rewrite([]byte(stored), func(_ string, hash []byte) []byte {
		if text, kept := t[string(hash[1:len(hash)-1])]; kept {
			return []byte(text)
		}
		return []byte(`"` + Erased + `"`)
	})
}

// textsOf reads the texts of contracts, by contract.
func (s *Store) textsOf(ctx context.Context, db queryer, contracts ...string) (map[string]texts, error) {
	all := map[string]texts{}
	_, err := query(ctx, db, func(r row) (none struct{}, err error) {
		var contract, hash, text string
		if err = r.Scan(&contract, &hash, &text); err == nil {
			if all[contract] == nil {
				all[contract] = texts{}
			}
			all[contract][hash] = text
		}
		return none, err
	}, `SELECT contract_id, hash, text FROM escrow_texts WHERE contract_id IN `+list(len(contracts), 1), anys(contracts)...)
	return all, err
}

// list writes the placeholders of n arguments, from a number on: "($1, $2)".
func list(n, from int) string {
	text := []byte("(")
	for i := range n {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, "$%d", from+i)
	}
	return string(append(text, ')'))
}

func anys[T any](list []T) []any {
	all := make([]any, len(list))
	for i := range list {
		all[i] = list[i]
	}
	return all
}
