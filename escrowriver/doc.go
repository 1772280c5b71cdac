// Package escrowriver does the timed work of a runner under River.
package escrowriver
