package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"testing"
)

// sampleLine is the documented withdrawal on one line.
func sampleLine(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../examples/withdraw.json")
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		t.Fatal(err)
	}
	return append(line.Bytes(), '\n')
}

// BenchmarkStream measures the whole way of a request: read, parse, decide,
// write. Run it with -cpu 1 for the rate of one core.
func BenchmarkStream(b *testing.B) {
	line := sampleLine(b)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	in := &repeated{line: line, left: b.N}
	if err := stream(in, io.Discard, outside()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// repeated reads the same line so many times.
type repeated struct {
	line []byte
	left int
	rest []byte
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.rest) == 0 {
			if r.left == 0 {
				break
			}
			r.left--
			r.rest = r.line
		}
		c := copy(p[n:], r.rest)
		r.rest, n = r.rest[c:], n+c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
