package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxRequest is how many bytes a request may have: 16 MiB.
const maxRequest = 16 << 20

// policyForm is what a policy looks like.
const policyForm = `a policy, as in {"protocolFee": "0.05"}`

// open returns a file by its name, standard input for "-".
func (s *Stdio) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(s.In), nil
	}
	return os.Open(name)
}

// object reads the one JSON object that a file holds. Example shows what was
// expected.
func (s *Stdio) object(name, example string) (json.RawMessage, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, fmt.Errorf("%w; give the path of a JSON file, or - for standard input", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRequest+1))
	if err != nil {
		return nil, err
	}
	if name == "-" {
		name = "standard input"
	}
	object, fault := onlyObject(text)
	if fault != nil {
		return nil, fmt.Errorf("%s: %w; expected %s", name, fault, example)
	}
	return object, nil
}

// onlyObject returns the object that a text consists of, or says what else it is.
func onlyObject(text []byte) (json.RawMessage, error) {
	if len(text) > maxRequest {
		return nil, fmt.Errorf("longer than %d bytes", maxRequest)
	}
	var value json.RawMessage
	d := json.NewDecoder(bytes.NewReader(text))
	switch err := d.Decode(&value); {
	case err == io.EOF:
		return nil, errors.New("empty")
	case err == io.ErrUnexpectedEOF:
		return nil, errors.New("the JSON breaks off")
	case err != nil:
		return nil, fmt.Errorf("no JSON: %w (byte %d)", err, d.InputOffset())
	case value[0] != '{':
		return nil, errors.New("no JSON object")
	case d.More():
		return nil, errors.New("more than one JSON value (for a request a line, use decide --jsonl)")
	}
	return value, nil
}
