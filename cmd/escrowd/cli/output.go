package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// output is where answers go: lines for people, or an object a line.
type output struct {
	w    io.Writer
	json bool
	err  error
}

// tell prints one answer, in either form.
func (o *output) tell(object any, format string, args ...any) {
	if o.err != nil {
		return
	}
	if !o.json {
		_, o.err = fmt.Fprintln(o.w, clean(fmt.Sprintf(format, args...)))
		return
	}
	lines := json.NewEncoder(o.w)
	lines.SetEscapeHTML(false)
	o.err = lines.Encode(object)
}

// lines prints one answer that is several lines for people.
func (o *output) lines(object any, text string) {
	if o.json {
		o.tell(object, "")
		return
	}
	for line := range strings.Lines(text) {
		o.tell(nil, "%s", strings.TrimSuffix(line, "\n"))
	}
}

// table prints rows whose columns stand below each other, for people.
func (o *output) table(rows [][]string) {
	t := tabwriter.NewWriter(o.w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			row[i] = clean(row[i])
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	if err := t.Flush(); o.err == nil {
		o.err = err
	}
}

// clean keeps what people wrote from moving the cursor of a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '�'
		}
		return r
	}, s)
}

// when returns an instant as people read it, "-" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// many says how many there are of a thing, "no", "1 finding", "2 findings".
func many(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
