package oracle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// hash is engine.md: "SHA-256 over the canonical JSON of contract id, type,
// milestone id, command and movements (from, to, amount, reason)". The names and
// their order are those of wire.md, without blanks; what is not set is left out,
// but for the milestone id. (chosen)
func (a *approval) hash() string {
	moves := []string{}
	for _, m := range a.Movements {
		moves = append(moves, object("from", m.From, "to", m.To, "amount", m.Amount.String(), "reason", m.Reason))
	}
	text := `{"contractId":` + quote(a.ContractID) + `,"type":` + quote(a.Type) +
		`,"milestoneId":` + quote(string(a.MilestoneID)) + `,"command":` + a.Command.canonical() +
		`,"movements":[` + strings.Join(moves, ",") + `]}`
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (c *command) canonical() string {
	text := `{"action":` + quote(c.Action)
	if c.MilestoneID != "" {
		text += `,"milestoneId":` + quote(string(c.MilestoneID))
	}
	if t := c.Milestone; t != nil {
		due := ""
		if !t.DueDate.IsZero() {
			due = t.DueDate.Format(time.RFC3339Nano)
		}
		text += `,"milestone":` + object("id", string(t.ID), "name", t.Name, "description", t.Description,
			"amount", t.Amount.String(), "dueDate", due)
	}
	if c.Dispositions != nil {
		list := []string{}
		for _, x := range c.Dispositions {
			list = append(list, object("milestoneId", string(x.MilestoneID), "disposition", x.Disposition))
		}
		text += `,"dispositions":[` + strings.Join(list, ",") + `]`
	}
	return text + "}"
}

// object writes names and values in turn, without those that are not set.
func object(pairs ...string) string {
	list := []string{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, quote(pairs[i])+":"+quote(pairs[i+1]))
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

// quote escapes the quote, the backslash and what is below the blank (the line
// feed as \n, the rest as \u00XX); nothing else. (chosen)
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
