package cli

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/rulebook"
)

type rulebookCmd struct {
	Lifecycle string `arg:"" help:"Whose rules: ${lifecycles}."`
	Format    string `enum:"markdown,mermaid,dot,svg" default:"markdown" help:"markdown: the whole rule book. mermaid, dot, svg: the state diagram (svg needs graphviz)."`
}

// Help describes the command in detail.
func (rulebookCmd) Help() string {
	return `The rule book is printed from the very table that decides, so it is never out of
date: states, rules, settlement, custody, policy fields and refusals.

Examples:

    escrow rulebook opencontract
    escrow rulebook opentrain --format mermaid
    escrow rulebook opencontract --format svg > states.svg`
}

// Run prints the rule book or the diagram.
func (c *rulebookCmd) Run(std *Stdio, known shelf) error {
	l, err := known.named(c.Lifecycle)
	if err != nil {
		return err
	}
	text, err := render(l, c.Format)
	if err != nil {
		return err
	}
	_, err = io.WriteString(std.Out, text)
	return err
}

// render prints a lifecycle in a format.
func render(l *escrow.Lifecycle, format string) (string, error) {
	switch format {
	case "mermaid":
		return rulebook.Mermaid(l), nil
	case "dot":
		return rulebook.DOT(l), nil
	case "svg":
		return svg(rulebook.DOT(l))
	}
	return rulebook.Markdown(l), nil
}

// svg draws a diagram with graphviz, and notes what it was drawn from.
func svg(dot string) (string, error) {
	cmd := exec.Command("dot", "-Tsvg")
	var out, complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(dot), &out, &complaint
	switch err := cmd.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("svg is drawn by graphviz, whose program dot is not here; install graphviz, or use --format dot or mermaid")
	case err != nil:
		return "", fmt.Errorf("graphviz could not draw the diagram: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	return out.String() + origin(dot), nil
}

// origin is the comment by which a drawing tells what it was drawn from,
// whatever version of graphviz drew it.
func origin(dot string) string {
	return fmt.Sprintf("<!-- drawn from DOT with sha256 %x -->\n", sha256.Sum256([]byte(dot)))
}
