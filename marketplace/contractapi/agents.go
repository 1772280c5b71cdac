package contractapi

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
)

// keyObject is an API key as its agent sees it.
type keyObject struct {
	ID        string     `json:"id"`
	Label     *string    `json:"label"`
	CreatedAt time.Time  `json:"createdAt"`
	RevokedAt *time.Time `json:"revokedAt"`
}

func keyOf(k key) keyObject {
	x := keyObject{ID: k.id, Label: text(k.label), CreatedAt: time.Unix(0, k.createdAt).UTC()}
	if k.revoked != 0 {
		at := time.Unix(0, k.revoked).UTC()
		x.RevokedAt = &at
	}
	return x
}

// challenge gives an agent what it must sign to have a key.
func (s *Server) challenge(w http.ResponseWriter, r *http.Request) error {
	address, ok := addressOf(r.PathValue("address"))
	if !ok {
		return invalid("address", badAddress)
	}
	if _, err := nothing(r); err != nil {
		return err
	}
	c, err := s.Keys.challenge(r.Context(), address)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, struct {
		ID      string    `json:"challengeId"`
		Message string    `json:"message"`
		Expires time.Time `json:"expiresAt"`
	}{c.id, c.message, c.expires})
}

// newKey gives an agent a key who has signed a challenge.
func (s *Server) newKey(w http.ResponseWriter, r *http.Request) error {
	var wants struct {
		ChallengeID string `json:"challengeId"`
		Signature   string `json:"signature"`
		Label       string `json:"label"`
	}
	address, ok := addressOf(r.PathValue("address"))
	if !ok {
		return invalid("address", badAddress)
	}
	if _, err := read(r, &wants); err != nil {
		return err
	}
	if !labels(wants.Label) {
		return invalid("label", "must be one line of at most 100 bytes")
	}
	err := errChallenge
	var own key
	var secret string
	if printable(wants.ChallengeID) {
		own, secret, err = s.Keys.answer(r.Context(), address, wants.ChallengeID, wants.Signature, wants.Label)
	}
	if errors.Is(err, errChallenge) {
		return &escrowhttp.Problem{Status: http.StatusUnauthorized, Code: string(escrow.Unauthorized), Reason: "challenge", Message: errChallenge.Error() + ": ask for another",
			Header: http.Header{"WWW-Authenticate": {"Bearer"}}}
	}
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusCreated, struct {
		keyObject
		APIKey string `json:"apiKey"`
	}{keyOf(own), secret})
}

// labels reports whether a text can be a key's label.
func labels(text string) bool {
	return len(text) <= 100 && strings.IndexFunc(text, unicode.IsControl) < 0
}

// keys lists the caller's keys.
func (s *Server) keys(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	found, err := s.Keys.of(r.Context(), actor.ID)
	if err != nil {
		return err
	}
	list := []keyObject{}
	for _, k := range found {
		list = append(list, keyOf(k))
	}
	return s.answer(w, r, http.StatusOK, list)
}

// revoke ends one of the caller's keys.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	id := r.PathValue("key")
	if !printable(id) {
		return none("API key of this id")
	}
	own, found, err := s.Keys.revoke(r.Context(), actor.ID, id)
	if err != nil {
		return err
	}
	if !found {
		return none("API key of this id")
	}
	return s.answer(w, r, http.StatusOK, keyOf(own))
}
