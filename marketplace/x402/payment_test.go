package x402_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/marketplace/x402"
)

func nonceOf(text string) [32]byte { return x402.Keccak(text) }

// reason is the word by which an error refuses, empty for no error.
func reason(t require.TestingT, err error) string {
	if err == nil {
		return ""
	}
	var refusal *x402.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.NotEmpty(t, refusal.What)
	return refusal.Reason
}

// header is a payload of protocol 1 as a header.
func header(payload any) string {
	text, _ := json.Marshal(payload)
	return base64.StdEncoding.EncodeToString(text)
}

// TestSignaturesOfViem: what viem signs is what is judged here, to the last bit; and what
// is signed here is what viem signs, for both are deterministic (RFC 6979).
func TestSignaturesOfViem(t *testing.T) {
	v := readVectors(t)
	require.Len(t, v.Signed, 16)
	for _, s := range v.Signed {
		p, err := x402.ReadPayment(header(map[string]any{"x402Version": 1, "scheme": "exact", "network": s.Network,
			"payload": map[string]any{"signature": s.Signature, "authorization": s.Authorization}}))
		require.NoError(t, err)
		digest := p.Authorization.Digest(p.Network)
		assert.Equal(t, s.Digest, "0x"+hex.EncodeToString(digest[:]))
		q := x402.Quote{Network: p.Network, PayTo: v.PayTo, Amount: p.Authorization.Value, Timeout: 60 * time.Second}
		require.NoError(t, p.Verify(q, noon))

		secret, err := hex.DecodeString(s.Key[2:])
		require.NoError(t, err)
		ours := x402.Pay(secp256k1.PrivKeyFromBytes(secret), q, 1, p.Authorization.Nonce, noon)
		assert.Equal(t, p, ours)
	}
}

// TestHeadersOfClients: the headers that the clients of both protocols send are read and
// pay what they were asked for.
func TestHeadersOfClients(t *testing.T) {
	v := readVectors(t)
	require.Len(t, v.Headers, 4)
	for _, h := range v.Headers {
		p, err := x402.ReadPayment(h.Header)
		require.NoError(t, err)
		assert.Equal(t, h.Version, p.Version)
		assert.Equal(t, h.Network, p.Network.Name)
		if h.Version == 2 {
			assert.Equal(t, "https://api.example/v1/contracts", p.Resource)
		}
		q := x402.Quote{Network: p.Network, PayTo: v.PayTo, Amount: escrow.Units(50_000_000)}
		require.NoError(t, p.Verify(q, time.Unix(int64(p.Authorization.ValidBefore)-30, 0)))
	}
}

func TestAddress(t *testing.T) {
	for _, text := range []string{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"} {
		for _, written := range []string{text, "0x" + strings.ToLower(text[2:]), "0x" + strings.ToUpper(text[2:])} {
			a, err := x402.ParseAddress(written)
			require.NoError(t, err)
			assert.Equal(t, text, a.String())
		}
	}
	for _, text := range []string{"", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "0xg" + strings.Repeat("0", 39),
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"} {
		_, err := x402.ParseAddress(text)
		assert.Error(t, err, text)
	}
}

// TestRefusals: every way in which a payment can fail to pay has its word.
func TestRefusals(t *testing.T) {
	good := func() x402.Payment { return x402.Pay(keyOf("payer"), quote(100), 1, nonceOf("n"), noon) }
	require.NoError(t, good().Verify(quote(100), noon))
	other := quote(100)
	other.Network, other.PayTo = x402.BaseSepolia, platform
	elsewhere := quote(100)
	elsewhere.PayTo = stranger
	cases := map[string]struct {
		paid x402.Payment
		q    x402.Quote
		at   time.Time
		want string
	}{
		"more is asked for":           {good(), quote(101), noon, x402.ReasonValue},
		"less is asked for":           {good(), quote(99), noon, x402.ReasonValue},
		"another network":             {good(), other, noon, x402.ReasonNetwork},
		"another receiver":            {good(), elsewhere, noon, x402.ReasonRecipient},
		"too early":                   {good(), quote(100), noon.Add(-61 * time.Second), x402.ReasonValidAfter},
		"at the first second":         {good(), quote(100), noon.Add(-60 * time.Second), ""},
		"with just enough time":       {good(), quote(100), noon.Add(54 * time.Second), ""},
		"too late to settle":          {good(), quote(100), noon.Add(55 * time.Second), x402.ReasonValidBefore},
		"long expired":                {good(), quote(100), noon.Add(time.Hour), x402.ReasonValidBefore},
		"before there was time":       {good(), quote(100), time.Unix(-1, 0), x402.ReasonValidAfter},
		"signed by somebody else":     {signedBy("stranger", good()), quote(100), noon, x402.ReasonSignature},
		"the other half of the curve": {upperHalf(good()), quote(100), noon, x402.ReasonSignature},
		"no signature":                {unsigned(good()), quote(100), noon, x402.ReasonSignature},
		"signed for another domain":   {domain(good()), quote(100), noon, x402.ReasonSignature},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, reason(t, c.paid.Verify(c.q, c.at))) })
	}
}

// signedBy has somebody else sign what the payer should.
func signedBy(name string, p x402.Payment) x402.Payment {
	q := quote(100)
	other := x402.Pay(keyOf(name), q, 1, p.Authorization.Nonce, noon)
	p.Signature = other.Signature
	return p
}

// upperHalf is the same signature in its other form, with n - s and the other v.
func upperHalf(p x402.Payment) x402.Payment {
	var s secp256k1.ModNScalar
	s.SetByteSlice(p.Signature[32:64])
	high := s.Negate().Bytes()
	copy(p.Signature[32:64], high[:])
	p.Signature[64] = 55 - p.Signature[64]
	return p
}

func unsigned(p x402.Payment) x402.Payment {
	p.Signature = x402.Signature{}
	return p
}

// domain is signed for the token under another name.
func domain(p x402.Payment) x402.Payment {
	q := quote(100)
	q.Network.TokenName = "USDC"
	p.Signature = x402.Pay(keyOf("payer"), q, 1, p.Authorization.Nonce, noon).Signature
	return p
}

// TestMalformedHeaders: what is no payment is refused with the word for it.
func TestMalformedHeaders(t *testing.T) {
	payload := func(change func(w, auth map[string]any)) string {
		auth := map[string]any{"from": payer.String(), "to": platform.String(), "value": "100", "validAfter": "0", "validBefore": "2000000000", "nonce": fmt.Sprintf("0x%064x", 1)}
		w := map[string]any{"x402Version": 1, "scheme": "exact", "network": "base", "payload": map[string]any{"signature": "0x" + strings.Repeat("11", 64) + "1b", "authorization": auth}}
		change(w, auth)
		return header(w)
	}
	sign := func(text string) func(w, _ map[string]any) {
		return func(w, _ map[string]any) { w["payload"].(map[string]any)["signature"] = text }
	}
	set := func(field string, value any) func(w, auth map[string]any) {
		return func(w, auth map[string]any) {
			if _, outer := w[field]; outer {
				w[field] = value
			} else {
				auth[field] = value
			}
		}
	}
	_, err := x402.ReadPayment(payload(func(w, auth map[string]any) {}))
	require.NoError(t, err)
	accepted := map[string]any{"scheme": "exact", "network": "eip155:8453", "amount": "100", "asset": x402.Base.Token.String(), "payTo": platform.String(), "maxTimeoutSeconds": 60}
	second := func(field string, value any) func(w, _ map[string]any) {
		return func(w, _ map[string]any) {
			mine := map[string]any{}
			for k, v := range accepted {
				mine[k] = v
			}
			mine[field] = value
			w["x402Version"], w["accepted"] = 2, mine
		}
	}
	_, err = x402.ReadPayment(payload(second("amount", "100")))
	require.NoError(t, err)
	for name, c := range map[string]struct{ header, want string }{
		"empty":                    {"", x402.ReasonPayload},
		"no base64":                {"{}", x402.ReasonPayload},
		"base64 of nothing":        {"////", x402.ReasonPayload},
		"two values":               {base64.StdEncoding.EncodeToString([]byte("{}{}")), x402.ReasonPayload},
		"too long":                 {strings.Repeat("A", 1<<20), x402.ReasonPayload},
		"no version":               {header(map[string]any{}), x402.ReasonVersion},
		"version 3":                {payload(set("x402Version", 3)), x402.ReasonVersion},
		"another scheme":           {payload(set("scheme", "upto")), x402.ReasonScheme},
		"another network":          {payload(set("network", "polygon")), x402.ReasonNetwork},
		"protocol 2's network":     {payload(set("network", "eip155:8453")), x402.ReasonNetwork},
		"protocol 1's network":     {payload(second("network", "base")), x402.ReasonNetwork},
		"nothing accepted":         {payload(set("x402Version", 2)), x402.ReasonPayload},
		"another amount accepted":  {payload(second("amount", "101")), x402.ReasonRequirements},
		"another asset accepted":   {payload(second("asset", stranger.String())), x402.ReasonRequirements},
		"another payee accepted":   {payload(second("payTo", stranger.String())), x402.ReasonRequirements},
		"another scheme accepted":  {payload(second("scheme", "upto")), x402.ReasonScheme},
		"a number for text":        {payload(set("value", 100)), x402.ReasonPayload},
		"a fraction":               {payload(set("value", "1.5")), x402.ReasonPayload},
		"an exponent":              {payload(set("value", "1e2")), x402.ReasonPayload},
		"a sign":                   {payload(set("value", "-1")), x402.ReasonPayload},
		"a zero before":            {payload(set("value", "0100")), x402.ReasonPayload},
		"hexadecimal":              {payload(set("value", "0x64")), x402.ReasonPayload},
		"more than is possible":    {payload(set("value", "1"+strings.Repeat("0", 39))), x402.ReasonPayload},
		"more than a uint256":      {payload(set("value", strings.Repeat("9", 79))), x402.ReasonPayload},
		"an instant without end":   {payload(set("validBefore", strings.Repeat("9", 30))), x402.ReasonPayload},
		"a short address":          {payload(set("from", "0x12")), x402.ReasonPayload},
		"a short nonce":            {payload(set("nonce", "0x12")), x402.ReasonPayload},
		"a short signature":        {payload(sign("0x12")), x402.ReasonSignature},
		"a compact signature":      {payload(sign("0x" + strings.Repeat("11", 64))), x402.ReasonSignature},
		"a contract's signature":   {payload(sign("0x" + strings.Repeat("11", 100))), x402.ReasonContractWallet},
		"a wallet not deployed":    {payload(sign("0x" + strings.Repeat("11", 100) + strings.Repeat("6492", 16))), x402.ReasonContractWallet},
		"a signature without 0x":   {payload(sign(strings.Repeat("11", 65))), x402.ReasonSignature},
		"a signature of no digits": {payload(sign("0x" + strings.Repeat("zz", 65))), x402.ReasonSignature},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := x402.ReadPayment(c.header)
			assert.Equal(t, c.want, reason(t, err))
		})
	}
}

// TestVIsZeroOrOneToo: v is 27 or 28, or 0 or 1 for the same.
func TestVIsZeroOrOneToo(t *testing.T) {
	p := x402.Pay(keyOf("payer"), quote(100), 1, nonceOf("n"), noon)
	low := p
	low.Signature[64] -= 27
	text, err := json.Marshal(low)
	require.NoError(t, err)
	read, err := x402.ReadPayment(base64.StdEncoding.EncodeToString(text))
	require.NoError(t, err)
	assert.Equal(t, p, read)
}

// TestAnyFlippedBitIsRefused: no bit of what is signed, nor of the signature, can be
// another.
func TestAnyFlippedBitIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quote(rapid.Uint64Range(1, 1<<50).Draw(t, "units"))
		p := x402.Pay(keyOf(rapid.SampledFrom([]string{"payer", "stranger", "other"}).Draw(t, "payer")), q, 1+rapid.IntRange(0, 1).Draw(t, "version"), nonceOf(rapid.String().Draw(t, "nonce")), noon)
		require.NoError(t, p.Verify(q, noon))
		flip := func(bytes []byte) {
			at := rapid.IntRange(0, len(bytes)*8-1).Draw(t, "bit")
			bytes[at/8] ^= 1 << (at % 8)
		}
		a := &p.Authorization
		switch rapid.IntRange(0, 7).Draw(t, "field") {
		case 0:
			flip(a.From[:])
		case 1:
			flip(a.To[:])
			q.PayTo = a.To // even when the receiver is asked for
		case 2:
			a.Value = escrow.Units(units(t, a.Value) ^ 1<<rapid.IntRange(0, 62).Draw(t, "bit"))
			q.Amount = a.Value // even when that much is asked for
		case 3:
			a.ValidAfter ^= 1 << rapid.IntRange(0, 62).Draw(t, "bit")
		case 4:
			a.ValidBefore ^= 1 << rapid.IntRange(0, 62).Draw(t, "bit")
		case 5:
			flip(a.Nonce[:])
		case 6:
			flip(p.Signature[:])
		case 7:
			q.Network, p.Network = x402.BaseSepolia, x402.BaseSepolia
		}
		assert.NotEmpty(t, reason(t, p.Verify(q, noon)))
	})
}

func units(t require.TestingT, a escrow.Amount) uint64 {
	n, ok := a.Uint64()
	require.True(t, ok)
	return n
}

// FuzzReadPayment: whatever comes is refused with a word or is a payment that is written
// and read again as the same.
func FuzzReadPayment(f *testing.F) {
	for _, h := range readVectors(f).Headers {
		text, _ := base64.StdEncoding.DecodeString(h.Header)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := x402.ReadPayment(base64.StdEncoding.EncodeToString(text))
		if err != nil {
			assert.NotEmpty(t, reason(t, err))
			return
		}
		name, value, err := p.Header()
		require.NoError(t, err)
		assert.Equal(t, map[int]string{1: x402.HeaderPaymentV1, 2: x402.HeaderPaymentV2}[p.Version], name)
		if len(value) > 16<<10 {
			return
		}
		again, err := x402.ReadPayment(value)
		require.NoError(t, err)
		assert.Equal(t, p, again)
	})
}

// TestAlteredHeaders: a header in which bytes were altered, lost or doubled is refused
// with a word, does not pay, or says the same in other letters.
func TestAlteredHeaders(t *testing.T) {
	v := readVectors(t)
	rapid.Check(t, func(t *rapid.T) {
		h := v.Headers[rapid.IntRange(0, len(v.Headers)-1).Draw(t, "header")]
		before, err := x402.ReadPayment(h.Header)
		require.NoError(t, err)
		text, err := base64.StdEncoding.DecodeString(h.Header)
		require.NoError(t, err)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				text[at] = rapid.Byte().Draw(t, "byte")
			case 1:
				text = append(text[:at:at], text[at+1:]...)
			case 2:
				text = append(text[:at:at], append([]byte{text[at]}, text[at:]...)...)
			}
		}
		after, err := x402.ReadPayment(base64.StdEncoding.EncodeToString(text))
		if err != nil {
			assert.NotEmpty(t, reason(t, err))
			return
		}
		q := x402.Quote{Network: before.Network, PayTo: v.PayTo, Amount: before.Authorization.Value}
		if after.Verify(q, time.Unix(int64(before.Authorization.ValidBefore)-30, 0)) == nil {
			assert.Equal(t, before.Authorization, after.Authorization)
			assert.Equal(t, before.Signature, after.Signature)
		}
	})
}
