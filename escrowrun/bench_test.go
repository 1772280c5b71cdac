package escrowrun_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/require"
)

// BenchmarkDo tells what a request costs beside the commit that it ends in, turn about on
// one database, the median of 7 rounds: how many requests there are for a hundred bare
// commits. The rail is a sandbox on a file of its own.
//
//	go test -run '^$' -bench Do -benchtime 1x .
func BenchmarkDo(b *testing.B) {
	for name, address := range map[string]string{"sqlite": sqltest.SQLite(b), "postgres": sqltest.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			s := open(b, address, filepath.Join(b.TempDir(), "rail.db"))
			bare := &escrowrun.Runner{Store: s.Store, Clock: s.clock, Wall: s.wall}
			const requests = 100
			shares := map[string][]float64{}
			for round := range 7 * b.N {
				commits := timed(requests, func(i int) error {
					draft := task(fmt.Sprintf("c%d-%d", round, i))
					d, err := escrow.Decide(draft, opencontract.Create{}.Command(), client, s.clock)
					require.NoError(b, err)
					return s.Store.Commit(ctx, &escrowsql.Commit{Before: draft, Decision: d, Clock: monday})
				})
				for unit, founded := range map[string]func(i int) error{
					"Do/100commits": func(i int) error {
						_, err := bare.Found(ctx, task(fmt.Sprintf("b%d-%d", round, i)), opencontract.Create{}.Command(), client, "")
						return err
					},
					"Do-key/100commits": func(i int) error {
						_, err := bare.Found(ctx, task(fmt.Sprintf("k%d-%d", round, i)), opencontract.Create{}.Command(), client, fmt.Sprintf("k%d-%d", round, i))
						return err
					},
					"Do-key-rail/100commits": func(i int) error {
						_, err := s.Found(ctx, task(fmt.Sprintf("r%d-%d", round, i)), opencontract.Create{}.Command(), client, fmt.Sprintf("r%d-%d", round, i))
						return err
					},
				} {
					shares[unit] = append(shares[unit], 100*float64(commits)/float64(timed(requests, func(i int) error {
						err := founded(i)
						require.NoError(b, err)
						return err
					})))
				}
			}
			for unit, list := range shares {
				slices.Sort(list)
				b.ReportMetric(list[len(list)/2], unit)
			}
		})
	}
}

// timed returns how long n calls take.
func timed(n int, call func(i int) error) time.Duration {
	began := time.Now()
	for i := range n {
		if call(i) != nil {
			break
		}
	}
	return time.Since(began)
}
