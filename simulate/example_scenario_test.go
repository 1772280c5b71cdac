package simulate_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/simulate"
)

func ExampleParseScenario() {
	s, err := simulate.ParseScenario([]byte(`{
		"contracts": 1000,
		"policy": {"protocolFee": "0.03"},
		"clients": [
			{"behaviour": "honest", "share": 0.9},
			{"behaviour": "negligent", "share": 0.1}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Lifecycle.Name(), s.Contracts, opencontract.ProtocolFee.In(s.Policies[0].Policy.View()), s.Clients[1].Behaviour)
	// Output: opencontract 1000 0.03 negligent
}

func ExampleFault() {
	_, err := simulate.ParseScenario([]byte(`{
		"workers": [
			{"behaviour": "reliable", "shar": 1}
		]
	}`))
	fmt.Println(err)
	var fault *simulate.Fault
	fmt.Println(errors.As(err, &fault), fault.Line, fault.Field)
	// Output:
	// scenario: line 3: workers[0].shar: is no field; did you mean "share"?
	// true 3 workers[0].shar
}

func ExampleScenario_With() {
	s := simulate.Default(opencontract.Lifecycle)
	more, err := s.With("workers[0].share", "0.5")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range more.Workers {
		fmt.Println(w.Behaviour, w.Share)
	}
	_, err = s.With("policy.workerStakeRatio", "5")
	fmt.Println(err)
	// Output:
	// reliable 0.5
	// late 0.133333333333333333
	// absent 0.066666666666666666
	// withdrawing 0.133333333333333333
	// poor 0.066666666666666666
	// rational 0.100000000000000002
	// scenario: line 1: policy.workerStakeRatio: is 5, out of its bounds: a ratio between 0 and 1, the worker's stake, of the price
}

func ExampleDefault() {
	s := simulate.Default(opentrain.Lifecycle)
	fmt.Println(s.Name, s.Terms.Milestones, s.Terms.Delivery, s.Approvals.Team)
	// Output: opentrain 2 168h0m0s 3
}

func ExampleFields() {
	for _, f := range simulate.Fields() {
		if f.OpenTrain != "" && f.Kind == "duration" {
			fmt.Println(f.Path, f.Default, f.OpenTrain)
		}
	}
	// Output:
	// terms.delivery "P1D" "P7D"
	// terms.review "P1D" "P2D"
}

func ExampleSchema() {
	var schema struct {
		Title      string
		Properties map[string]struct{ Description string }
	}
	if err := json.Unmarshal(simulate.Schema(), &schema); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%s: horizon: %s\n", schema.Title, schema.Properties["horizon"].Description)
	// Output: Scenario: horizon: how long contracts keep arriving; each is followed to its end
}
