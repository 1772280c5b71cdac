package diagram

import (
	"encoding/xml"
	"html/template"
	"math/big"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func wellFormed(t *testing.T, svg template.HTML) string {
	t.Helper()
	require.NoError(t, xml.Unmarshal([]byte(svg), new(struct{})))
	return string(svg)
}

// apartFrom checks that nothing in a layout lies on anything else.
func apartFrom(t *testing.T, g *Graph) {
	t.Helper()
	l := newLayout(g)
	l.order()
	l.place()
	for i, rank := range l.ranks {
		for k := range len(rank) - 1 {
			assert.Greater(t, rank[k+1].x-rank[k+1].left, rank[k].x+rank[k].right, "rank %d", i)
		}
		for _, it := range rank {
			assert.GreaterOrEqual(t, it.x-it.left, margin-0.001)
			assert.LessOrEqual(t, it.high, l.bottom[i]-l.top[i]+0.001)
		}
		if i > 0 {
			assert.Greater(t, l.top[i], l.bottom[i-1])
		}
	}
}

func TestLifecycles(t *testing.T) {
	for _, law := range lifecycles.All() {
		svg := wellFormed(t, Of(law).SVG())
		for _, s := range law.Statuses() {
			assert.Contains(t, svg, ">"+string(s)+"</text>")
		}
		for _, r := range law.Spec().Rules {
			assert.Contains(t, svg, r.ID+" "+string(r.On.Action()))
		}
		assert.Equal(t, len(law.Spec().Terminal), strings.Count(svg, " terminal"))
		assert.Contains(t, svg, "line dashed")
		apartFrom(t, Of(law))
		assert.Equal(t, Of(law).SVG(), Of(law).SVG(), "always the same drawing")
	}
}

// Nothing in our tables crosses, so nothing in their drawings does.
func TestNoCrossings(t *testing.T) {
	for _, law := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		l := newLayout(Of(law))
		l.order()
		assert.Zero(t, l.crossings(), law.Name())
	}
}

func TestCircle(t *testing.T) {
	g := &Graph{Nodes: []*Node{{ID: "a", Label: "a", Start: true}, {ID: "b", Label: "b"}, {ID: "c", Label: "c"}, {ID: "alone", Label: "alone"}}}
	for _, e := range [][2]string{{"a", "b"}, {"b", "c"}, {"c", "a"}, {"b", "b"}, {"a", "c"}} {
		g.Edge(e[0], e[1], false).Label("R", "R "+e[0]+e[1])
	}
	g.Edge("b", "b", true).Label("T", "T")
	layers := layersOf(g)
	assert.Equal(t, map[string]int{"b": 1, "c": 2}, layers.of)
	assert.Len(t, layers.back, 1)
	wellFormed(t, g.SVG())
	apartFrom(t, g)
}

func TestManyLabels(t *testing.T) {
	g := &Graph{Nodes: []*Node{{ID: "a", Label: "<a>"}, {ID: "b", Label: "b"}}}
	for _, id := range strings.Fields("R-1 R-2 R-3 R-4 R-5 R-6 R-7") {
		g.Edge("a", "b", false).Label(id, id+" & more")
	}
	svg := wellFormed(t, g.SVG())
	assert.Contains(t, svg, ">R-1, R-2, R-3</text>")
	assert.Contains(t, svg, "R-7 &amp; more</title>")
	assert.Contains(t, svg, "&lt;a&gt;")
}

func TestTake(t *testing.T) {
	g := Of(opentrain.Lifecycle)
	g.Take(Decision{From: escrow.Draft, To: opentrain.Proposed, Rule: "OT-1"}, 1, Taken)
	g.Take(Decision{From: opentrain.Proposed, To: opentrain.Active, Rule: "OT-1"}, 2, Taken)
	for step := 3; step <= 5; step++ {
		g.Take(Decision{From: opentrain.Active, To: opentrain.Active, Rule: "OT-3"}, step, Taken)
	}
	g.Take(Decision{From: opentrain.Active, To: opentrain.Active, Rule: "OT-6"}, 7, Taken)
	g.Take(Decision{From: opentrain.Active, To: "<limbo>"}, 8, Wrong)
	loop := g.Edge("active", "active", false)
	assert.Equal(t, []Mark{{"3–5", Taken}, {"7", Taken}}, loop.Marks)
	assert.True(t, loop.Has("OT-6"))
	assert.Equal(t, Taken, g.Node("active").Tone)
	assert.Equal(t, Wrong, g.Node("<limbo>").Tone)
	svg := wellFormed(t, g.SVG())
	assert.Contains(t, svg, ">OT-6 end (asked)</text>")
	assert.Contains(t, svg, "&lt;limbo&gt;")
	apartFrom(t, g)
}

// Values are written exactly, however large; only their pixels are rounded.
func TestSteps(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901234567890123456", 10)
	less := new(big.Int).Sub(huge, big.NewInt(1))
	s := Steps{Unit: "<X>", Scale: 6, Wrong: true, Series: []Series{
		{Name: "escrow", Values: []*big.Int{new(big.Int), huge, less}, Want: huge},
		{Name: "client", Values: []*big.Int{new(big.Int), new(big.Int).Neg(huge), big.NewInt(-1)}},
		{Name: "idle", Values: []*big.Int{new(big.Int), new(big.Int), new(big.Int)}}}}
	svg := wellFormed(t, s.SVG())
	assert.Contains(t, svg, "123456789012345678901234567890.123455 &lt;X&gt;</tspan>")
	assert.Contains(t, svg, "engine 123456789012345678901234567890.123456")
	assert.Contains(t, svg, ">-0.000001 &lt;X&gt;")
	assert.NotContains(t, svg, "NaN")
}
