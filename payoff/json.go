package payoff

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// MarshalJSON writes the table for programs: amounts as text in whole units of the
// asset, durations in ISO 8601 with their nanoseconds. A lock without limit has
// null for longest.
func (t *Table) MarshalJSON() ([]byte, error) {
	policy, err := t.Case.policyFields()
	if err != nil {
		return nil, err
	}
	asset := t.Case.Lifecycle.Spec().Asset
	out := struct {
		Lifecycle string                     `json:"lifecycle"`
		Asset     string                     `json:"asset"`
		Case      map[string]string          `json:"case"`
		Policy    map[string]json.RawMessage `json:"policy"`
		Endings   []jsonEnding               `json:"endings"`
		Worker    map[string]string          `json:"worker"`
		Client    map[string]string          `json:"client"`
		Breaks    []jsonBreak                `json:"deliversUpTo"`
		Votes     []jsonVote                 `json:"votes,omitempty"`
	}{t.Case.Lifecycle.Name(), asset.Code, t.Case.terms(), policy, nil, t.Worker.json(asset), t.Client.json(asset), nil, nil}
	for _, b := range t.breaks() {
		out.Breaks = append(out.Breaks, jsonBreak{b[0], b[1]})
	}
	for i := range t.Endings {
		out.Endings = append(out.Endings, endingJSON(asset, &t.Endings[i]))
	}
	for _, v := range t.Votes {
		out.Votes = append(out.Votes, jsonVote{string(v.Own), string(v.Outcome), asset.Text(v.Bond), asset.Text(v.Kept), asset.Text(v.Slashed), v.Tokens.String()})
	}
	return json.Marshal(out)
}

// terms returns what of a case is no policy, by the names of [With].
func (c Case) terms() map[string]string {
	if c.isTrain() {
		return map[string]string{"price": c.value("price"), "milestones": c.value("milestones"), "review": c.value("review")}
	}
	list := map[string]string{"award": string(c.award()), "mode": string(c.mode())}
	for _, name := range termNames {
		if name != "milestones" {
			list[name] = c.value(name)
		}
	}
	return list
}

type jsonEnding struct {
	Name    string          `json:"name"`
	Status  escrow.Status   `json:"status"`
	Visited []escrow.Status `json:"visited"`
	Rules   []string        `json:"rules"`
	Flows   []jsonFlow      `json:"flows"`
}

type jsonFlow struct {
	Party  string     `json:"party"`
	Pays   string     `json:"pays"`
	Gets   string     `json:"gets"`
	Net    string     `json:"net"`
	Locked []jsonLock `json:"locked"`
}

type jsonLock struct {
	Account  string  `json:"account"`
	Amount   string  `json:"amount"`
	Shortest string  `json:"shortest"`
	Longest  *string `json:"longest"`
}

type jsonVote struct {
	Own     string `json:"own"`
	Outcome string `json:"outcome"`
	Bond    string `json:"bond"`
	Kept    string `json:"kept"`
	Slashed string `json:"slashed"`
	Tokens  string `json:"tokens"`
}

type jsonBreak struct {
	Expects string `json:"expects"`
	Cost    string `json:"cost"`
}

func (w Worker) json(asset escrow.Asset) map[string]string {
	return map[string]string{"accepted": Text(asset, w.Accepted), "rejected": Text(asset, w.Rejected),
		"withdrawn": Text(asset, w.Withdrawn), "absent": Text(asset, w.Absent)}
}

func (c Client) json(asset escrow.Asset) map[string]string {
	return map[string]string{"approved": Text(asset, c.Approved), "won": Text(asset, c.Won), "lost": Text(asset, c.Lost)}
}

func endingJSON(asset escrow.Asset, e *Ending) jsonEnding {
	out := jsonEnding{Name: e.Name, Status: e.Status, Visited: e.Visited, Rules: e.Rules}
	for _, f := range e.Flows {
		flow := jsonFlow{f.Party, asset.Text(f.Pays), asset.Text(f.Gets), Text(asset, f.Net()), []jsonLock{}}
		for _, l := range f.Locked {
			flow.Locked = append(flow.Locked, lockJSON(asset, l))
		}
		out.Flows = append(out.Flows, flow)
	}
	return out
}

func lockJSON(asset escrow.Asset, l Lock) jsonLock {
	out := jsonLock{Account: l.Account, Amount: asset.Text(l.Amount), Shortest: exactISO(l.Shortest)}
	if l.Longest != WithoutLimit {
		longest := exactISO(l.Longest)
		out.Longest = &longest
	}
	return out
}

// exactISO writes a duration in ISO 8601, as in "PT23H59M59.999999999S".
func exactISO(d time.Duration) string {
	text := escrow.FormatDuration(d)
	rest := d % time.Second
	if rest == 0 {
		return text
	}
	fraction := strings.TrimRight(fmt.Sprintf("%09d", rest), "0")
	if whole, ok := strings.CutSuffix(text, "S"); ok {
		return whole + "." + fraction + "S"
	}
	return text + "0." + fraction + "S"
}
