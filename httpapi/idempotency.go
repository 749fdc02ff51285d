package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"subclip/catalog"
)

// Idempotent is the header by which a client that heard no answer can ask again
// without asking for two things.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"the same key with the same request gives the same resource"`
}

func (i Idempotent) of(body any) (catalog.Idempotency, error) {
	if i.IdempotencyKey == "" {
		return catalog.Idempotency{}, nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return catalog.Idempotency{}, fmt.Errorf("hash the request: %w", err)
	}
	sum := sha256.Sum256(data)
	return catalog.Idempotency{IdempotencyKey: i.IdempotencyKey, IdempotencyHash: hex.EncodeToString(sum[:])}, nil
}
