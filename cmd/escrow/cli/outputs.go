package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// output is a form of a simulation's result and the file that it goes to.
type output struct {
	name  string
	write func(*simulation, io.Writer) error
}

type outputs []output

// outputs returns what the call asks for: the text unless something else is to
// be printed. That the files can be written is found out before, not after, a
// long run.
func (c *simulateCmd) outputs() (outputs, error) {
	var list outputs
	printed := 0
	for _, o := range []output{{c.JSON, (*simulation).writeJSON}, {c.CSV, (*simulation).writeCSV}, {c.HTML, (*simulation).writePage}} {
		switch o.name {
		case "":
			continue
		case "-":
			printed++
		default:
			if err := writable(o.name); err != nil {
				return nil, err
			}
		}
		list = append(list, o)
	}
	if printed > 1 {
		return nil, errors.New("only one of --json, --csv and --html can be - (standard output)")
	}
	if printed == 0 {
		list = append(list, output{"-", (*simulation).writeText})
	}
	return list, nil
}

func writable(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// write writes every output, whole.
func (list outputs) write(std *Stdio, s *simulation) error {
	for _, o := range list {
		var b bytes.Buffer
		if err := o.write(s, &b); err != nil {
			return err
		}
		if o.name == "-" {
			if _, err := std.Out.Write(b.Bytes()); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(o.name, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
