package cli

type schemaCmd struct {
	Lifecycle string `arg:"" help:"Whose objects: ${lifecycles}."`
	Compact   bool   `help:"Write it on one line."`
}

// Help describes the command in detail.
func (schemaCmd) Help() string {
	return `The schema (JSON Schema 2020-12) of contract, command, policy, decision, refusal
and approval, made from the declarations that read and write them. The whole
describes a contract; the others stand under "$defs", as in "#/$defs/decision".

Examples:

    escrow schema opencontract > opencontract.schema.json
    escrow schema opentrain --compact | jq '."$defs".command'`
}

// Run prints the schema.
func (c *schemaCmd) Run(std *Stdio, known shelf) error {
	l, err := known.named(c.Lifecycle)
	if err != nil {
		return err
	}
	text := l.Schema()
	if !c.Compact {
		text = indented(text)
	}
	_, err = std.Out.Write(append(text, '\n'))
	return err
}
