package people

import (
	"fmt"
	"slices"
	"strings"
)

// Scopes are what a token may do: "resource:read" or "resource:write". Who may write may
// read.
type Scopes []string

// resources are what OpenTrain's scopes are about.
var resources = []string{"jobs", "proposals", "messages", "payments", "team"}

// AllScopes returns every scope that there is.
func AllScopes() Scopes {
	var all Scopes
	for _, r := range resources {
		all = append(all, r+":read", r+":write")
	}
	return all
}

// Allow reports whether the scopes allow one; "x:write" allows "x:read".
func (s Scopes) Allow(scope string) bool {
	if resource, read := strings.CutSuffix(scope, ":read"); read && slices.Contains(s, resource+":write") {
		return true
	}
	return slices.Contains(s, scope)
}

// String returns the scopes with blanks between them.
func (s Scopes) String() string { return strings.Join(s, " ") }

// within returns what both allow.
func (s Scopes) within(others Scopes) Scopes {
	var both Scopes
	for _, scope := range AllScopes() {
		if s.Allow(scope) && others.Allow(scope) {
			both = append(both, scope)
		}
	}
	return both
}

func (s Scopes) valid() error {
	known := AllScopes()
	for _, scope := range s {
		if !slices.Contains(known, scope) {
			return fmt.Errorf("%w: no scope %q; there are %s", ErrMalformed, scope, known)
		}
	}
	return nil
}
