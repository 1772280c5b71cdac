package escrow

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

type standing time.Time

func (s standing) Now() time.Time { return time.Time(s) }

func sampleTerms() Terms {
	day := func(n int) time.Time { return time.Date(2026, 6, n, 0, 0, 0, 0, time.UTC) }
	return Terms{ID: "contract_xyz789", Client: "0xClientAgent", Worker: "0xWorkerAgent", Price: decimal.RequireFromString("50"),
		TaskDescription: "Summarize 10 research papers", AcceptanceCriteria: []string{"a", "b", "c"},
		ContractType: Fixed, AwardMethod: AwardDirect, VerificationMode: PrivacyPreserving,
		MatchDeadline: day(4), WithdrawalDeadline: day(5), DeliveryDeadline: day(6), ReviewDeadline: day(8)}
}

func BenchmarkX(b *testing.B) {
	now := standing(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC))
	draft := OpenContract.Draft(sampleTerms())
	client, worker, system := Agent("0xClientAgent"), Agent("0xWorkerAgent"), SystemActor()
	var clk Clock = now
	d, err := Decide(draft, Create{}, client, clk)
	if err != nil {
		b.Fatal(err)
	}
	d, err = Decide(d.Contract, Accept{}, worker, clk)
	if err != nil {
		b.Fatal(err)
	}
	matched := d.Contract
	b.Run("withdraw", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d, err := Decide(matched, Withdraw{}, worker, clk)
			if err != nil || d.moved != 3 {
				b.Fatal(err)
			}
		}
	})
	b.Run("refused", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := Decide(matched, Withdraw{}, client, clk)
			if err == nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("withdrawInto", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			err = DecideInto(&d, &matched, Withdraw{}, &worker, clk)
		}
	})
	b.Run("refusedInto", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			err = DecideInto(&d, &matched, Withdraw{}, &client, clk)
		}
	})
	b.Run("life", func(b *testing.B) {
		b.ReportAllocs()
		var deliver Command = Deliver{"ipfs://x"}
		var e Decision
		for b.Loop() {
			_ = DecideInto(&d, &draft, Create{}, &client, clk)
			_ = DecideInto(&e, &d.Contract, Accept{}, &worker, clk)
			_ = DecideInto(&d, &e.Contract, deliver, &worker, clk)
			_ = DecideInto(&e, &d.Contract, Approve{}, &client, clk)
			if err := DecideInto(&d, &e.Contract, Settle{}, &system, clk); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Explain(matched, worker, clk); err != nil {
				b.Fatal(err)
			}
		}
	})
}
