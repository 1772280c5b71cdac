package sample

import (
	"bytes"
	"encoding/json"

	"github.com/escrow-go/escrow"
)

// Answering returns the same answer to an approval of another id, with the hash of
// what is shown if there is one. One that cannot be read stays as it is.
func Answering(l *escrow.Lifecycle, command escrow.Command, id, hash string) escrow.Command {
	text, err := command.MarshalJSON()
	if err != nil {
		return command
	}
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&fields) != nil {
		return command
	}
	if fields["approvalId"] = id; hash != "" {
		fields["hash"] = hash
	}
	text, _ = json.Marshal(fields)
	if again, err := l.ParseCommand(text); err == nil {
		return again
	}
	return command
}
