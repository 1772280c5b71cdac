package people_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"
)

// device is a passkey in software, whose answers a test can spoil.
type device struct {
	t      tester
	origin string
	host   string
	id     []byte
	handle []byte
	key    *ecdsa.PrivateKey
	count  uint32
	flags  byte // user present and verified
}

func newDevice(t tester, origin, host string) *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &device{t: t, origin: origin, host: host, id: id, key: key, flags: 0x05}
}

var b64 = base64.RawURLEncoding.EncodeToString

func (d *device) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	require.NoError(d.t, err)
	return text
}

// data returns the authenticator's data, with the key where one is made.
func (d *device) data(flags byte, attested []byte) []byte {
	host := sha256.Sum256([]byte(d.host))
	data := append(host[:], d.flags|flags)
	return append(binary.BigEndian.AppendUint32(data, d.count), attested...)
}

// create answers the question for a new passkey.
func (d *device) create(question []byte) string {
	var asked struct {
		Create struct {
			Challenge string
			User      struct{ ID string }
		}
	}
	require.NoError(d.t, json.Unmarshal(question, &asked), string(question))
	var err error
	d.handle, err = base64.RawURLEncoding.DecodeString(asked.Create.User.ID)
	require.NoError(d.t, err)
	point, err := d.key.PublicKey.Bytes()
	require.NoError(d.t, err)
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	require.NoError(d.t, err)
	attested := append(make([]byte, 16), 0, byte(len(d.id)))
	attested = append(append(attested, d.id...), cose...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d.data(0x40, attested)})
	require.NoError(d.t, err)
	return d.credential(map[string]any{"clientDataJSON": b64(d.client("webauthn.create", asked.Create.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// get answers the question for a signature.
func (d *device) get(question []byte) string {
	var asked struct{ Get struct{ Challenge string } }
	require.NoError(d.t, json.Unmarshal(question, &asked), string(question))
	require.NotEmpty(d.t, asked.Get.Challenge, string(question))
	return d.sign(asked.Get.Challenge)
}

func (d *device) sign(challenge string) string {
	if d.count > 0 {
		d.count++
	}
	client, data := d.client("webauthn.get", challenge), d.data(0, nil)
	sum := sha256.Sum256(client)
	whole := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, whole[:])
	require.NoError(d.t, err)
	return d.credential(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(d.handle)})
}

func (d *device) credential(response map[string]any) string {
	text, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	require.NoError(d.t, err)
	return string(text)
}
