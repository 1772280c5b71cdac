package escrowhttp

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ReadBody reads a body of JSON. What is no application/json, or compressed, is 415; how
// much is read is up to [Guards]. The error is a [Problem], or one that [ProblemOf] knows.
func ReadBody(r *http.Request) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, named := params["charset"]
	if err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
		return nil, unsupported("the body must be application/json in UTF-8")
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, unsupported("the body must not be compressed")
	}
	return readAll(r)
}

// readAll reads a body as it is.
func readAll(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, invalid("", "the body ended too soon")
	}
	return body, err
}

func unsupported(message string) *Problem {
	return &Problem{Status: http.StatusUnsupportedMediaType, Code: string(escrow.InvalidRequest), Reason: UnsupportedType, Message: message,
		Header: http.Header{"Accept": {"application/json"}}}
}

// Decode reads JSON into a value, strictly: a member that the value has not, one that
// stands twice, another case, text that is no UTF-8 and anything behind the value are
// refused, with their place.
func Decode(body []byte, into any) error {
	err := json.Unmarshal(body, into, json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(false))
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &semantic):
		return invalid(placeOf(semantic.JSONPointer), "is no field here")
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntactic):
		return invalid(placeOf(syntactic.JSONPointer), "stands twice")
	case errors.As(err, &semantic):
		return invalid(placeOf(semantic.JSONPointer), "cannot be a JSON "+kindOf(semantic.JSONKind))
	case errors.As(err, &syntactic):
		p := invalid(placeOf(syntactic.JSONPointer), "the body is no JSON from byte "+itoa(syntactic.ByteOffset)+" on")
		return p
	}
	return invalid("", "the body is no JSON")
}

// placeOf returns a JSON pointer as fields are named elsewhere: "command.amount".
func placeOf(p jsontext.Pointer) string {
	var tokens []string
	for token := range p.Tokens() {
		tokens = append(tokens, token)
	}
	return truncate(strings.Join(tokens, "."))
}

// kindOf names a kind of JSON value.
func kindOf(k jsontext.Kind) string {
	switch k {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "text"
	case '0':
		return "number"
	case 'n':
		return "null"
	}
	return "value of this kind"
}

// canonical returns JSON in one form for all that say the same: without blanks, members
// in order, numbers as they are. What is no JSON stays as it is.
func canonical(body []byte) []byte {
	v := jsontext.Value(bytes.Clone(body))
	if v.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)) != nil {
		return body
	}
	return v
}
