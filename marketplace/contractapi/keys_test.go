package contractapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeys: who signs a challenge of their own in time has a key, once; a key is good until
// it is revoked, and its agent's alone.
func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ada, bob := named("ada"), named("bob")
		id, message := s.challenged(t, ada)
		assert.Contains(t, message, ada.address)
		assert.Contains(t, message, "market.example")
		refused := s.signed(t, ada, id, bob.sign(message), "").need(t, 401)
		assert.Equal(t, "unauthorized", refused.code(t))
		assert.Equal(t, "unauthorized", s.signed(t, ada, id, ada.sign(message), "").need(t, 401).code(t), "a wrong answer has used it up")

		id, message = s.challenged(t, ada)
		s.signed(t, bob, id, ada.sign(message), "").need(t, 401)
		s.signed(t, bob, id, bob.sign(message), "").need(t, 401)
		made := s.signed(t, ada, id, ada.sign(message), "laptop").need(t, 201)
		ada.key = made.text(t, "apiKey")
		s.signed(t, ada, id, ada.sign(message), "").need(t, 401)

		id, message = s.challenged(t, ada)
		s.wall.set(monday.Add(5 * time.Minute))
		s.signed(t, ada, id, ada.sign(message), "").need(t, 401)
		id, message = s.challenged(t, ada)
		s.wall.set(monday.Add(10*time.Minute - 1))
		second := ada
		second.key = s.signed(t, ada, id, ada.sign(message), "").need(t, 201).text(t, "apiKey")

		list := s.get(t, second, "/v1/agents/me/api-keys").list(t)
		require.Len(t, list, 2)
		assert.Equal(t, made.text(t, "id"), list[0]["id"])
		assert.Equal(t, "laptop", list[0]["label"])
		assert.NotContains(t, s.get(t, second, "/v1/agents/me/api-keys").body, ada.key)

		holders, err := s.Keys.Holders(ctx)
		require.NoError(t, err)
		assert.Equal(t, []string{ada.address}, holders)

		own := "/v1/agents/me/api-keys/" + made.text(t, "id")
		bob = s.agents(t, "bob")[0]
		s.ask(t, bob, "DELETE", own, "").need(t, 404)
		assert.NotNil(t, s.ask(t, ada, "DELETE", own, "").need(t, 200).data(t)["revokedAt"])
		assert.Equal(t, "unauthorized", s.ask(t, ada, "GET", "/v1/protocol", "").need(t, 401).code(t))
		s.get(t, second, "/v1/protocol")
	})
}

// TestSecrets: of keys only hashes are kept.
func TestSecrets(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ada := s.agents(t, "ada")[0]
		var kept int
		secret := strings.TrimPrefix(ada.key, "oc_")
		require.NoError(t, s.Runner.Store.DB().QueryRow(`SELECT COUNT(*) FROM contractapi_keys WHERE hash LIKE $1 OR id LIKE $1 OR label LIKE $1`, "%"+secret+"%").Scan(&kept))
		assert.Zero(t, kept)
	})
}

// TestUnknown: what is no key, and no answer to a challenge, lets nobody in.
func TestUnknown(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db")
	ada := s.agents(t, "ada")[0]
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer oc_", "Basic " + ada.key, ada.key, "Bearer " + ada.key + "x", "Bearer " + strings.ToLower(ada.key)} {
		s.ask(t, nobody, "GET", "/v1/protocol", "", "Authorization", header).need(t, 401)
	}
	for _, signature := range []string{"", "0x", "0x00", ada.sign("x")[2:], "0x" + strings.Repeat("00", 65), "0x" + strings.Repeat("ff", 65), "0x" + strings.Repeat("00", 64) + "1b"} {
		id, _ := s.challenged(t, ada)
		s.signed(t, ada, id, signature, "").need(t, 401)
	}
	id, message := s.challenged(t, ada)
	s.signed(t, ada, id, ada.sign(message), "two\nlines").need(t, 400)
	s.signed(t, ada, id+"\x00", ada.sign(message), "").need(t, 401)
	for _, address := range []string{"0x12", ada.address[2:], strings.Replace(ada.address, "0x", "0X", 1), "0x" + strings.Repeat("g", 40)} {
		s.ask(t, nobody, "POST", "/v1/agents/"+address+"/challenge", "").need(t, 400)
	}
	s.ask(t, ada, "DELETE", "/v1/agents/me/api-keys/%00", "").need(t, 404)
}

// TestAddress: addresses are those of EIP-55, whose own examples these are.
func TestAddress(t *testing.T) {
	for _, own := range []string{"0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77",
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"} {
		for _, text := range []string{own, "0x" + strings.ToLower(own[2:]), "0x" + strings.ToUpper(own[2:])} {
			got, ok := contractapi.AddressOf(text)
			assert.True(t, ok)
			assert.Equal(t, own, got)
		}
	}
	_, ok := contractapi.AddressOf("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
	assert.False(t, ok, "a capital that does not fit")
}

// TestSigner: a signature that a well-known library made (web3.js, in its own documents).
func TestSigner(t *testing.T) {
	address, ok := contractapi.Signer("Some data", "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c")
	assert.True(t, ok)
	assert.Equal(t, "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23", address)
}
