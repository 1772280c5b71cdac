package people

import (
	"fmt"
	"strings"
	"time"
)

// instantColumn reads an instant.
type instantColumn time.Time

// Scan reads milliseconds since 1970.
func (c *instantColumn) Scan(value any) error {
	ms, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a stored instant is a %T", value)
	}
	*c = instantColumn(instant(ms))
	return nil
}

// scopesColumn reads scopes.
type scopesColumn Scopes

// Scan reads scopes with blanks between them.
func (c *scopesColumn) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("stored scopes are a %T", value)
	}
	*c = strings.Fields(text)
	return nil
}
