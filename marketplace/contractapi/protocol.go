package contractapi

import (
	"encoding/json"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// protocol is the documented object of the parameters: ratios and tokens are numbers.
type protocol struct {
	ProtocolFee               json.Number `json:"protocolFee"`
	WorkerStakeRatio          json.Number `json:"workerStakeRatio"`
	DisputeBondRatio          json.Number `json:"disputeBondRatio"`
	BackupAgentBondRatio      json.Number `json:"backupAgentBondRatio"`
	EarlyWithdrawalSlashRatio json.Number `json:"earlyWithdrawalSlashRatio"`
	AbsentNoneMetClientShare  json.Number `json:"absentNoneMetClientShare"`
	BAUnclearSlashRatio       json.Number `json:"baUnclearSlashRatio"`
	TokenMintRewardFull       json.Number `json:"tokenMintRewardFull"`
	TokenMintRewardReduced    json.Number `json:"tokenMintRewardReduced"`
	BAEligibilityStake        json.Number `json:"baEligibilityStake"`
	BAVotingWindow            string      `json:"baVotingWindow"`
	BARecruitCount            json.Number `json:"baRecruitCount"`
}

// showProtocol shows the policy that contracts are founded under.
func (s *Server) showProtocol(w http.ResponseWriter, r *http.Request, _ escrow.Actor) error {
	body, err := json.Marshal(opencontract.Terms{Policy: s.Policy}.Draft().Policy())
	if err != nil {
		return err
	}
	var p protocol
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, p)
}
