package report

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/simulate"
)

// nets are what the parties end with, and what is lost to all.
var nets = []string{"client.net", "worker.net", "worker.income", "agents.net", "treasury.gets", "platform.gets", "welfare.lost"}

// resultSections returns the sections of a result.
func resultSections(r *simulate.Result) []section {
	if r.Contracts == 0 {
		return []section{nothing}
	}
	list := []section{endings(r), money(r), settling(r), capital(r)}
	if m := mindsTable(r); len(m.Rows) > 0 {
		list = append(list, section{Title: "What rational workers do", Parts: []part{{Table: m}}})
	}
	if len(r.Differences) > 0 {
		list = append(list, differences(r))
	}
	return list
}

// sample says what the marks of a chart are.
func sample(r *simulate.Result, marks string) string {
	text := "n = " + counted(r.Contracts, "contract")
	if len(r.Policies) > 1 {
		text += " under each policy"
	}
	return text + "; " + marks
}

func endings(r *simulate.Result) section {
	statuses := r.Endings()
	labels := make([]string, len(statuses))
	var said []string
	for i, s := range statuses {
		labels[i] = string(s)
		said = append(said, fmt.Sprintf("%s %s", s, r.Policies[0].Ending(s).Share.Text("share")))
	}
	f := forest{axis: "share of contracts (%)", labels: labels, series: names(r), bars: true, at: func(i, k int) (simulate.Estimate, bool) {
		return percent(r.Policies[k].Ending(statuses[i]).Share), true
	}}
	c := f.chart("How contracts end", sample(r, "whiskers: 95 % interval"), "Bars of how contracts end under "+r.Policies[0].Policy+": "+strings.Join(said, ", "))
	return section{Title: "Endings", Parts: []part{{Chart: c, Table: endingsTable(r)}}}
}

// percent returns a share in percent.
func percent(e simulate.Estimate) simulate.Estimate {
	return simulate.Estimate{Value: 100 * e.Value, Low: 100 * e.Low, High: 100 * e.High}
}

func money(r *simulate.Result) section {
	rows := moneyRows(r.Policies[0].Measures, func(name string) bool { return varies(r, name) })
	f := forest{axis: "mean of a contract (" + r.Asset.Code + ")", labels: rows, series: names(r), bars: true, at: func(i, k int) (simulate.Estimate, bool) {
		m, ok := r.Policies[k].Measure(rows[i])
		return m.Mean, ok
	}}
	var said []string
	for _, name := range rows {
		m, _ := r.Policies[0].Measure(name)
		said = append(said, name+" "+m.Text())
	}
	c := f.chart("What each party ends with", sample(r, "whiskers: 95 % interval"), "Bars of money in "+r.Asset.Code+" a contract under "+r.Policies[0].Policy+": "+strings.Join(said, ", "))
	return section{Title: "Money", Text: "The client's net is without the value of the work it receives, and worker.net without the work's cost; worker.income takes the cost off.",
		Parts: []part{{Chart: c}, {Table: measuresTable(r), Folded: "Every measure"}}}
}

// moneyRows returns the names of the nets that there are.
func moneyRows(list []simulate.MeasureValue, wanted func(string) bool) (rows []string) {
	for _, name := range nets {
		for _, m := range list {
			if m.Name == name && wanted(name) {
				rows = append(rows, name)
			}
		}
	}
	return rows
}

// varies says that a measure is not 0 under every policy.
func varies(r *simulate.Result, name string) bool {
	for i := range r.Policies {
		if m, ok := r.Policies[i].Measure(name); ok && m.Mean != (simulate.Estimate{}) {
			return true
		}
	}
	return false
}

// rare is the share of contracts that a logarithmic axis does not begin with.
const rare = 0.005

func settling(r *simulate.Result) section {
	f := curves{x: "hours from founding to end", y: "of the contracts that end (%)", names: names(r), zero: true}
	low, high := 0.0, 0.0
	for i := range r.Policies {
		var line []dot
		for _, p := range r.Policies[i].Settle.Curve {
			share := 100 * p.Share
			line = append(line, dot{p.Hours, simulate.Estimate{Value: share, Low: share, High: share}})
			if p.Share >= rare && (low == 0 || p.Hours < low) {
				low = p.Hours
			}
			high = max(high, p.Hours)
		}
		f.lines = append(f.lines, line)
	}
	if wide(low, high) {
		f.logarithmic(low)
	}
	s := &r.Policies[0].Settle
	alt := fmt.Sprintf("Distribution of the time from founding to end under %s: half within %s hours, 90 %% within %s hours", r.Policies[0].Policy, s.P50.Text("hours"), s.P90.Text("hours"))
	c := f.chart("How long a contract takes", sample(r, "those still open are not counted; the quantiles' 95 % intervals are in the table"), alt)
	return section{Title: "Time to settle", Parts: []part{{Chart: c, Table: timesTable(r)}}}
}

func capital(r *simulate.Result) section {
	f := curves{x: "days from the beginning of the horizon", y: "locked in all contracts together (" + r.Asset.Code + ")", names: names(r), zero: true}
	most := 0.0
	for i := range r.Policies {
		var line []dot
		for _, p := range r.Policies[i].Capital {
			line = append(line, dot{(p.From + p.To).Hours() / 48, p.Locked})
			most = max(most, p.Locked.Value)
		}
		f.lines = append(f.lines, line)
	}
	alt := fmt.Sprintf("Money in custody over the horizon, at most %s %s on average", simulate.Number(most, 0), r.Asset.Code)
	c := f.chart("Capital locked over the horizon", sample(r, "band: 95 % interval"), alt)
	return section{Title: "Capital", Parts: []part{{Chart: c}}}
}

func differences(r *simulate.Result) section {
	against := r.Differences[0].Against
	s := section{Title: "Differences from " + against,
		Text: "Every contract was lived under each policy with the same people and the same luck, so what differs is the policy's doing. " + changed(r)}
	rows := moneyRows(r.Differences[0].Measures, func(name string) bool { return varies(r, name) })
	s.Parts = append(s.Parts, part{Chart: differenceChart(r, rows, "Money: difference from "+against, r.Asset.Code+" a contract", plain)})
	shares := []string{"disputes", "disputes.right"}
	if varies(r, shares[0]) {
		s.Parts = append(s.Parts, part{Chart: differenceChart(r, shares, "Disputes: difference from "+against, "of 100 contracts", percent)})
	}
	s.Parts = append(s.Parts, part{Table: differencesTable(r), Folded: "The difference in every measure"})
	return s
}

func plain(e simulate.Estimate) simulate.Estimate { return e }

// changed says how many contracts ended otherwise.
func changed(r *simulate.Result) string {
	var said []string
	for _, d := range r.Differences {
		said = append(said, fmt.Sprintf("%s under %s", simulate.Number(float64(d.Changed), 0), d.Policy))
	}
	return "Contracts that ended in another status: " + strings.Join(said, ", ") + "."
}

// differenceChart draws differences around 0.
func differenceChart(r *simulate.Result, rows []string, title, unit string, scale func(simulate.Estimate) simulate.Estimate) *chart {
	var series, said []string
	for i := range r.Differences {
		d := &r.Differences[i]
		series = append(series, d.Policy)
		for _, name := range rows {
			m, _ := d.Measure(name)
			said = append(said, fmt.Sprintf("%s under %s %s", name, d.Policy, m.Text()))
		}
	}
	f := forest{axis: "difference (" + unit + ")", labels: rows, series: series, first: 1, at: func(i, k int) (simulate.Estimate, bool) {
		m, ok := r.Differences[k].Measure(rows[i])
		return scale(m.Mean), ok
	}}
	return f.chart(title, sample(r, "whiskers: 95 % interval; one that leaves out 0 is no chance"), title+": "+strings.Join(said, ", "))
}
