module github.com/escrow-go/escrow/.ci/pack

go 1.26

require golang.org/x/mod v0.29.0
