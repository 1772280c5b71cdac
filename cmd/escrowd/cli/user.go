package cli

import (
	"fmt"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/people"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add a person to an account, and print the link that lets them in once."`
	List    userListCmd    `cmd:"" help:"Print the people there are."`
	Disable userDisableCmd `cmd:"" help:"Shut a person out; what they signed stays."`
}

// siteFlag is what commands take that need to know where people sign in.
type siteFlag struct {
	URL string `default:"http://localhost:8080" placeholder:"https://…" help:"Where browsers find the marketplace (${default})."`
}

// people opens the people of a store.
func (j *job) people(origin string) (*people.People, error) {
	store, err := j.open(escrowsql.MigrateAuto)
	if err != nil {
		return nil, err
	}
	return people.Open(j, store, people.Options{Origin: origin})
}

type userAddCmd struct {
	Name    string `arg:"" help:"How the pages call the person."`
	Account string `required:"" placeholder:"ACCOUNT" help:"The party of contracts that the person acts for."`
	siteFlag
}

type userLine struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Link     string `json:"link,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
}

// Run adds the person.
func (c *userAddCmd) Run(j *job) error {
	all, err := j.people(c.URL)
	if err != nil {
		return err
	}
	u, link, err := all.Add(j, c.Name, c.Account)
	if err != nil {
		return err
	}
	j.out.lines(userLine{ID: u.ID, Name: u.Name, Account: u.Account, Link: link},
		fmt.Sprintf("%s (%s) of %s is let in once, within 24 hours, by\n%s", u.Name, u.ID, u.Account, link))
	return nil
}

type userListCmd struct{ siteFlag }

// Run prints the people there are.
func (c *userListCmd) Run(j *job) error {
	all, err := j.people(c.URL)
	if err != nil {
		return err
	}
	users, err := all.Users(j)
	for _, u := range users {
		out := ""
		if !u.DisabledAt.IsZero() {
			out = "  disabled"
		}
		j.out.tell(userLine{ID: u.ID, Name: u.Name, Account: u.Account, Disabled: out != ""}, "%s  %s  %s%s", u.ID, u.Account, u.Name, out)
	}
	return err
}

type userDisableCmd struct {
	ID string `arg:"" help:"The person's id, as user list prints it."`
	siteFlag
}

// Run shuts the person out.
func (c *userDisableCmd) Run(j *job) error {
	all, err := j.people(c.URL)
	if err != nil {
		return err
	}
	if err := all.Disable(j, c.ID); err != nil {
		return err
	}
	j.out.tell(userLine{ID: c.ID, Disabled: true}, "%s is shut out; what they signed stays", c.ID)
	return nil
}
