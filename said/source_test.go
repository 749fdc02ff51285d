package said

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// room is a package that was read, with its types.
type room struct {
	files []*ast.File
	info  *types.Info
	pkg   *types.Package
}

// body is a function's declaration.
type body struct {
	*ast.FuncDecl
	room *room
}

// given is what a variable or field is given: one of the results of a call, or a value.
type given struct {
	ast.Expr
	result int
}

// read reads the rooms, and what they import from what the compiler made of it.
func (s *search) read(more map[string]string) {
	list := exec.CommandContext(s.t.Context(), "go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles"}, rooms...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	type listed struct {
		ImportPath, Export, Dir string
		GoFiles                 []string
	}
	exports, ours := map[string]string{}, map[string]listed{}
	for from := json.NewDecoder(bytes.NewReader(out)); ; {
		var one listed
		if err := from.Decode(&one); err == io.EOF {
			break
		} else if err != nil {
			s.t.Fatal(err)
		}
		exports[one.ImportPath], ours[one.ImportPath] = one.Export, one
	}
	imports := importer.ForCompiler(s.set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, path := range rooms {
		r := &room{info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		}}
		for _, name := range ours[path].GoFiles {
			s.parse(r, filepath.Join(ours[path].Dir, name), nil)
		}
		if text := more[path]; text != "" {
			s.parse(r, path+"/more.go", text)
		}
		checks := types.Config{Importer: imports}
		if r.pkg, err = checks.Check(path, s.set, r.files, r.info); err != nil {
			s.t.Fatal(err)
		}
		s.rooms = append(s.rooms, r)
	}
}

func (s *search) parse(r *room, name string, text any) {
	file, err := parser.ParseFile(s.set, name, text, parser.SkipObjectResolution)
	if err != nil {
		s.t.Fatal(err)
	}
	r.files = append(r.files, file)
}

// note keeps what variables and fields are given, and the bodies of functions.
func (s *search) note(r *room, n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if fn, ok := r.info.Defs[n.Name].(*types.Func); ok {
			s.bodies[fn.FullName()] = body{n, r}
		}
	case *ast.AssignStmt:
		if n.Tok == token.ADD_ASSIGN {
			return // look takes it
		}
		for i, left := range n.Lhs {
			if of := r.object(left); of != nil && len(n.Rhs) == len(n.Lhs) {
				s.values[of] = append(s.values[of], given{n.Rhs[i], 0})
			} else if of != nil {
				s.values[of] = append(s.values[of], given{n.Rhs[0], i})
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if of := r.info.Defs[name]; of != nil && i < len(n.Values) {
				s.values[of] = append(s.values[of], given{n.Values[i], 0})
			}
		}
	case *ast.CompositeLit:
		r.elements(n, func(field types.Object, value ast.Expr) { s.values[field] = append(s.values[field], given{value, 0}) })
	}
}

// elements goes through the fields that a value of a struct is written with.
func (r *room) elements(n *ast.CompositeLit, do func(field types.Object, value ast.Expr)) {
	of, ok := types.Unalias(r.info.TypeOf(n)).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range n.Elts {
		if pair, keyed := element.(*ast.KeyValueExpr); keyed {
			do(r.object(pair.Key), pair.Value)
		} else {
			do(of.Field(i), element)
		}
	}
}

// object is what a name stands for.
func (r *room) object(expr ast.Expr) types.Object {
	switch expr := expr.(type) {
	case *ast.Ident:
		if of := r.info.Defs[expr]; of != nil {
			return of
		}
		return r.info.Uses[expr]
	case *ast.SelectorExpr:
		return r.info.Uses[expr.Sel]
	}
	return nil
}
