module github.com/escrow-go/escrow/escrowrun

go 1.26

require (
	github.com/escrow-go/escrow v0.1.0
	github.com/jackc/pgx/v5 v5.13.0
	github.com/stretchr/testify v1.12.1
	modernc.org/sqlite v1.62.0
	pgregory.net/rapid v1.3.0
)
