package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestProgressText: a rate and the time left, as soon as there is something to
// reckon them from.
func TestProgressText(t *testing.T) {
	for want, text := range map[string]string{
		"0 of 10 contracts, 0 %":                                                  partText(0, 10, "contracts", time.Second),
		"1 of 10 contracts, 10 %":                                                 partText(1, 10, "contracts", 0),
		"2,500 of 10,000 contracts, 25 %, 500 contracts/s, 15s left":              partText(2500, 10_000, "contracts", 5*time.Second),
		"9,999 of 10,000 contracts, 99 %, 2,000 contracts/s, 0s left":             partText(9999, 10_000, "contracts", 5*time.Second),
		"10 of 10,000,000,000 contracts, 0 %, 10 contracts/s, 277777h46m39s left": partText(10, 10_000_000_000, "contracts", time.Second),
		"0 of 0 contracts":                                                        partText(0, 0, "contracts", time.Second),
	} {
		assert.Equal(t, want, text)
	}
}

// TestProgressSeldom: a line is shown when there was none for long enough.
func TestProgressSeldom(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	p.part(1, 2, "contracts")
	assert.Empty(t, out.String())
	p.began, p.last = p.began.Add(-time.Minute), p.last.Add(-time.Minute)
	p.part(1, 2, "contracts")
	p.part(2, 2, "contracts")
	assert.Regexp(t, `^1 of 2 contracts, 50 %, 0 contracts/s, 1m0s left, 1m0s\n$`, out.String())
	p.end()
	assert.NotContains(t, out.String(), "\x1b")
}
