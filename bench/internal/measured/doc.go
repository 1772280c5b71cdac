// Package measured puts measurements into words and tables, and the tables into
// the README that they belong to.
package measured
