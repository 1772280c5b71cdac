package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
)

// shelf are the lifecycles that a call knows.
type shelf []*escrow.Lifecycle

// named returns a lifecycle by its name, of several versions the newest, or by name
// and version, as in "rental@2".
func (s shelf) named(name string) (found *escrow.Lifecycle, err error) {
	for _, l := range s {
		newer := found == nil || l.Version() > found.Version()
		if l.Name() == name && newer || versioned(l) == name {
			found = l
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no lifecycle is called %q; %s", name, nearest.Suggestion(name, s.list()))
	}
	return found, nil
}

func versioned(l *escrow.Lifecycle) string { return fmt.Sprintf("%s@%d", l.Name(), l.Version()) }

// list returns what the lifecycles are called by: those of which there are several
// versions with the version.
func (s shelf) list() (names []string) {
	versions := map[string]int{}
	for _, l := range s {
		versions[l.Name()]++
	}
	for _, l := range s {
		name := l.Name()
		if versions[name] > 1 {
			name = versioned(l)
		}
		names = append(names, name)
	}
	return names
}

// only returns the named ones, all when none is named.
func (s shelf) only(names []string) (some shelf, err error) {
	if len(names) == 0 {
		return s, nil
	}
	for _, name := range names {
		l, err := s.named(name)
		if err != nil {
			return nil, err
		}
		some = append(some, l)
	}
	return some, nil
}

// names writes the list.
func (s shelf) names() string { return strings.Join(s.list(), ", ") }

type lifecyclesCmd struct{}

// Run lists what is known: name, version, and what it is for.
func (lifecyclesCmd) Run(std *Stdio, known shelf) error {
	w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
	for _, l := range known {
		fmt.Fprintf(w, "%s\t%d\t%s\n", l.Name(), l.Version(), l.Spec().About)
	}
	return w.Flush()
}
