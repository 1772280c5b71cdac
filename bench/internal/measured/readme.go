package measured

import (
	"bytes"
	"fmt"
)

// Insert puts tables into a README, between the markers of what go generate
// writes for a package, as in "./bench".
func Insert(readme []byte, pkg, tables string) ([]byte, error) {
	begin := "<!-- measured: go generate " + pkg + " writes from here -->\n"
	const end = "<!-- measured: to here -->\n"
	before, rest, found := bytes.Cut(readme, []byte(begin))
	_, after, ended := bytes.Cut(rest, []byte(end))
	if !found || !ended {
		return nil, fmt.Errorf("the README has no place for the tables of %s", pkg)
	}
	return []byte(string(before) + begin + tables + end + string(after)), nil
}
