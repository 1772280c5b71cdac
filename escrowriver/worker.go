package escrowriver

import (
	"context"
	"errors"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Args are the arguments of a job: none, for all that is to be done is in the store.
type Args struct{}

// Kind returns the name of such jobs, "escrow_work".
func (Args) Kind() string { return "escrow_work" }

// InsertOpts has at most one job of a minute wait or run. The minute is for processes that
// are killed: River takes their job for running until it is rescued, an hour later, and
// nothing would be done until then.
func (Args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{
		MaxAttempts: 2,
		UniqueOpts: river.UniqueOpts{ByPeriod: time.Minute, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}},
	}
}

// Worker does a runner's timed work, all that there is when the job runs.
type Worker struct {
	river.WorkerDefaults[Args]
	Runner *escrowrun.Runner
}

// Work does the job.
func (w *Worker) Work(ctx context.Context, _ *river.Job[Args]) error {
	_, err := w.Runner.Work(ctx)
	return err
}

// Add registers the worker of a runner among a client's workers. A worker that is there
// already, or a runner without a store, is an error.
func Add(workers *river.Workers, runner *escrowrun.Runner) error {
	if runner == nil || runner.Store == nil {
		return errors.New("escrowriver: the runner has no store; set Runner.Store")
	}
	return river.AddWorkerSafely(workers, &Worker{Runner: runner})
}

// PeriodicJob returns the job for a client's Config.PeriodicJobs: the work is looked at
// when a client starts to lead, and so often from then on.
func PeriodicJob(every time.Duration) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) { return Args{}, nil },
		&river.PeriodicJobOpts{ID: Args{}.Kind(), RunOnStart: true})
}
