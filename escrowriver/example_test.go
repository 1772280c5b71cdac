package escrowriver_test

import (
	"time"

	"github.com/escrow-go/escrow/escrowriver"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// A client of River that looks at the timed work every second.
func Example() {
	_ = func(pool *pgxpool.Pool, runner *escrowrun.Runner) (*river.Client[pgx.Tx], error) {
		workers := river.NewWorkers()
		if err := escrowriver.Add(workers, runner); err != nil {
			return nil, err
		}
		return river.NewClient(riverpgxv5.New(pool), &river.Config{
			Workers:      workers,
			Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 10}},
			PeriodicJobs: []*river.PeriodicJob{escrowriver.PeriodicJob(time.Second)},
		})
	}
}
