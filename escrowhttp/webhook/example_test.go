package webhook_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/escrowsql"
)

// A receiver on the same machine is told, for the sender is a sandbox's.
func ExampleSender_Deliver() {
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Header.Get("Webhook-Id"), string(body))
	}))
	defer receiver.Close()
	sign, err := webhook.Standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		panic(err)
	}
	sender := &webhook.Sender{Sandbox: true, Endpoint: func(context.Context, escrowsql.Message) (webhook.Endpoint, error) {
		return webhook.Endpoint{URL: receiver.URL, Sign: sign}, nil
	}}
	fmt.Println(sender.Deliver(context.Background(), escrowsql.Message{ID: "evt_1", Payload: `{"type":"contract.ended"}`}))
	// Output:
	// evt_1 {"type":"contract.ended"}
	// <nil>
}

func ExampleSender_Check() {
	sender := &webhook.Sender{}
	fmt.Println(sender.Check("https://example.com/hooks"))
	fmt.Println(sender.Check("https://169.254.169.254/latest/meta-data"))
	// Output:
	// <nil>
	// the address is not on a public network
}

// The example of the specification.
func ExampleStandard() {
	sign, err := webhook.Standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		panic(err)
	}
	header, err := sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	fmt.Println(header.Get("webhook-signature"), err)
	// Output: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= <nil>
}

func ExampleTimestamped() {
	sign, err := webhook.Timestamped("X-Signature", "secret")
	if err != nil {
		panic(err)
	}
	header, err := sign("", time.Unix(1614265330, 0), []byte(`{}`))
	fmt.Println(header.Get("X-Signature"), err)
	// Output: t=1614265330,v1=72d568e9082e20261718306278848de6a16c6e82518fea632670068709a62d0c <nil>
}
