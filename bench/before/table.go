package before

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/bench/before/loops"
	"github.com/escrow-go/escrow/bench/internal/measured"
)

// row is a line of the table: a loop, and the most that it may take, as a multiple
// of another's time; 0 for no bound.
type row struct {
	name, about string
	// than is the loop that it is compared with; its own under the earlier engine
	// when it is empty.
	than  string
	bound float64
}

var rows = []row{
	{"withdraw-into", "withdrawal, accepted, `DecideInto`", "", 0.9},
	{"withdraw-value", "withdrawal, accepted, `Decide`", "", 0.95},
	{"wrong-into", "refusal, wrong actor, `DecideInto`", "", 1.05},
	{"wrong-value", "refusal, wrong actor, `Decide`", "", 1.05},
	{"late-into", "refusal, too late, `DecideInto`", "", 1.05},
	{"late-value", "refusal, too late, `Decide`", "", 1.05},
	{"deliver-into", "delivery, accepted, `DecideInto`", "", 0},
	{"life-into", "a whole life, `DecideInto`", "", 1.1},
	{"jury-into", "a life with a jury of three, `DecideInto`", "", 0},
	{"own-withdraw-into", "an own lifecycle's withdrawal, beside OpenContract's", "withdraw-into", 1.1},
	{"own-deliver-into", "an own lifecycle's delivery, beside OpenContract's", "deliver-into", 1.1},
	{"explain", "`Explain`, one actor", "", 0},
	{"jsonl", "a line of `decide --jsonl`: read, decide, write", "", 1 / 1.15},
	{"simulated-opencontract", "a simulated contract of OpenContract", "", 0},
	{"simulated-opentrain", "a simulated contract of OpenTrain", "", 0.5},
}

// Table writes what was measured as a table.
func (r Results) Table(rounds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nMedians of %d rounds, nanoseconds of the processor for each operation. %s.\n\n", rounds, measured.Machine())
	b.WriteString("| | before | now | ratio | at most | | allocations before | now |\n| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |\n")
	for _, row := range rows {
		row.write(&b, r)
	}
	b.WriteString("\n")
	return b.String()
}

func (row *row) write(b *strings.Builder, r Results) {
	now, then := r[row.name].Now, r[row.name].Then
	if row.than != "" {
		then = r[row.than].Now
	}
	ratio := measured.Median(ratios(now, then))
	bound, verdict := "–", ""
	if row.bound > 0 {
		bound, verdict = measured.Number(row.bound)+"x", measured.Verdict(ratio <= row.bound)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %sx | %s | %s | %s | %s |\n", row.about,
		median(then, nanoseconds), median(now, nanoseconds), measured.Number(ratio), bound, verdict,
		median(then, allocations), median(now, allocations))
}

func nanoseconds(s *loops.Sample) float64 { return s.Nanoseconds }

// allocations are counted without what the measuring itself allocates.
func allocations(s *loops.Sample) float64 {
	if s.Allocs < 0.01 {
		return 0
	}
	return s.Allocs
}

func median(list Samples, of func(*loops.Sample) float64) string {
	values := make([]float64, len(list))
	for i := range list {
		values[i] = of(&list[i])
	}
	return measured.Number(measured.Median(values))
}

// ratios compares round by round: what the machine does meanwhile meets both.
func ratios(a, b Samples) []float64 {
	list := make([]float64, len(a))
	for i := range list {
		list[i] = a[i].Nanoseconds / b[i].Nanoseconds
	}
	return list
}
