package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"github.com/escrow-go/escrow/simulate"
)

// memory is what so many contracts took.
type memory struct {
	Contracts int
	// FromSystem is all that the operating system ever gave, Kept what is in use of
	// the heap after a collection, in bytes.
	FromSystem, Kept uint64
}

// sizes are the numbers of contracts whose memory is compared.
var sizes = []int{100_000, 1_000_000, 10_000_000}

// memories asks a process of its own for each number of contracts.
func memories(ctx context.Context) (list []memory, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, contracts := range sizes {
		out, err := exec.CommandContext(ctx, self, "-memory", strconv.Itoa(contracts)).Output()
		if err != nil {
			return nil, fmt.Errorf("the memory of %d contracts: %w", contracts, err)
		}
		var m memory
		if err := json.Unmarshal(out, &m); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// printMemory lives through contracts and prints what memory that took.
func printMemory(ctx context.Context, contracts int) error {
	result, err := simulate.Run(ctx, defaultOf(1, contracts))
	if err != nil {
		return err
	}
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	runtime.KeepAlive(result)
	return json.NewEncoder(os.Stdout).Encode(memory{contracts, stats.Sys, stats.HeapInuse})
}
