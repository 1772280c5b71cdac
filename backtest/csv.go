package backtest

import (
	"encoding/csv"
	"io"
)

// WriteCSV writes the money of the report as comma-separated values: a header, then
// a row for each policy, asset and party, as [PartyMoney] has it. Errors are the
// writer's.
func (r *Report) WriteCSV(w io.Writer) error {
	rows := csv.NewWriter(w)
	_ = rows.Write([]string{"policy", "lifecycle", "asset", "party", "recordedPaidIn", "recordedGot", "recordedNet",
		"replayedPaidIn", "replayedGot", "replayedNet", "difference"})
	for _, c := range r.Policies {
		for _, m := range c.Money {
			for _, p := range m.Parties {
				_ = rows.Write([]string{c.Policy, c.Lifecycle, m.Asset, p.Party,
					p.Recorded.PaidIn.String(), p.Recorded.Got.String(), p.Recorded.Net.String(),
					p.Replayed.PaidIn.String(), p.Replayed.Got.String(), p.Replayed.Net.String(), p.Difference.String()})
			}
		}
	}
	rows.Flush() // its errors are kept
	return rows.Error()
}
