module github.com/escrow-go/escrow/marketplace

go 1.26.0

require (
	github.com/escrow-go/escrow v0.1.0
	github.com/escrow-go/escrow/escrowhttp v0.1.0
	github.com/escrow-go/escrow/escrowrun v0.1.0
	github.com/escrow-go/escrow/escrowsql v0.1.0
)
