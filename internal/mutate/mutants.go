package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// swaps holds what stands in for each operator; nothing stands in for a prefix.
var swaps = map[token.Token][]string{
	token.LSS: {"<=", ">="}, token.LEQ: {"<", ">"}, token.GTR: {">=", "<="}, token.GEQ: {">", "<"},
	token.EQL: {"!="}, token.NEQ: {"=="}, token.LAND: {"||"}, token.LOR: {"&&"},
	token.ADD: {"-"}, token.SUB: {"+"}, token.MUL: {"/"}, token.QUO: {"*"}, token.REM: {"*"},
	token.AND: {"|"}, token.OR: {"&"}, token.XOR: {"&"}, token.AND_NOT: {"&"}, token.SHL: {">>"}, token.SHR: {"<<"},
	token.INC: {"--"}, token.DEC: {"++"}, token.BREAK: {"continue"}, token.CONTINUE: {"break"},
	token.ADD_ASSIGN: {"-=", "="}, token.SUB_ASSIGN: {"+=", "="}, token.MUL_ASSIGN: {"/=", "="},
	token.QUO_ASSIGN: {"*=", "="}, token.REM_ASSIGN: {"*=", "="}, token.AND_ASSIGN: {"|=", "="},
	token.OR_ASSIGN: {"&=", "="}, token.XOR_ASSIGN: {"&=", "="}, token.AND_NOT_ASSIGN: {"&=", "="},
	token.SHL_ASSIGN: {">>=", "="}, token.SHR_ASSIGN: {"<<=", "="},
}

// mutant is one fault: the text that stands in for the source of its site.
type mutant struct {
	id           int
	file, fn     string
	num          int    // line number
	line         string // what the line says, and which of several alike
	change, text string
	site         *site
	verdict      verdict
}

// String names a mutant by what it says, not by where it is, so that a reason given
// for it stays when the file grows.
func (m *mutant) String() string {
	return fmt.Sprintf("%s %s\n\t%s\n\t%s", m.file, m.fn, m.line, m.change)
}

// site is a piece of source that has mutants, and how a choice is written there.
type site struct {
	start, end int
	form       form
	typ        string
	mutants    []*mutant
}

type form int

const (
	condition form = iota // a bool: choose by && and ||
	value                 // another expression: choose in a function literal
	statement             // likewise, without a result
	branch                // break and continue: choose by if
	constant              // no choice possible: compiled on its own
)

type file struct {
	name  string
	src   string
	ast   *ast.File
	sites []*site
}

// pkg is the package under test.
type pkg struct {
	fset  *token.FileSet
	files []*file
	conf  types.Config
	info  types.Info
	types *types.Package
	ids   int
}

func load(dir string) (*pkg, error) {
	p := &pkg{fset: token.NewFileSet(), info: types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
	p.conf.Importer = importer.ForCompiler(p.fset, "gc", compiled)
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(p.fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, &file{name: name, src: string(src), ast: f})
	}
	if p.types, err = p.conf.Check("root", p.fset, p.syntax(), &p.info); err != nil {
		return nil, err
	}
	for _, f := range p.files {
		p.find(f)
	}
	return p, nil
}

// compiled opens what the compiler exports of an imported package.
func compiled(path string) (io.ReadCloser, error) {
	out, err := exec.Command("go", "list", "-export", "-f", "{{.Export}}", path).Output()
	if err != nil {
		return nil, err
	}
	return os.Open(strings.TrimSpace(string(out)))
}

func (p *pkg) syntax() (all []*ast.File) {
	for _, f := range p.files {
		all = append(all, f.ast)
	}
	return all
}

// find collects the sites of a file, an outer one before those within it.
func (p *pkg) find(f *file) {
	for _, d := range f.ast.Decls {
		x := finder{pkg: p, file: f, fn: declared(d)}
		ast.Inspect(d, x.visit)
	}
	alike := map[string]int{}
	for _, s := range f.sites {
		for _, m := range s.mutants {
			alike[m.String()]++
			if n := alike[m.String()]; n > 1 {
				m.line += fmt.Sprintf(" (%d)", n)
			}
		}
	}
}

// finder goes through one declaration.
type finder struct {
	*pkg
	*file
	fn    string
	fixed []ast.Node // what only a constant may be
}

func (x *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		if n.Tok == token.CONST {
			x.fixed = append(x.fixed, n)
		}
	case *ast.ArrayType:
		if n.Len != nil {
			x.fixed = append(x.fixed, n.Len)
		}
	case *ast.BinaryExpr:
		form := value
		if types.Identical(types.Default(x.info.TypeOf(n)).Underlying(), types.Typ[types.Bool]) {
			form = condition
		}
		x.add(n, n.OpPos, n.Op, form, swaps[n.Op])
	case *ast.UnaryExpr:
		switch n.Op {
		case token.NOT:
			x.add(n, n.OpPos, n.Op, condition, []string{""})
		case token.SUB:
			x.add(n, n.OpPos, n.Op, value, []string{""})
		}
	case *ast.IncDecStmt:
		x.add(n, n.TokPos, n.Tok, statement, swaps[n.Tok])
	case *ast.AssignStmt:
		x.add(n, n.TokPos, n.Tok, statement, swaps[n.Tok])
	case *ast.BranchStmt:
		x.add(n, n.Pos(), n.Tok, branch, swaps[n.Tok])
	}
	return true
}

// add adds a site and what may stand in for its operator.
func (x *finder) add(n ast.Node, pos token.Pos, op token.Token, form form, become []string) {
	s := &site{start: x.offset(n.Pos()), end: x.offset(n.End()), form: form}
	if e, ok := n.(ast.Expr); ok {
		s.typ = x.typeName(e, x.sites)
	}
	if slices.ContainsFunc(x.fixed, func(c ast.Node) bool { return c.Pos() <= n.Pos() && n.End() <= c.End() }) {
		s.form = constant
	}
	at, line := x.offset(pos), x.fset.Position(pos).Line
	for _, b := range become {
		x.ids++
		text := x.src[s.start:at] + b + x.src[at+len(op.String()):s.end]
		s.mutants = append(s.mutants, &mutant{id: x.ids, file: x.file.name, fn: x.fn, num: line, site: s, text: text,
			line:   strings.TrimSpace(strings.Split(x.src, "\n")[line-1]),
			change: oneLine(x.src[s.start:s.end]) + " -> " + oneLine(text)})
	}
	x.sites = append(x.sites, s)
}

// typeName writes the type of an expression. Part of a constant has none, and takes
// that of the whole.
func (p *pkg) typeName(e ast.Expr, outer []*site) string {
	t := p.info.TypeOf(e)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 && len(outer) > 0 {
		return outer[len(outer)-1].typ
	}
	return types.TypeString(t, func(o *types.Package) string {
		if o == p.types {
			return ""
		}
		return o.Name()
	})
}

// declared names a declaration by what it declares first.
func declared(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			return types.ExprString(d.Recv.List[0].Type) + "." + d.Name.Name
		}
		return d.Name.Name
	case *ast.GenDecl:
		if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
			return v.Names[0].Name
		}
	}
	return ""
}

func (p *pkg) offset(pos token.Pos) int { return p.fset.Position(pos).Offset }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// compiling keeps the mutants that match and compile, and counts those that do not compile.
func (p *pkg) compiling(only *regexp.Regexp) (good []*mutant, invalid int) {
	for i, f := range p.files {
		for _, s := range f.sites {
			s.mutants = slices.DeleteFunc(s.mutants, func(m *mutant) bool {
				if !only.MatchString(m.String()) {
					return true
				}
				if s.form != condition && !p.compiles(i, f.src[:s.start]+m.text+f.src[s.end:]) {
					invalid++
					return true
				}
				good = append(good, m)
				return false
			})
		}
	}
	return good, invalid
}

// compiles reports whether the package is in order with another text of one file.
func (p *pkg) compiles(i int, text string) bool {
	f, err := parser.ParseFile(p.fset, p.files[i].name, text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	all := p.syntax()
	all[i] = f
	_, err = p.conf.Check("root", p.fset, all, nil)
	return err == nil
}
