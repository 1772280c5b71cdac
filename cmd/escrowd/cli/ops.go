package cli

import (
	"fmt"
	"time"
)

type opsCmd struct {
	List    opsListCmd    `cmd:"" help:"Payouts under review, payments and messages that were given up, shortfalls, keys without an answer."`
	Release opsReleaseCmd `cmd:"" help:"Record that an operator has looked at the payouts of a decision."`
	Retry   opsRetryCmd   `cmd:"" help:"Have payments that were given up tried again, under the same ids."`
	Resend  opsResendCmd  `cmd:"" help:"Have messages that were given up sent again, from the beginning."`
}

type opsReleaseCmd struct {
	Contract string `arg:""`
	Revision uint64 `arg:"" help:"That of the decision, as ops list shows it."`
	Operator string `required:"" placeholder:"NAME" help:"Who has looked at them; each person counts once."`
}

type releasedLine struct {
	Contract string `json:"contract"`
	Revision uint64 `json:"revision"`
	Operator string `json:"operator"`
	Released bool   `json:"released"`
}

// Run records the operator's release.
func (c *opsReleaseCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	released, err := store.Release(j, c.Contract, c.Revision, c.Operator, time.Now())
	if err != nil {
		return err
	}
	text := "recorded; others must look at it, too"
	if released {
		text = "released; the timed work pays it"
	}
	j.out.tell(releasedLine{c.Contract, c.Revision, c.Operator, released}, "%s revision %d: %s", c.Contract, c.Revision, text)
	return nil
}

type opsRetryCmd struct {
	Payments []string `arg:"" name:"payment" help:"Their ids, as ops list shows them."`
}

type againLine struct {
	ID    string `json:"id"`
	Again string `json:"again"`
}

// Run has payments tried again; the first that cannot be ends it.
func (c *opsRetryCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	for _, id := range c.Payments {
		if err := store.Retry(j, id); err != nil {
			return fmt.Errorf("%w; \"escrowd ops list\" tells which there are", err)
		}
		j.out.tell(againLine{id, "retry"}, "%s: is tried again by the timed work", id)
	}
	return nil
}

type opsResendCmd struct {
	Messages []string `arg:"" name:"message" help:"Their ids, as ops list shows them."`
}

// Run has messages sent again; the first that cannot be ends it.
func (c *opsResendCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	for _, id := range c.Messages {
		if err := store.Resend(j, id); err != nil {
			return fmt.Errorf("%w; \"escrowd ops list\" tells which there are", err)
		}
		j.out.tell(againLine{id, "resend"}, "%s: is sent again by the timed work", id)
	}
	return nil
}
