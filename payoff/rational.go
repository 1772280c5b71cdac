package payoff

import (
	"fmt"
	"math/big"

	"github.com/escrow-go/escrow"
)

// expected are the chances of acceptance for which the table says up to which cost
// a rational worker delivers.
var expected = []string{"1", "0.95", "0.9", "0.75", "0.5", "0.25"}

// breaks returns up to which cost of the work a rational worker delivers, in whole
// units, by the chance of acceptance; "never" below 0.
func (t *Table) breaks() (list [][2]string) {
	asset := t.Case.Lifecycle.Spec().Asset
	for _, text := range expected {
		chance, err := escrow.ParseRatio(text)
		if err != nil {
			continue
		}
		cost, most := t.Worker.Break(chance), "never"
		if cost.Sign() >= 0 {
			// Rounded down: a smallest unit more, and it is not worth it.
			most = Text(asset, new(big.Int).Quo(cost.Num(), cost.Denom()))
		}
		list = append(list, [2]string{text, most})
	}
	return list
}

// choices returns what the worker and the client choose between, with the nets.
func (t *Table) choices() (worker, client [][2]string) {
	asset := t.Case.Lifecycle.Spec().Asset
	w, c := t.Worker, t.Client
	worker = [][2]string{{"delivers, and all is accepted", Text(asset, w.Accepted)}, {"delivers, and nothing is", Text(asset, w.Rejected)},
		{"withdraws in time", Text(asset, w.Withdrawn)}, {"vanishes", Text(asset, w.Absent)}}
	client = [][2]string{{"approves", Text(asset, c.Approved)}, {"objects, and is right", Text(asset, c.Won)}, {"objects, and is wrong", Text(asset, c.Lost)}}
	return worker, client
}

// rational says what there is to choose between, and up to where a rational worker
// delivers.
func (t *Table) rational() string {
	worker, client := t.choices()
	rows := [][]string{{"the worker, once it has accepted", ">net"}}
	for _, r := range worker {
		rows = append(rows, []string{r[0], ">" + r[1]})
	}
	rows = append(rows, []string{"the client, to whom was delivered", ""})
	for _, r := range client {
		rows = append(rows, []string{r[0], ">" + r[1]})
	}
	breaks := [][]string{{"the worker reckons to be accepted with", ">it delivers what costs at most"}}
	for _, b := range t.breaks() {
		breaks = append(breaks, []string{"a chance of " + b[0], ">" + b[1] + " " + t.Case.Lifecycle.Spec().Asset.Code})
	}
	return "What rational people choose between\n\n" + columned(rows) + "\n" + columned(breaks) +
		fmt.Sprintf("\nWhat costs more it does not deliver: it would rather %s.\n", t.Worker.otherwise())
}

// otherwise returns the better of the two acts besides delivering.
func (w Worker) otherwise() Act {
	if w.Withdrawn.Cmp(w.Absent) >= 0 {
		return Withdraw
	}
	return Vanish
}
