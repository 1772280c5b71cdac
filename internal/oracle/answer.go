package oracle

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// scene is everything that a rule looks at.
type scene struct {
	c    *contract
	cmd  *command
	who  *actor
	now  time.Time
	rule string // the rule concerned, for refusals
}

// Answer takes one request in wire form and returns one answer in wire form.
func Answer(data []byte) []byte {
	d, no := answer(data)
	var out []byte
	var err error
	if no != nil {
		out, err = json.Marshal(struct {
			Refusal *refusal `json:"refusal"`
		}{no})
	} else {
		out, err = json.Marshal(struct {
			Decision *decision `json:"decision"`
		}{d})
	}
	if err != nil {
		panic(err)
	}
	return out
}

func answer(data []byte) (*decision, *refusal) {
	s, no := read(data)
	if no != nil {
		return nil, no
	}
	s.rule = s.ruleConcerned()
	// engine.md: "A draft takes only its founding action, anything else is
	// wrong_status (nothing_due for advance)". (chosen: before all other checks)
	founding := s.cmd.Action == "create" || s.cmd.Action == "hire"
	if s.c.Status == "" && s.cmd.Action == "advance" {
		return nil, s.refuse("conflict", "nothing_due", nil)
	}
	if s.c.Status == "" && !founding {
		return nil, s.wrongStatus()
	}
	if s.c.Lifecycle == "opentrain" {
		return s.openTrain()
	}
	return s.openContract()
}

// read is wire.md, "The driver": one request {"contract", "command", "actor",
// "now"}. (order of the checks chosen, but for the actor)
func read(data []byte) (*scene, *refusal) {
	var r map[string]json.RawMessage
	if no := decode(data, &r, "request"); no != nil {
		return nil, no
	}
	who, no := readActor(r["actor"])
	if no != nil {
		return nil, no
	}
	for name := range r {
		if name != "contract" && name != "command" && name != "actor" && name != "now" {
			return nil, malformed(name)
		}
	}
	if absent(r["contract"]) {
		return nil, malformed("contract")
	}
	c, no := readContract(r["contract"])
	if no != nil {
		return nil, no
	}
	if absent(r["command"]) {
		return nil, malformed("command")
	}
	cmd, no := readCommand(r["command"], c)
	if no != nil {
		return nil, no
	}
	if no := who.fault(); no != nil {
		return nil, no
	}
	var now moment
	if absent(r["now"]) || now.UnmarshalJSON(r["now"]) != nil || now.IsZero() {
		return nil, malformed("now")
	}
	if cmd.Action == "advance" {
		who = system()
	}
	// "A clock that shows an earlier one counts as showing that instant".
	return &scene{c: c, cmd: cmd, who: who, now: latest(now, c.DecidedAt).Time}, nil
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// decode reads JSON into a struct; what does not fit is malformed (or the bounds
// of a number), with the name of the field.
func decode(data []byte, into any, name string) *refusal {
	return decodeFault(json.Unmarshal(data, into), name)
}

// decodeStrict also refuses fields that the struct does not have.
func decodeStrict(data []byte, into any, name string) *refusal {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return decodeFault(d.Decode(into), name)
}

func decodeFault(err error, name string) *refusal {
	if err == nil {
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := name
		if wrong.Field != "" {
			field = wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
		}
		if wrong.Value == "amount_bounds" || wrong.Value == "amount_scale" {
			return &refusal{Code: "invalid_request", Reason: wrong.Value, Details: map[string]any{"field": field}}
		}
		return malformed(field)
	}
	if text, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return malformed(strings.Trim(text, `"`))
	}
	return malformed(name)
}
