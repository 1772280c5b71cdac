package webhook_test

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/escrowsql"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

var (
	ctx     = context.Background()
	message = escrowsql.Message{ID: "evt_1", Topic: "webhook", Payload: `{"type":"contract.ended"}`}
	old     = "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("o", 32)))
	fresh   = "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("f", 32)))
)

// to returns a sender to an address.
func to(t *testing.T, address string, sandbox bool) *webhook.Sender {
	sign, err := webhook.Standard(fresh, old)
	require.NoError(t, err)
	return &webhook.Sender{Sandbox: sandbox, Endpoint: func(context.Context, escrowsql.Message) (webhook.Endpoint, error) {
		return webhook.Endpoint{URL: address, Sign: sign}, nil
	}}
}

// receiver answers by a function, and keeps what it got.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []*http.Request
}

func receive(t *testing.T, h http.HandlerFunc) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.got = append(r.got, q)
		r.mu.Unlock()
		h(w, q)
	}))
	t.Cleanup(r.Close)
	return r
}

// times returns how often it was told anything.
func (r *receiver) times() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

// TestDelivered: a receiver with either secret sees who sent it, by the specification's own
// library, and every time the same id.
func TestDelivered(t *testing.T) {
	ids := map[string]int{}
	r := receive(t, func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		assert.NoError(t, err)
		assert.Equal(t, message.Payload, string(body))
		assert.Equal(t, "application/json", q.Header.Get("Content-Type"))
		for _, secret := range []string{old, fresh} {
			wh, err := standardwebhooks.NewWebhook(secret)
			assert.NoError(t, err)
			assert.NoError(t, wh.Verify(body, q.Header))
			assert.Error(t, wh.Verify(append(body, ' '), q.Header))
		}
		ids[q.Header.Get("Webhook-Id")]++
		w.WriteHeader(http.StatusNoContent)
	})
	s := to(t, r.URL, true)
	require.NoError(t, s.Deliver(ctx, message))
	require.NoError(t, s.Deliver(ctx, message))
	assert.Equal(t, map[string]int{"evt_1": 2}, ids)
}

// TestAnswers: what a receiver answers says whether it is told again.
func TestAnswers(t *testing.T) {
	status := 0
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	s := to(t, r.URL, true)
	disabled := 0
	s.Disable = func(context.Context, escrowsql.Message) error { disabled++; return nil }
	for _, status = range []int{200, 201, 202, 204, 410} {
		require.NoError(t, s.Deliver(ctx, message), status)
	}
	assert.Equal(t, 1, disabled)
	for _, status = range []int{400, 401, 404, 429, 500, 503} {
		require.Error(t, s.Deliver(ctx, message), status)
	}
	s.Disable, status = nil, 410
	require.NoError(t, s.Deliver(ctx, message))

	// Nobody wants it, or nobody knows who does.
	none := &webhook.Sender{Endpoint: func(context.Context, escrowsql.Message) (webhook.Endpoint, error) { return webhook.Endpoint{}, nil }}
	require.NoError(t, none.Deliver(ctx, message))
	none.Endpoint = func(context.Context, escrowsql.Message) (webhook.Endpoint, error) { return webhook.Endpoint{}, io.EOF }
	require.ErrorIs(t, none.Deliver(ctx, message), io.EOF)
}

// TestLargeAnswer: of an answer only so much is read, and it counts.
func TestLargeAnswer(t *testing.T) {
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := strings.Repeat("x", 32<<10)
		for {
			if _, err := io.WriteString(w, chunk); err != nil {
				return // the sender has hung up
			}
		}
	})
	require.NoError(t, to(t, r.URL, true).Deliver(ctx, message))
}

// TestSlowReceiver: one that does not answer is given up.
func TestSlowReceiver(t *testing.T) {
	gone := make(chan struct{})
	r := receive(t, func(_ http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body) // only then the server sees that the sender hangs up
		<-q.Context().Done()
		close(gone)
	})
	s := to(t, r.URL, true)
	s.Limit = 50 * time.Millisecond
	require.ErrorContains(t, s.Deliver(ctx, message), "not delivered")
	if r.times() > 0 {
		<-gone
	}
}

// TestRedirect: nobody is told but whom the address names.
func TestRedirect(t *testing.T) {
	inner := receive(t, func(http.ResponseWriter, *http.Request) {})
	for _, status := range []int{301, 302, 303, 307, 308} {
		outer := receive(t, func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, inner.URL, status) })
		require.ErrorContains(t, to(t, outer.URL, true).Deliver(ctx, message), "redirects")
		assert.Equal(t, 1, outer.times())
	}
	assert.Zero(t, inner.times())
}

// TestPrivate: no message reaches a private network, however its address is written.
func TestPrivate(t *testing.T) {
	r := receive(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
		"[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::7f00:1]", "[2001::1]", "[fe80::1%25lo]",
		"localhost", "2130706433", "0x7f.1", "127.1",
	} {
		err := to(t, "https://"+host+":"+port+"/", false).Deliver(ctx, message)
		require.Error(t, err, host)
	}
	assert.Zero(t, r.times())
}

// TestPrivateByName: what counts is the address that is connected to, not the name.
func TestPrivateByName(t *testing.T) {
	r := receive(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	require.NoError(t, err)
	s := to(t, "https://innocent.example.com:"+port+"/", false)
	asked := make(chan struct{}, 100)
	s.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go answerLoopback(there, asked)
		return here, nil
	}}
	require.ErrorContains(t, s.Deliver(ctx, message), "not on a public network: 127.0.0.1")
	assert.NotEmpty(t, asked)
	assert.Zero(t, r.times())
}

// answerLoopback answers questions for an address, as over TCP, by 127.0.0.1.
func answerLoopback(c net.Conn, asked chan<- struct{}) {
	defer func() { _ = c.Close() }()
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return
	}
	text := make([]byte, int(head[0])<<8|int(head[1]))
	if _, err := io.ReadFull(c, text); err != nil {
		return
	}
	var m dnsmessage.Message
	if m.Unpack(text) != nil || len(m.Questions) == 0 {
		return
	}
	asked <- struct{}{}
	q := m.Questions[0]
	answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
	if q.Type == dnsmessage.TypeA {
		answer.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	}
	if text, err := answer.Pack(); err == nil {
		_, _ = c.Write(append([]byte{byte(len(text) >> 8), byte(len(text))}, text...))
	}
}

// TestAddresses: what cannot be sent to is said when it is given.
func TestAddresses(t *testing.T) {
	s := &webhook.Sender{}
	for _, good := range []string{"https://example.com/hook", "https://example.com:8443", "https://8.8.8.8/", "https://[2606:4700::1111]/"} {
		require.NoError(t, s.Check(good), good)
	}
	for address, why := range map[string]string{
		"http://example.com": "https", "ftp://example.com": "https", "example.com": "https", "https://": "no host", "https://a:b@example.com": "password",
		"https://[::1]/": "public", "https://10.0.0.1/": "public", "https://%zz": "no URL", "": "https", "file:///etc/passwd": "https",
	} {
		require.ErrorContains(t, s.Check(address), why, address)
	}
	require.NoError(t, (&webhook.Sender{Sandbox: true}).Check("http://127.0.0.1:8080/"))
}

// TestSecrets: a secret that is none is said at once.
func TestSecrets(t *testing.T) {
	for _, secrets := range [][]string{nil, {""}, {"whsec_"}, {"whsec_short"}, {"no base64!"}, {fresh, "whsec_AAAA"}} {
		_, err := webhook.Standard(secrets...)
		require.Error(t, err, secrets)
	}
	for _, secrets := range [][]string{nil, {""}, {fresh, ""}} {
		_, err := webhook.Timestamped("X-Signature", secrets...)
		require.Error(t, err, secrets)
	}
	sign, err := webhook.Standard(fresh)
	require.NoError(t, err)
	_, err = sign("a.b", time.Now(), nil)
	require.ErrorContains(t, err, "dots")
	s := &webhook.Sender{Endpoint: func(context.Context, escrowsql.Message) (webhook.Endpoint, error) {
		return webhook.Endpoint{URL: "https://example.com"}, nil
	}}
	require.ErrorContains(t, s.Deliver(ctx, message), "no signature")
}
