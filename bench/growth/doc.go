// Package growth measures how what the engine does grows with the size of a
// contract: of one with 1 to 1,000 milestones, all funded, and with as many
// approvals as a contract may have. Results stand in README.md.
package growth

//go:generate go run ../cmd/growth
