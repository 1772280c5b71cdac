package cli

type eraseCmd struct {
	Contract string   `arg:""`
	Member   []string `placeholder:"NAME" help:"Only the texts of these members (default: all); may be given several times."`
}

type erasedLine struct {
	Contract string `json:"contract"`
	Erased   bool   `json:"erased"`
}

// Help describes the command in detail.
func (eraseCmd) Help() string {
	return `What is read from then on has "[erased]" in the places of the texts; snapshots,
chain and money stay and can still be audited. A contract that has not ended is
refused. It cannot be undone, and backups made before still have the texts.`
}

// Run erases the texts of a contract.
func (c *eraseCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	if err := store.Erase(j, c.Contract, c.Member...); err != nil {
		return err
	}
	j.out.tell(erasedLine{c.Contract, true}, "%s: its texts are forgotten", c.Contract)
	return nil
}
