package contractapi

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// wanted is what a client asks for. Deadlines and addresses are read with their places.
type wanted struct {
	Worker                 *string  `json:"worker"`
	TaskDescription        string   `json:"taskDescription"`
	AcceptanceCriteria     []string `json:"acceptanceCriteria"`
	SupplementaryMaterials *string  `json:"supplementaryMaterials"`
	ContractType           string   `json:"contractType"`
	AwardMethod            string   `json:"awardMethod"`
	BudgetOrPrice          string   `json:"budgetOrPrice"`
	MatchDeadline          string   `json:"matchDeadline"`
	WithdrawalDeadline     string   `json:"withdrawalDeadline"`
	DeliveryDeadline       string   `json:"deliveryDeadline"`
	ReviewDeadline         *string  `json:"reviewDeadline"`
	VerificationMode       string   `json:"verificationMode"`
}

// create founds a contract, whose client is who asks.
func (s *Server) create(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	var wants wanted
	body, err := read(r, &wants)
	if err != nil {
		return err
	}
	q, refused, err := s.request(r, actor, body)
	if err != nil {
		return err
	}
	terms, err := wants.terms()
	if err != nil {
		return err
	}
	terms.ID, terms.Client, terms.Policy = newID(&q), actor.ID, s.Policy
	if q.Draft = terms.Draft(); s.Founding != nil {
		if q.Draft, err = s.Founding(r.Context(), terms); err != nil {
			return err
		}
	}
	q.Command = opencontract.Create{}.Command()
	return s.ask(w, r, call{q, http.StatusCreated, func(c escrow.Contract) any { return contractOf(c) }}, refused)
}

// price is how prices are written: decimal text, so that nobody's floating point touches
// them.
var price = regexp.MustCompile(`^[0-9]{1,37}(\.[0-9]{1,18})?$`)

// terms reads what is wanted. What the terms must be the lifecycle says.
func (x *wanted) terms() (t opencontract.Terms, err error) {
	t = opencontract.Terms{TaskDescription: x.TaskDescription, AcceptanceCriteria: x.AcceptanceCriteria,
		ContractType: x.ContractType, AwardMethod: x.AwardMethod, VerificationMode: x.VerificationMode}
	if x.SupplementaryMaterials != nil {
		t.SupplementaryMaterials = *x.SupplementaryMaterials
	}
	if !price.MatchString(x.BudgetOrPrice) {
		return t, invalid("budgetOrPrice", `must be decimal text, as in "50.0"`)
	}
	if t.Price, err = decimal.NewFromString(x.BudgetOrPrice); err != nil {
		return t, invalid("budgetOrPrice", `must be decimal text, as in "50.0"`)
	}
	if x.Worker != nil {
		worker, ok := addressOf(*x.Worker)
		if !ok {
			return t, invalid("worker", badAddress)
		}
		t.Worker = worker
	}
	return t, x.deadlines(&t)
}

const badAddress = "must be an address: 0x and 40 hexadecimal digits, whose capitals are right where there are any"

// deadlines reads the instants until when things must be done.
func (x *wanted) deadlines(t *opencontract.Terms) error {
	review := ""
	if x.ReviewDeadline != nil {
		review = *x.ReviewDeadline
	}
	for _, d := range []struct {
		name, text string
		into       *time.Time
	}{
		{"matchDeadline", x.MatchDeadline, &t.MatchDeadline}, {"withdrawalDeadline", x.WithdrawalDeadline, &t.WithdrawalDeadline},
		{"deliveryDeadline", x.DeliveryDeadline, &t.DeliveryDeadline}, {"reviewDeadline", review, &t.ReviewDeadline},
	} {
		if d.text == "" && d.name == "reviewDeadline" {
			continue // the lifecycle says whether it must be there
		}
		at, err := time.Parse(time.RFC3339Nano, d.text)
		if err != nil {
			return invalid(d.name, `must be an instant, as in "2026-06-04T12:00:00Z"`)
		}
		*d.into = at.UTC()
	}
	return nil
}

// newID makes up a contract's id: of account and key where there is one, so that a founding
// that goes on after a payment goes on with the same contract, and one that is sent again
// after its key was forgotten founds no second.
func newID(q *escrowrun.Request) string {
	if q.Key == "" {
		return "contract_" + strings.ToLower(rand.Text())
	}
	sum := sha256.Sum256([]byte(q.Actor.ID + "\n" + q.Key + "\n" + q.Fingerprint))
	return "contract_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))[:26]
}
