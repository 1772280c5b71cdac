module github.com/escrow-go/escrow/cmd/escrow

go 1.26

replace github.com/escrow-go/escrow => ../..

require (
	github.com/alecthomas/kong v1.17.0
	github.com/escrow-go/escrow v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/shopspring/decimal v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)
