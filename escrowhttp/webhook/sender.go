package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// Endpoint is where a receiver is told.
type Endpoint struct {
	// URL is the receiver's address: https, and of a public network.
	URL string
	// Sign signs what is sent; it is never nil.
	Sign Signer
}

// Sender delivers messages. Its fields are set before it is first used; it is safe for
// use by many goroutines.
type Sender struct {
	// Endpoint returns where a message goes; an empty URL that nobody wants it any more.
	Endpoint func(ctx context.Context, m escrowsql.Message) (Endpoint, error)
	// Disable is called when a receiver answers 410 Gone: it wants no more messages. Nil
	// lets the message go and no more.
	Disable func(ctx context.Context, m escrowsql.Message) error
	// Sandbox lets messages go to http and to private networks: for tries on one machine.
	Sandbox bool
	// Resolver resolves names; the system's when nil.
	Resolver *net.Resolver
	// Limit is how long a delivery may take: 10 s when 0.
	Limit time.Duration
	// Wall is the processes' own time, which signatures carry; the system's when nil.
	Wall escrow.Clock

	once   sync.Once
	client *http.Client
}

// answerLimit is how much is read of an answer.
const answerLimit = 64 << 10

// Why nothing is sent, or an answer is not accepted.
var (
	errAddress  = errors.New("the address is not on a public network")
	errRedirect = errors.New("the receiver redirects, which is not followed")
)

// Deliver sends a message once. It is delivered when the receiver answers 2xx, or is
// gone for good; the error says why it is to be tried again.
func (s *Sender) Deliver(ctx context.Context, m escrowsql.Message) error {
	to, err := s.Endpoint(ctx, m)
	if err != nil || to.URL == "" {
		return err
	}
	r, err := s.request(ctx, m, to)
	if err != nil {
		return err
	}
	s.once.Do(s.connect)
	answer, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("not delivered: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	switch {
	case answer.StatusCode == http.StatusGone && s.Disable != nil:
		return s.Disable(ctx, m)
	case answer.StatusCode == http.StatusGone:
		return nil
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return errRedirect
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return fmt.Errorf("the receiver answered %d", answer.StatusCode)
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("the answer was not read: %w", err)
	}
	return nil
}

// request returns the request that tells a message.
func (s *Sender) request(ctx context.Context, m escrowsql.Message, to Endpoint) (*http.Request, error) {
	if err := s.Check(to.URL); err != nil {
		return nil, err
	}
	if to.Sign == nil {
		return nil, errors.New("the endpoint has no signature")
	}
	now := time.Now()
	if s.Wall != nil {
		now = s.Wall.Now()
	}
	header, err := to.Sign(m.ID, now, []byte(m.Payload))
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, strings.NewReader(m.Payload))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "escrow-webhook")
	return r, nil
}

// Check reports what is wrong with an address before anything is sent to it: to be asked
// when somebody gives one. What its name resolves to is checked when it is sent to.
func (s *Sender) Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("the address is no URL")
	case u.Scheme != "https" && !(s.Sandbox && u.Scheme == "http"):
		return errors.New("the address must begin with https://")
	case u.Hostname() == "":
		return errors.New("the address names no host")
	case u.User != nil:
		return errors.New("the address must not carry a password: the signature tells who sends")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !s.Sandbox && !public(ip) {
		return errAddress
	}
	return nil
}

// connect makes the client: without a proxy, which would dial for us, and without
// redirects.
func (s *Sender) connect() {
	dialer := &net.Dialer{Timeout: s.limit(), Resolver: s.Resolver, ControlContext: s.control}
	s.client = &http.Client{
		Timeout:       s.limit(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: s.limit(),
			MaxResponseHeaderBytes: answerLimit, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute,
		},
	}
}

func (s *Sender) limit() time.Duration {
	if s.Limit == 0 {
		return 10 * time.Second
	}
	return s.Limit
}
