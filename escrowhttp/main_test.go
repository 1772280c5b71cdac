package escrowhttp_test

import (
	"context"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var ctx = context.Background()
var _ = validator.NewValidator
var _ = libopenapi.NewDocument
var _ = assert.True
var _ = require.True
var _ = rapid.Check
var _ = time.Now
