package backtest_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// A worker has withdrawn and lost 0.3 of its stake. It would have lost half.
func ExampleRun() {
	slash, _ := escrow.ParseRatio("0.5")
	policy, err := opencontract.Lifecycle.DefaultPolicy().With(opencontract.EarlyWithdrawalSlashRatio.To(slash))
	if err != nil {
		fmt.Println(err)
	}
	history := record(withdrawn("contract_1"))
	r, err := backtest.Run(context.Background(), strings.NewReader(history),
		[]backtest.Policy{{Name: "half", Policy: policy}})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(r)
	// Output:
	// 1 history in 3 lines
	//
	// UNDER half (opencontract)
	//
	// 1 history compared, 0 of another lifecycle
	// 0 would have gone another way
	//
	//    USDC     paid in     got     net   would pay in     get     net   difference
	//    client        50   50.75    0.75             50   51.25    1.25         +0.5
	//    worker       2.5    1.75   -0.75            2.5    1.25   -1.25         -0.5
	//
	//    ending                recorded   would be
	//    cancelled-withdrawn          1          1
}

// Two lines of a history, the second of which is no request.
func ExampleSkipFaulty() {
	history := record(task("contract_1", 50, monday)) + "no request\n"
	policies := []backtest.Policy{{Name: "default", Policy: opencontract.Lifecycle.DefaultPolicy()}}
	_, err := backtest.Run(context.Background(), strings.NewReader(history), policies)
	fmt.Println(err)
	r, _ := backtest.Run(context.Background(), strings.NewReader(history), policies, backtest.SkipFaulty())
	fmt.Println(r.FaultyLines, "skipped,", r.Histories, "replayed")
	// Output:
	// line 2: is no request: escrow: malformed: request: must be an object at byte 0
	// 1 skipped, 1 replayed
}

func ExampleWatch() {
	show := backtest.Watch(func(p backtest.Progress) { fmt.Println(p.Lines, "lines,", p.Open, "open") })
	_, _ = backtest.Run(context.Background(), strings.NewReader(record(withdrawn("contract_1"))), []backtest.Policy{half()}, show)
	// Output:
	// 1 lines, 1 open
	// 2 lines, 1 open
	// 3 lines, 0 open
}

// Of the histories that would have gone another way, one is listed, all are counted.
func ExampleAtMost() {
	history := record(lateVote("contract_1", 50, monday), lateVote("contract_2", 70, monday))
	hasty := under("hasty", opencontract.BAVotingWindow.To(time.Hour))
	r, _ := backtest.Run(context.Background(), strings.NewReader(history), []backtest.Policy{hasty}, backtest.AtMost(1))
	c := r.Policies[0]
	fmt.Println(c.Parted, "parted, listed:", c.Partings[0].Contract, c.Partings[0].Recorded, "->", c.Partings[0].Replayed)
	// Output: 2 parted, listed: contract_1 settled-none-met -> settled-fully-met
}

func ExampleKnowing() {
	policies := []backtest.Policy{{Name: "default", Policy: opentrain.Lifecycle.DefaultPolicy()}}
	r, err := backtest.Run(context.Background(), strings.NewReader(record(withdrawn("contract_1"))), policies, backtest.Knowing(opencontract.Lifecycle))
	fmt.Println(r.Policies[0].Lifecycle, r.Policies[0].Histories, "of another:", r.Policies[0].OtherLifecycle, err)
	// Output: opentrain 0 of another: 1 <nil>
}

func ExampleReport_WriteCSV() {
	r, _ := backtest.Run(context.Background(), strings.NewReader(record(withdrawn("contract_1"))), []backtest.Policy{half()})
	_ = r.WriteCSV(os.Stdout)
	// Output:
	// policy,lifecycle,asset,party,recordedPaidIn,recordedGot,recordedNet,replayedPaidIn,replayedGot,replayedNet,difference
	// half,opencontract,USDC,client,50,50.75,0.75,50,51.25,1.25,0.5
	// half,opencontract,USDC,worker,2.5,1.75,-0.75,2.5,1.25,-1.25,-0.5
	// half,opencontract,USDC,backup,0,0,0,0,0,0,0
	// half,opencontract,USDC,treasury,0,0,0,0,0,0,0
}

// The whole jury came after the hour that the policy gives it: silence approves.
func ExampleReport_String() {
	history := record(lateVote("contract_1", 50, monday))
	hasty := under("hasty", opencontract.BAVotingWindow.To(time.Hour))
	r, _ := backtest.Run(context.Background(), strings.NewReader(history), []backtest.Policy{hasty})
	fmt.Println(r)
	// Output:
	// 1 history in 9 lines
	//
	// UNDER hasty (opencontract)
	//
	// 1 history compared, 0 of another lifecycle
	// 1 would have gone another way
	//
	//    USDC       paid in    got    net   would pay in   get    net   difference
	//    client        52.5   54.5      2           52.5   2.5    -50          -52
	//    worker         2.5      0   -2.5            2.5    50   47.5          +50
	//    backup          15     15      0              0     0      0            0
	//    treasury         0    0.5    0.5              0   2.5    2.5           +2
	//
	//    ending              recorded   would be
	//    settled-fully-met          0          1
	//    settled-none-met           1          0
	//
	//    ended otherwise                         histories
	//    settled-none-met -> settled-fully-met           1
	//
	// contract_1 (from line 1): settled-none-met -> settled-fully-met
	//   before that, time alone: OC-15 at 2026-06-03T17:00:00Z, disputed to resolved
	//   line 6, vote by 0xJ1: was OC-14, to disputed; is refused (wrong_status: the contract's status does not allow this)
	//   client -52, worker +50, treasury +2 USDC
}
