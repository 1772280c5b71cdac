package report

import (
	"math"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
)

// axis is one field that was varied, and where its values stand in a chart.
type axis struct {
	simulate.Axis
	// at are the places; values that are no numbers stand side by side.
	at []float64
	// numeric says that the places are the values, in hours for lengths of time.
	numeric, hours bool
}

// axisOf places the values of a field.
func axisOf(a simulate.Axis) axis {
	x := axis{Axis: a}
	numbers, lengths := 0, 0
	for _, v := range a.Values {
		text := simulate.Shown(v)
		n, err := strconv.ParseFloat(text, 64)
		if d, wrong := escrow.ParseDuration(text); wrong == nil {
			n = d.Hours()
			lengths++
		} else if err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
			numbers++
		}
		x.at = append(x.at, n)
	}
	x.hours = lengths == len(a.Values)
	if x.numeric = x.hours || numbers == len(a.Values); !x.numeric {
		for i := range x.at {
			x.at[i] = float64(i)
		}
	}
	return x
}

// label says what the axis shows.
func (x *axis) label() string {
	if x.hours {
		return x.Field + " (hours)"
	}
	return x.Field
}

// ticks names the values, nil where the axis counts by itself.
func (x *axis) ticks() plot.Ticker {
	if x.numeric && len(x.at) > 12 {
		return nil
	}
	var list plot.ConstantTicks
	for i, v := range x.Values {
		text := simulate.Shown(v)
		if x.hours {
			text = strconv.FormatFloat(x.at[i], 'g', 6, 64)
		}
		list = append(list, plot.Tick{Value: x.at[i], Label: text})
	}
	return list
}

// placed returns where a value stands, which a threshold may have between those of
// the axis.
func (x *axis) placed(value string) (float64, bool) {
	if other := axisOf(simulate.Axis{Values: []string{value}}); other.numeric && other.hours == x.hours {
		return other.at[0], x.numeric
	}
	return 0, false
}
