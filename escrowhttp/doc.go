// Package escrowhttp serves stored contracts of any lifecycle over HTTP.
package escrowhttp
