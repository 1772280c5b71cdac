// Package marketplace is a marketplace that runs: the documented calls of OpenContract and
// OpenTrain, and pages for people, on one store and one runner.
package marketplace
