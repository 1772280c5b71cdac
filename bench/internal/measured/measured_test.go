package measured

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.456: "0.46", 5: "5", 1.024: "1.02", 12.34: "12.3", 123.4: "123",
		1544.6: "1,545", 12044: "12,044", 1234567.8: "1,234,568", 100000: "100,000"} {
		require.Equal(t, want, Number(v))
	}
}

func TestMedianAndSpan(t *testing.T) {
	require.Equal(t, 2.0, Median([]float64{3, 1, 2}))
	require.Equal(t, 2.5, Median([]float64{4, 1, 2, 3}))
	require.Equal(t, "1 to 4", Span([]float64{4, 1, 2, 3}))
}

func TestInsert(t *testing.T) {
	const begin, end = "<!-- measured: go generate ./p writes from here -->\n", "<!-- measured: to here -->\n"
	readme, err := Insert([]byte("above\n"+begin+"old\n"+end+"below\n"), "./p", "new\n")
	require.NoError(t, err)
	require.Equal(t, "above\n"+begin+"new\n"+end+"below\n", string(readme))
	_, err = Insert([]byte("no markers"), "./p", "new\n")
	require.Error(t, err)
}
