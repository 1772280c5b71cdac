// Package escrowriver does the timed work of a runner as jobs of River
// (github.com/riverqueue/river), for those who have it: instead of
// [escrowrun.Runner.Run], a periodic job calls [escrowrun.Runner.Work].
//
//	workers := river.NewWorkers()
//	err := escrowriver.Add(workers, runner)
//	client, err := river.NewClient(driver, &river.Config{
//		Workers:      workers,
//		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 10}},
//		PeriodicJobs: []*river.PeriodicJob{escrowriver.PeriodicJob(time.Second)},
//	})
//
// A job carries nothing: what is due is in the store. So a job that is late, lost, killed
// or done twice changes nothing; the next one does what there is.
package escrowriver
