package conform_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/lifecycles"
	oc "github.com/escrow-go/escrow/opencontract"
	ot "github.com/escrow-go/escrow/opentrain"
)

// serving makes the test binary a program that answers requests with a fault, as
// "escrow decide --jsonl" does without one.
var serving = flag.String("serve", "", "answer requests from standard input with the named fault, or badly mannered")

func TestMain(m *testing.M) {
	flag.Parse()
	if *serving == "" {
		os.Exit(m.Run())
	}
	if behave, is := manners[*serving]; is {
		behave(os.Stdin, os.Stdout)
		return
	}
	if *serving == honest {
		serve(os.Stdin, os.Stdout, none)
		return
	}
	for _, f := range faults {
		if f.name == *serving {
			serve(os.Stdin, os.Stdout, f.plant)
			return
		}
	}
	fmt.Fprintf(os.Stderr, "there is no fault %q\n", *serving)
	os.Exit(2)
}

// honest names the program without a fault.
const honest = "no fault"

// served returns this binary as a program.
func served(t *testing.T, name string) *conform.Program {
	return impatiently(t, name, time.Minute)
}

// impatiently returns this binary as a program that may take only so long.
func impatiently(t *testing.T, name string, patience time.Duration) *conform.Program {
	p := conform.Command(context.Background(), known, patience, os.Stderr, os.Args[0], "-serve", name)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// serve answers a request a line.
func serve(in io.Reader, out io.Writer, plant fault) {
	requests := bufio.NewScanner(in)
	requests.Buffer(nil, 16<<20)
	for requests.Scan() {
		q, err := escrow.ParseRequest(requests.Bytes(), lifecycles.All()...)
		a := said{err: err}
		if err == nil {
			a = plant(q, engine)
		}
		fmt.Fprintf(out, "%s\n", a.text())
	}
}

// fault answers a request as a program with a bug does. It asks the engine, but
// perhaps something else, and perhaps it changes the answer.
type fault func(q escrow.Request, ask func(escrow.Request) said) said

// none is no fault.
func none(q escrow.Request, ask func(escrow.Request) said) said { return ask(q) }

// engine is what faults ask.
func engine(q escrow.Request) said {
	d, err := q.Decide()
	return said{Decision: d, err: err}
}

// said is the engine's answer, and what is changed in its text.
type said struct {
	escrow.Decision
	err   error
	edits []func([]byte) []byte
}

// text returns the answer as it is sent.
func (s said) text() []byte {
	text := escrow.AppendAnswer(nil, &s.Decision, s.err)
	for _, edit := range s.edits {
		text = edit(text)
	}
	return text
}

// reason returns why the answer is a refusal, "" when it is a decision.
func (s said) reason() escrow.Reason {
	var refusal *escrow.Error
	if errors.As(s.err, &refusal) {
		return refusal.Reason()
	}
	return ""
}

// replaced returns the answer with one text for another.
func (s said) replaced(old, by string) said {
	s.edits = append(slices.Clip(s.edits), func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(old), []byte(by)) })
	return s
}

// but returns a decision with a change; a refusal stays as it is.
func (s said) but(change func(decision, contract object)) said {
	if s.err != nil {
		return s
	}
	s.edits = append(slices.Clip(s.edits), func(text []byte) []byte {
		return edited(text, func(answer object) {
			d := answer.object("decision")
			change(d, d.object("contract"))
		})
	})
	return s
}

// refusing returns a refusal with another reason.
func (s said) refusing(code escrow.Code, reason escrow.Reason) said {
	s.edits = append(slices.Clip(s.edits), func(text []byte) []byte {
		return edited(text, func(answer object) {
			answer.object("refusal")["code"], answer.object("refusal")["reason"] = code, reason
		})
	})
	return s
}

// object is an object of JSON.
type object map[string]any

// object returns the object of that name, an empty one when there is none.
func (o object) object(name string) object {
	if inner, is := o[name].(map[string]any); is {
		return inner
	}
	return object{}
}

// objects returns a list of objects.
func (o object) objects(name string) (list []object) {
	all, _ := o[name].([]any)
	for _, e := range all {
		list = append(list, e.(map[string]any))
	}
	return list
}

// edited returns the text of an object with a change.
func edited(text []byte, change func(object)) []byte {
	var o object
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		panic(err)
	}
	change(o)
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return text
}

// differently asks about a contract that is somewhat different. Where no contract
// is so, it asks about the right one.
func differently(q escrow.Request, ask func(escrow.Request) said, change func(object)) (answer said, is bool) {
	text, err := q.Contract.MarshalJSON()
	if err != nil {
		return ask(q), false
	}
	other, err := escrow.ParseContract(edited(text, change), lifecycles.All()...)
	if err != nil {
		return ask(q), false
	}
	q.Contract = other
	return ask(q), true
}

// instead asks another question where it has an answer, and otherwise gives the
// one there was.
func (s said) instead(other said) said {
	if other.err != nil {
		return s
	}
	return other
}

// earlier asks as if it were earlier, and has the answer tell the right time.
func earlier(q escrow.Request, at time.Time, ask func(escrow.Request) said) said {
	now := q.Now
	q.Now = at
	return ask(q).replaced(at.UTC().Format(time.RFC3339Nano), now.UTC().Format(time.RFC3339Nano))
}

// included takes a deadline as part of the time before it: <= for <.
func included(deadline string) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		for name, at := range q.Contract.Moments() {
			if name == deadline && at.Equal(q.Now) {
				return earlier(q, at.Add(-1), ask)
			}
		}
		return ask(q)
	}
}

// fixed ignores what a contract's policy says of a field.
func fixed(field string, value any) fault {
	written, _ := json.Marshal(object{field: value})
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		if text, _ := q.Contract.MarshalJSON(); bytes.Contains(text, bytes.Trim(written, "{}")) {
			return ask(q)
		}
		var right any
		answer, is := differently(q, ask, func(c object) {
			right = c.object("policy")[field]
			c.object("policy")[field] = value
		})
		if !is {
			return answer
		}
		return answer.but(func(_, c object) { c.object("policy")[field] = right })
	}
}

// rows follows a table in which the rows of a rule are others.
func rows(law *escrow.Lifecycle, rule string, change func(*escrow.Rule)) fault {
	table := sync.OnceValue(func() *escrow.Lifecycle { return retold(law, rule, change) })
	right, wrong := fmt.Sprintf("%q:%q", "lifecycle", law.Name()), `"lifecycle":"faulty"`
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		text, _ := q.Contract.MarshalJSON()
		c, err := escrow.ParseContract(bytes.Replace(text, []byte(right), []byte(wrong), 1), table())
		if err != nil {
			return ask(q)
		}
		q.Contract = c
		return ask(q).replaced(wrong, right)
	}
}

func retold(law *escrow.Lifecycle, rule string, change func(*escrow.Rule)) *escrow.Lifecycle {
	spec := law.Spec()
	spec.Name = "faulty"
	for i := range spec.Rules {
		if spec.Rules[i].ID == rule {
			change(&spec.Rules[i])
		}
	}
	faulty, err := escrow.Define(spec)
	if err != nil {
		panic(err)
	}
	return faulty
}

// manners are programs that do not answer as they should, whatever the request.
var manners = map[string]func(in io.Reader, out io.Writer){
	"hangs":      func(io.Reader, io.Writer) { time.Sleep(time.Hour) },
	"reads only": func(in io.Reader, _ io.Writer) { _, _ = io.Copy(io.Discard, in) },
	"leaves a child": func(_ io.Reader, out io.Writer) {
		child := exec.Command(os.Args[0], "-serve", "lingers")
		child.Stdout = out
		if child.Start() == nil {
			fmt.Fprintln(os.Stderr, child.Process.Pid)
			_ = child.Wait()
		}
	},
	"lingers": func(io.Reader, io.Writer) { time.Sleep(5 * time.Minute) },
	"ends":    func(io.Reader, io.Writer) { os.Exit(3) },
	"answers once": func(in io.Reader, out io.Writer) {
		request, _ := bufio.NewReader(in).ReadString('\n')
		serve(strings.NewReader(request), out, none)
	},
	"knows one": func(in io.Reader, out io.Writer) {
		requests := bufio.NewScanner(in)
		requests.Buffer(nil, 16<<20)
		for requests.Scan() {
			q, err := escrow.ParseRequest(requests.Bytes(), oc.Lifecycle)
			a := said{err: err}
			if err == nil {
				a = engine(q)
			}
			fmt.Fprintf(out, "%s\n", a.text())
		}
	},
	"says nothing": func(in io.Reader, out io.Writer) { answerAll(in, out, "\n") },
	"says garbage": func(in io.Reader, out io.Writer) { answerAll(in, out, "listening on port 8080\n") },
	"says nobody":  func(in io.Reader, out io.Writer) { answerAll(in, out, `{"decision":null}`+"\n") },
	"has no end":   func(_ io.Reader, out io.Writer) { babble(out, strings.Repeat("x", 1<<16)) },
	"babbles":      func(_ io.Reader, out io.Writer) { babble(out, "{}\n") },
	"repeats": func(in io.Reader, out io.Writer) {
		requests := bufio.NewReader(in)
		for {
			request, err := requests.ReadString('\n')
			if err != nil {
				return
			}
			serve(strings.NewReader(request+request), out, none)
		}
	},
}

// answerAll answers every request alike.
func answerAll(in io.Reader, out io.Writer, answer string) {
	requests := bufio.NewReader(in)
	for {
		if _, err := requests.ReadString('\n'); err != nil {
			return
		}
		_, _ = io.WriteString(out, answer)
	}
}

// babble goes on until nobody listens.
func babble(out io.Writer, text string) {
	for {
		if _, err := io.WriteString(out, text); err != nil {
			return
		}
	}
}

// known are the lifecycles that the programs are asked about.
var known = []*escrow.Lifecycle{oc.Lifecycle, ot.Lifecycle}

// asks reports whether a request asks for an action.
func asks(q *escrow.Request, action escrow.Action) bool { return q.Command.Action() == action }
