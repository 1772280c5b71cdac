package escrowtest

import (
	"cmp"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// pageRow is a row of the timeline.
type pageRow struct {
	// Number is empty in the row that tells the engine's answer.
	Number int
	Class  string
	// At is when, Since how long after the step before.
	At, Since string
	Who       string
	Action    string
	// Payload is what the command carries besides its action.
	Payload   string
	Answer    string
	By        string
	Movements []pageMovement
}

// pageMovement is a movement as it is shown; a strange one is not in the other's
// answer.
type pageMovement struct {
	Amount, From, To, Reason string
	Strange                  bool
}

// rows returns the timeline: a row for each step, then what the engine answers to
// the last.
func (f *Failure) rows() []pageRow {
	var rows []pageRow
	before := f.Story.Steps[0].Now
	for i := range f.Story.Steps {
		s := &f.Story.Steps[i]
		rows = append(rows, f.row(i, before))
		before = s.Now
	}
	if !f.differs() {
		return rows
	}
	n := len(rows) - 1
	rows[n].By = "system"
	rows[n].Movements = movementsOf(f.last(), &f.last().Answer, &f.Want)
	if f.Err != nil {
		rows[n].Answer = "no answer: " + f.Err.Error()
	}
	return append(rows, pageRow{Class: "right", By: "engine", Answer: arrowed(f.Want), Movements: movementsOf(f.last(), &f.Want, &f.last().Answer)})
}

// arrowed returns an answer with arrows that do not break.
func arrowed(a Answer) string { return strings.ReplaceAll(a.String(), " -> ", "\u00a0→ ") }

func (f *Failure) row(i int, before time.Time) pageRow {
	s := &f.Story.Steps[i]
	r := pageRow{Number: i + 1, At: s.Now.UTC().Format(pageTime), Since: since(before, s.Now), Who: whoOf(s.Actor),
		Answer: arrowed(s.Answer), Movements: movementsOf(s, &s.Answer, &s.Answer)}
	r.Action, r.Payload = compact(s.Command)
	if f.broken(i + 1) {
		r.Class = "wrong"
	}
	return r
}

// broken reports whether a step is wrong.
func (f *Failure) broken(step int) bool {
	for _, v := range f.Violations {
		if v.Step == step {
			return true
		}
	}
	return f.differs() && step == len(f.Story.Steps)
}

// whoOf returns the kind and the name of an actor.
func whoOf(a escrow.Actor) string {
	kind, name := string(cmp.Or(a.Kind, escrow.KindAgent)), nameOf(a)
	if kind == name {
		return name
	}
	return kind + " " + name
}

// since returns how much time passed, "" for none.
func since(before, now time.Time) string {
	d := now.Sub(before)
	if d == 0 {
		return ""
	}
	text := d.String()
	for _, zero := range []string{"0s", "0m"} {
		if rest := strings.TrimSuffix(text, zero); strings.HasSuffix(rest, "h") || strings.HasSuffix(rest, "m") {
			text = rest
		}
	}
	if d > 0 {
		text = "+" + text
	}
	return text
}

// pageTime is RFC 3339 with a blank, where lines may break.
const pageTime = "2006-01-02 15:04:05.999999999Z"

// mostPayload is how much of a command is shown; the transcript has it whole.
const mostPayload = 240

// compact splits a command into its action and what it carries.
func compact(cmd escrow.Command) (action, payload string) {
	action = string(cmd.Action())
	text := string(written(cmd))
	rest, plain := strings.CutPrefix(text, `{"action":"`+action+`"`)
	switch {
	case rest == "}":
		return action, ""
	case plain:
		text = "{" + strings.TrimPrefix(rest, ",")
	}
	if runes := []rune(text); len(runes) > mostPayload {
		text = string(runes[:mostPayload]) + "…"
	}
	return action, text
}

// movementsOf returns the movements of an answer; those that another answer does
// not have in the same place are strange.
func movementsOf(s *Step, a, other *Answer) (list []pageMovement) {
	asset := s.Before.Asset()
	for i, m := range a.Movements {
		same := i < len(other.Movements) && alike(m, other.Movements[i])
		list = append(list, pageMovement{asset.Text(m.Amount) + " " + asset.Code, m.From.String(), m.To.String(), string(m.Reason), !same})
	}
	return list
}

func alike(a, b Movement) bool {
	return a.From == b.From && a.To == b.To && a.Amount == b.Amount && a.Reason == b.Reason
}
