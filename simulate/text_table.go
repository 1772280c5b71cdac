package simulate

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// pageWidth is how many columns a text takes.
const pageWidth = 100

// perTable is how many policies stand side by side in them.
const perTable = 3

// longestName is how much of a policy's name stands over its column.
const longestName = 23

// sheet is a text being written.
type sheet struct{ strings.Builder }

// row is a line of a comparison: what it is, and that under each policy.
type row struct {
	name  string
	cells []string
}

// title begins a section.
func (s *sheet) title(text string) { s.WriteString("\n" + text + "\n") }

// compare writes a column a policy, as many beside each other as fit.
func (s *sheet) compare(policies []string, rows []row) {
	for from := 0; from < len(policies); from += perTable {
		if from > 0 {
			s.WriteByte('\n')
		}
		to := min(from+perTable, len(policies))
		t := table{left: 1}
		t.add(append([]string{""}, shortened(policies[from:to])...)...)
		for _, r := range rows {
			t.add(append([]string{r.name}, r.cells[from:to]...)...)
		}
		t.write(s)
	}
}

func shortened(names []string) (list []string) {
	for _, n := range names {
		if utf8.RuneCountInString(n) > longestName {
			n = string([]rune(n)[:longestName-1]) + "…"
		}
		list = append(list, n)
	}
	return list
}

// table aligns cells: the first columns flush left, the others flush right.
type table struct {
	left   int
	rows   [][]string
	widths []int
}

func (t *table) add(cells ...string) {
	for i, c := range cells {
		if i == len(t.widths) {
			t.widths = append(t.widths, 0)
		}
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(c))
	}
	t.rows = append(t.rows, slices.Clone(cells))
}

// width returns how many columns the table takes.
func (t *table) width() (n int) {
	for _, w := range t.widths {
		n += 2 + w
	}
	return n
}

func (t *table) write(s *sheet) {
	for _, cells := range t.rows {
		var line strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", t.widths[i]-utf8.RuneCountInString(c))
			if i < t.left {
				c, pad = c+pad, ""
			}
			line.WriteString("  " + pad + c)
		}
		s.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// flow writes words in lines of the page's width, each behind the indent.
func (s *sheet) flow(indent, text string) {
	line := indent
	for word := range strings.FieldsSeq(text) {
		if line != indent && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > pageWidth {
			s.WriteString(line + "\n")
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	s.WriteString(line + "\n")
}
