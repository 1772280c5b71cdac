package diagram

import (
	"html"
	"strings"
)

// textWidth returns about how wide text is in a common sans-serif of a size.
func textWidth(text string, size float64) (wide float64) {
	for _, r := range text {
		wide += runeWidth(r)
	}
	return wide * size
}

func runeWidth(r rune) float64 {
	switch {
	case strings.ContainsRune("ijl.,:;'|!I", r):
		return 0.3
	case strings.ContainsRune(" frt()[]-/*\"", r):
		return 0.38
	case strings.ContainsRune("mwMW@%—", r):
		return 0.88
	case r >= 'A' && r <= 'Z':
		return 0.7
	case r >= '0' && r <= '9':
		return 0.64
	case r > 0x2000:
		return 1
	}
	return 0.57
}

// mostLines is how many lines an arrow's label may have before only ids are
// written.
const mostLines = 6

// block is a label as it is drawn: pills in a row, then lines.
type block struct {
	marks      []Mark
	lines      []string
	title      string
	wide, high float64
}

func newBlock(e *Edge) *block {
	b := &block{marks: e.Marks, lines: linesOf(e.Labels), title: titleOf(e)}
	for _, line := range b.lines {
		b.wide = max(b.wide, textWidth(line, lineSize))
	}
	b.high = lineStep * float64(len(b.lines))
	if len(b.marks) > 0 {
		b.wide = max(b.wide, b.pills())
		b.high += pillHigh + 2
	}
	return b
}

// linesOf returns the lines of a label, ids three a line when there are too many.
func linesOf(labels []Label) (lines []string) {
	if len(labels) <= mostLines {
		for _, l := range labels {
			lines = append(lines, l.Text)
		}
		return lines
	}
	for i, l := range labels {
		if i%3 == 0 {
			lines = append(lines, l.ID)
		} else {
			lines[len(lines)-1] += ", " + l.ID
		}
	}
	return lines
}

func titleOf(e *Edge) string {
	var lines []string
	for _, l := range e.Labels {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

// pills returns how wide the row of marks is.
func (b *block) pills() (wide float64) {
	for _, m := range b.marks {
		wide += pillWidth(m) + 3
	}
	return wide - 3
}

func pillWidth(m Mark) float64 { return max(pillHigh, textWidth(m.Text, lineSize)+11) }

func escape(text string) string { return html.EscapeString(text) }
