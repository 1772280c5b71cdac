package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Signer returns the headers that prove to a receiver who sends a body, under the
// message's id, and when.
type Signer func(id string, at time.Time, body []byte) (http.Header, error)

var errNoSecret = errors.New("a signer needs a secret")

// Standard signs as the Standard Webhooks specification says: webhook-id,
// webhook-timestamp, webhook-signature. Secrets are base64 of 24 to 64 bytes, with or
// without "whsec_" in front. While a secret is replaced there are two: the receiver
// accepts either's signature.
func Standard(secrets ...string) (Signer, error) {
	if len(secrets) == 0 {
		return nil, errNoSecret
	}
	keys := make([]*standardwebhooks.Webhook, len(secrets))
	for i, secret := range secrets {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(raw) < 24 || len(raw) > 64 {
			return nil, errors.New("a webhook's secret must be base64 of 24 to 64 bytes")
		}
		if keys[i], err = standardwebhooks.NewWebhookRaw(raw); err != nil {
			return nil, fmt.Errorf("a webhook's secret: %w", err)
		}
	}
	return func(id string, at time.Time, body []byte) (http.Header, error) {
		if strings.ContainsAny(id, ". \r\n") { // it is signed with a dot behind it
			return nil, errors.New("a message's id must not have dots or blanks to be signed")
		}
		var signatures []string
		for _, key := range keys {
			signature, err := key.Sign(id, at, body)
			if err != nil {
				return nil, err
			}
			signatures = append(signatures, signature)
		}
		h := http.Header{}
		h.Set(standardwebhooks.HeaderWebhookID, id)
		h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
		h.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
		return h, nil
	}, nil
}

// Timestamped signs by HMAC-SHA256 over "<t>.<body>", t in seconds, as OpenTrain does: one
// header, "t=<t>,v1=<hex>", with a v1 for each secret.
func Timestamped(header string, secrets ...string) (Signer, error) {
	if len(secrets) == 0 || slices.Contains(secrets, "") {
		return nil, errNoSecret
	}
	return func(_ string, at time.Time, body []byte) (http.Header, error) {
		t := strconv.FormatInt(at.Unix(), 10)
		value := "t=" + t
		for _, secret := range secrets {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(t + "."))
			mac.Write(body)
			value += ",v1=" + hex.EncodeToString(mac.Sum(nil))
		}
		h := http.Header{}
		h.Set(header, value)
		return h, nil
	}, nil
}
