package escrowhttp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
)

// Route is one row of an API's table.
type Route struct {
	// Method and Pattern are those of [http.ServeMux]; the pattern has whole wildcards
	// only, as in "/contracts/{contract}".
	Method, Pattern string
	// Name names the operation in the document, uniquely; Group is under what it stands.
	Name, Group string
	// Summary says in a sentence what it does.
	Summary string
	// Open routes need no authentication.
	Open bool
	// Params are what it takes besides its body; those of the path are added by
	// themselves.
	Params []Param
	// Body is the JSON Schema of what it reads, nil for nothing.
	Body any
	// Answers are the schemas of what it answers, by status: nil is no JSON.
	Answers map[int]any
	// Problems are the statuses of its refusals, besides those that any route has.
	Problems []int
	// Func answers. An error is written as a [Problem]; nothing must have been before.
	Func func(http.ResponseWriter, *http.Request) error
}

// Param is a parameter of a route.
type Param struct {
	Name string
	// In is "query", "header" or "path".
	In      string
	Meaning string
	// Schema is its JSON Schema; nil is text.
	Schema any
}

// API is a table of routes, from which its handler and its document are made.
type API struct {
	Title, Version, About string
	Routes                []Route
	// Schemas are what "#/components/schemas/…" in the routes' schemas refers to. One
	// named "error" describes problems; without it, it is that of [ErrorBody].
	Schemas map[string]any
	// Errors writes problems.
	Errors *Errors
}

// Handler returns the handler of the API's routes. What is at no route, or asked by
// another method, is a [Problem], too. A table of which two rows are the same is an error.
func (a *API) Handler() (h http.Handler, err error) {
	mux := http.NewServeMux()
	defer func() {
		if p := recover(); p != nil { // of the mux: a pattern that is none, or stands twice
			h, err = nil, fmt.Errorf("the routes of %s: %v", a.Title, p)
		}
	}()
	for _, route := range a.Routes {
		mux.Handle(route.Method+" "+route.Pattern, a.handler(route))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" {
			a.Errors.Write(w, r, nowhere(mux, r))
			return
		}
		mux.ServeHTTP(w, r)
	}), nil
}

// handler answers at one route.
func (a *API) handler(route Route) http.Handler {
	pattern := route.Method + " " + route.Pattern
	return a.Errors.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if x := exchangeOf(r.Context()); x != nil {
			x.route = pattern
		}
		return route.Func(w, r)
	})
}

// nowhere returns why a request is at no route: it asks the mux, which answers in its
// own words.
func nowhere(mux *http.ServeMux, r *http.Request) *Problem {
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, r)
	if answer.Code == http.StatusMethodNotAllowed {
		allow := answer.Header().Get("Allow")
		return &Problem{Status: answer.Code, Code: string(escrow.InvalidRequest), Reason: MethodNotAllowed, Message: "is not asked by " + truncate(r.Method) + ", but by " + allow,
			Header: http.Header{"Allow": {allow}}}
	}
	return &Problem{Status: http.StatusNotFound, Code: string(escrow.NotFound), Reason: NoSuchRoute, Message: "there is nothing at this address"}
}

// Document returns the OpenAPI 3.1 document of the API.
func (a *API) Document() ([]byte, error) {
	schemas := map[string]any{"error": errorSchema}
	for name, schema := range a.Schemas {
		schemas[name] = schema
	}
	paths := map[string]map[string]any{}
	for _, route := range a.Routes {
		if paths[route.Pattern] == nil {
			paths[route.Pattern] = map[string]any{}
		}
		paths[route.Pattern][strings.ToLower(route.Method)] = route.operation()
	}
	return json.Marshal(map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": a.Title, "version": a.Version, "description": a.About},
		"paths":   paths,
		"components": map[string]any{
			"schemas":         schemas,
			"securitySchemes": map[string]any{"bearer": map[string]any{"type": "http", "scheme": "bearer"}},
		},
	})
}

// operation returns the OpenAPI object of a route.
func (t *Route) operation() map[string]any {
	answers := map[string]any{}
	for status, schema := range t.Answers {
		answer := map[string]any{"description": http.StatusText(status)}
		if schema != nil {
			answer["content"] = content(schema)
		}
		answers[strconv.Itoa(status)] = answer
	}
	for _, status := range t.problems() {
		answers[strconv.Itoa(status)] = map[string]any{"description": http.StatusText(status), "content": content(Ref("error"))}
	}
	o := map[string]any{"operationId": t.Name, "summary": t.Summary, "responses": answers, "parameters": t.params(), "security": []any{}}
	if t.Group != "" {
		o["tags"] = []string{t.Group}
	}
	if !t.Open {
		o["security"] = []any{map[string]any{"bearer": []string{}}}
	}
	if t.Body != nil {
		o["requestBody"] = map[string]any{"required": true, "content": content(t.Body)}
	}
	return o
}

// problems returns the statuses of a route's refusals: its own and those that any has.
func (t *Route) problems() []int {
	all := append([]int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusMisdirectedRequest, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}, t.Problems...)
	if !t.Open {
		all = append(all, http.StatusUnauthorized, http.StatusNotFound)
	}
	if t.Body != nil {
		all = append(all, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(status int) bool { _, answered := t.Answers[status]; return answered })
}

var wildcard = regexp.MustCompile(`\{([^}]+)\}`)

// params returns the OpenAPI objects of a route's parameters.
func (t *Route) params() []any {
	list := []any{}
	for _, name := range wildcard.FindAllStringSubmatch(t.Pattern, -1) {
		list = append(list, param(Param{Name: name[1], In: "path"}))
	}
	for _, p := range t.Params {
		list = append(list, param(p))
	}
	return list
}

func param(p Param) map[string]any {
	schema := p.Schema
	if schema == nil {
		schema = map[string]any{"type": "string"}
	}
	return map[string]any{"name": p.Name, "in": p.In, "description": p.Meaning, "required": p.In == "path", "schema": schema}
}

func content(schema any) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": schema}}
}

// Ref returns the schema that refers to one of an API's schemas.
func Ref(name string) map[string]any { return map[string]any{"$ref": "#/components/schemas/" + name} }

// Object returns the schema of an object with the given members, all of which it must
// have, and no others.
func Object(members map[string]any) map[string]any {
	required := make([]string, 0, len(members))
	for name := range members {
		required = append(required, name)
	}
	slices.Sort(required)
	return map[string]any{"type": "object", "properties": members, "required": required, "additionalProperties": false}
}

// errorSchema describes what ErrorBody writes.
var errorSchema = Object(map[string]any{"error": map[string]any{
	"type": "object",
	"properties": map[string]any{
		"code":    map[string]any{"type": "string", "description": "the class, one for each status"},
		"reason":  map[string]any{"type": "string", "description": "why, for programs"},
		"message": map[string]any{"type": "string", "description": "why, for people"},
		"remedy":  map[string]any{"type": "string", "description": "what would make the request succeed"},
		"details": map[string]any{"type": "object", "description": "what a program needs to act on it"},
	},
	"required": []string{"code", "reason", "message", "details"}, "additionalProperties": false,
}})
