// Package play is how the lifecycles that ship are played: their random lives, and
// the scopes in which they are explored to the end.
package play

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
	crowdfundplay "github.com/escrow-go/escrow/crowdfund/play"
	"github.com/escrow-go/escrow/erc8183"
	erc8183play "github.com/escrow-go/escrow/erc8183/play"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	"github.com/escrow-go/escrow/fixedprice"
	fixedpriceplay "github.com/escrow-go/escrow/fixedprice/play"
	"github.com/escrow-go/escrow/inspection"
	inspectionplay "github.com/escrow-go/escrow/inspection/play"
	"github.com/escrow-go/escrow/opencontract"
	opencontractplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	opentrainplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/escrow-go/escrow/purchase"
	purchaseplay "github.com/escrow-go/escrow/purchase/play"
)

var (
	lives  = map[*escrow.Lifecycle]func() *escrowtest.Play{opencontract.Lifecycle: opencontractplay.Play, opentrain.Lifecycle: opentrainplay.Play}
	scopes = map[*escrow.Lifecycle]func(escrow.Policy) explore.Scope{
		opencontract.Lifecycle: opencontractplay.Scope, opentrain.Lifecycle: opentrainplay.Scope, erc8183.Lifecycle: erc8183play.Scope,
		fixedprice.Lifecycle: fixedpriceplay.Scope, purchase.Lifecycle: purchaseplay.Scope, inspection.Lifecycle: inspectionplay.Scope,
		crowdfund.Lifecycle: crowdfundplay.Scope,
	}
)

// Of returns how lives of a lifecycle are drawn: as its package has written, or as
// follows from its declaration alone ([escrowtest.PlayOf]).
func Of(l *escrow.Lifecycle) *escrowtest.Play {
	if own := lives[l]; own != nil {
		return own()
	}
	return escrowtest.PlayOf(l)
}

// ScopeOf returns the scope of a lifecycle under a policy, the zero one for its
// default: as its package has written, or as follows from its declaration alone
// ([explore.ScopeOf]).
func ScopeOf(l *escrow.Lifecycle, policy escrow.Policy) (explore.Scope, error) {
	if own := scopes[l]; own != nil {
		return own(policy), nil
	}
	s, err := explore.ScopeOf(l)
	if err != nil || policy.Lifecycle() == nil {
		return s, err
	}
	return s.Under(policy), nil
}
