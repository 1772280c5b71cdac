// Package simulate lets contracts by the million live under a policy, and tells
// what it does to the people who live there.
package simulate
