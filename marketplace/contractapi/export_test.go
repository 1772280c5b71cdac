package contractapi

import "context"

// Give gives any account a key, without asking for a signature.
func (k *Keys) Give(ctx context.Context, account string) (string, error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }()
	_, secret, err := k.add(ctx, tx, account, "")
	if err != nil {
		return "", err
	}
	return secret, tx.Commit()
}

// What tests look at inside.
var (
	AddressOf  = addressOf
	Signer     = signer
	ContractOf = contractOf
)
