package escrow_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestReasonsOfFieldsAndItems: the reasons that a lifecycle declares are listed once
// each, also those that only a field, a missing item or an item's status refuses for.
func TestReasonsOfFieldsAndItems(t *testing.T) {
	owner := Party("owner", "not_owner")
	tree := ID("id", "the tree's id")
	trees := List("trees", "what grows", tree)
	trees.Statuses, trees.Initial, trees.Least, trees.Most, trees.Missing = []string{"YOUNG", "FELLED"}, "YOUNG", 1, 3, "no_tree"
	tool := Text("tool", "what it is felled with").Or("no_tool")
	meanings := map[escrow.Reason]string{"not_owner": "not the owner's", "no_tree": "no such tree", "no_tool": "needs a tool", "felled_already": "is felled already"}
	own := []escrow.CatalogueEntry{
		{Reason: "not_owner", Code: escrow.Forbidden, Meaning: meanings["not_owner"], Remedy: "ask as the owner"},
		{Reason: "no_tree", Code: escrow.NotFound, Meaning: meanings["no_tree"], Remedy: "name a tree"},
		{Reason: "no_tool", Code: escrow.InvalidRequest, Meaning: meanings["no_tool"], Remedy: "bring one"},
		{Reason: "felled_already", Code: escrow.Conflict, Meaning: meanings["felled_already"], Remedy: "name another"},
	}
	l := Must(Spec{
		Name: "wood", Version: 1, About: "Fells trees.", Asset: escrow.Asset{Code: "USD", Scale: 2},
		Parties: Parties{owner}, Lists: Lists{trees}, Terminal: In("bare"), Reasons: own,
		Rules: []Rule{
			{ID: "W-1", On: Do("plant"), By: owner, From: In(Draft), To: "standing"},
			{ID: "W-2", On: Do("fell", Target("treeId", "the tree", trees), tool), By: owner, From: In("standing"), Each: trees,
				Being: []string{"YOUNG"}, Becomes: "FELLED", Unlike: "felled_already", To: Same},
			{ID: "W-3", On: Do("leave"), By: owner, From: In("standing"), To: "bare"},
		},
	})
	listed := map[escrow.Reason]int{}
	for _, e := range l.Reasons() {
		if meaning, is := meanings[e.Reason]; is {
			listed[e.Reason]++
			assert.Equal(t, meaning, e.Meaning)
		}
	}
	assert.Equal(t, map[escrow.Reason]int{"not_owner": 1, "no_tree": 1, "no_tool": 1, "felled_already": 1}, listed)
}
