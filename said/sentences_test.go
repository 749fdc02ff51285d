package said

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// What users may be told is found where it comes from: in the fields that hold sentences,
// and in the arguments of the functions that take some. A function that hands a parameter
// of its own on to one of these takes sentences too.

// rooms are the packages whose code says something to users.
var rooms = []string{
	"subclip/accounts", "subclip/catalog", "subclip/httpapi", "subclip/newsletter", "subclip/webhooks", "subclip/worker",
	"subclip/timecode", "subclip/transcoder", "subclip/transcoder/mp4", "subclip/mail", validation,
}

// validation has what the library of the API finds wrong, in variables.
const validation = "github.com/danielgtaylor/huma/v2/validation"

// fields hold sentences.
var fields = []string{
	"subclip/accounts.Error.Message", "subclip/accounts.Error.Parts", "subclip/catalog.Error.Message",
	"subclip/timecode.ParseError.Reason", "subclip/transcoder.RangeError.Reason", "subclip/transcoder.mediaError.sentence",
	"subclip/transcoder.Plan.Reason", "subclip/transcoder.Report.Reason", "subclip/transcoder.Report.Notes", "subclip/transcoder.cut.notes",
	"subclip/transcoder.Request.MustEncode", "subclip/mail.InvalidError.Message",
	"github.com/danielgtaylor/huma/v2.ErrorDetail.Message",
}

// takers take a sentence as this argument.
var takers = map[string]int{
	"github.com/danielgtaylor/huma/v2.NewError":                    1,
	"github.com/danielgtaylor/huma/v2.Error422UnprocessableEntity": 0,
	"github.com/danielgtaylor/huma/v2.Error500InternalServerError": 0,
	"(*subclip/catalog.Catalog).Fail":                              2,
	"(*subclip/catalog.Catalog).Retry":                             3,
	"(*subclip/newsletter.Newsletter).halt":                        2,
	"(*subclip/newsletter.Newsletter).again":                       4,
	"subclip/transcoder.unsupported":                               0,
	"subclip/transcoder/mp4.unsupported":                           0,
}

// givers return a sentence, or an error that is one.
var givers = []string{
	"subclip/webhooks.explain", "(*subclip/timecode.ParseError).Error", "subclip/catalog.withdrawn", "subclip/worker.errMasterGone", "subclip/worker.errNothingMade",
	"subclip/worker.errTooLarge", "subclip/worker.errIncomplete", "subclip/worker.errCancelled", "subclip/worker.errFileGone",
}

// settings are those that admins are shown, with what their tags say of them.
var settings = []string{"subclip/httpapi.Limits", "subclip/catalog.Config"}

// search is what is known so far.
type search struct {
	t      *testing.T
	set    *token.FileSet
	rooms  []*room
	takes  map[string]bool // places of parameters that are sentences
	values map[types.Object][]given
	bodies map[string]body // of functions, by their full name
	seen   map[ast.Expr]bool
	known  map[string][]string       // formats of what functions return
	found  map[string]token.Position // formats
	dark   map[string]bool           // files that hand on what cannot be followed
}

// sentences finds the formats of all that users may be told, with where each stands. More
// is the source of files that are read beside those of their room.
func sentences(t *testing.T, more map[string]string) *search {
	t.Helper()
	s := &search{
		t: t, set: token.NewFileSet(), takes: map[string]bool{}, values: map[types.Object][]given{}, bodies: map[string]body{},
		seen: map[ast.Expr]bool{}, known: map[string][]string{}, found: map[string]token.Position{}, dark: map[string]bool{},
	}
	s.read(more)
	for _, room := range s.rooms {
		for _, file := range room.files {
			ast.Inspect(file, func(n ast.Node) bool { s.note(room, n); return true })
		}
	}
	for before := -1; before < len(s.takes); {
		before = len(s.takes)
		for _, room := range s.rooms {
			for _, file := range room.files {
				ast.Inspect(file, func(n ast.Node) bool { s.look(room, n); return true })
			}
		}
	}
	return s
}

// look takes what stands where sentences do.
func (s *search) look(r *room, n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		r.elements(n, func(field types.Object, value ast.Expr) {
			if s.holds(r.info.TypeOf(n), field) {
				s.take(r, value)
			}
		})
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			to, ok := left.(*ast.SelectorExpr)
			switch {
			case !ok || !s.holds(r.info.TypeOf(to.X), r.object(to)):
			case n.Tok == token.ADD_ASSIGN:
				s.add(n.Rhs[0], []string{filled + s.formats(r, n.Rhs[0], 0)[0]})
			case len(n.Rhs) == len(n.Lhs):
				s.take(r, n.Rhs[i])
			default:
				s.add(n.Rhs[0], s.formats(r, n.Rhs[0], i))
			}
		}
	case *ast.CallExpr:
		s.lookAtCall(r, n)
	case *ast.TypeSpec:
		if of, ok := n.Type.(*ast.StructType); ok && slices.Contains(settings, r.pkg.Path()+"."+n.Name.Name) {
			s.describe(of)
		}
	case *ast.FuncDecl:
		if fn, ok := r.info.Defs[n.Name].(*types.Func); ok && slices.Contains(givers, fn.FullName()) {
			s.add(n, s.returns(body{n, r}, 0))
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if slices.Contains(givers, r.pkg.Path()+"."+name.Name) || r.pkg.Path() == validation && len(n.Values) > 0 {
				s.take(r, n.Values[i])
			}
		}
	}
}

// describe takes what the tags of settings say.
func (s *search) describe(of *ast.StructType) {
	for _, field := range of.Fields.List {
		if field.Tag == nil {
			continue
		}
		if text, err := strconv.Unquote(field.Tag.Value); err == nil {
			s.add(field, []string{reflect.StructTag(text).Get("desc")})
		}
	}
}

// lookAtCall takes the arguments of a call that are sentences; of a format that only hands
// something on, what it hands on.
func (s *search) lookAtCall(r *room, call *ast.CallExpr) {
	take := func(i int) {
		s.take(r, call.Args[i])
		if value := r.info.Types[call.Args[i]].Value; value != nil && handsOn(constant.StringVal(value)) {
			for _, more := range call.Args[i+1:] {
				s.take(r, more)
			}
		}
	}
	if of := r.object(call.Fun); of != nil && of.Pkg() != nil {
		if i, ok := takers[of.Pkg().Path()+"."+of.Name()]; ok {
			take(i)
		}
	}
	fn, ok := r.object(call.Fun).(*types.Func)
	if !ok {
		return
	}
	if i, ok := takers[fn.FullName()]; ok && fn.Signature().Recv() != nil {
		take(i)
	}
	params := fn.Signature().Params()
	for i := range min(params.Len(), len(call.Args)) {
		if s.takes[s.place(params.At(i))] {
			take(i)
		}
	}
}

// handsOn reports whether a format has no words of its own.
func handsOn(format string) bool {
	return verb.MatchString(format) && verb.ReplaceAllString(format, "") == ""
}

// place tells where a parameter stands, which is the same for the packages that import it.
func (s *search) place(of *types.Var) string {
	at := s.set.Position(of.Pos())
	return fmt.Sprint(at.Filename, at.Line, of.Name())
}

// holds reports whether a field of a type holds sentences.
func (s *search) holds(of types.Type, field types.Object) bool {
	if field == nil || of == nil {
		return false
	}
	if pointer, ok := types.Unalias(of).(*types.Pointer); ok {
		of = pointer.Elem()
	}
	named, ok := types.Unalias(of).(*types.Named)
	return ok && slices.Contains(fields, named.Obj().Pkg().Path()+"."+named.Obj().Name()+"."+field.Name())
}

// take finds the formats that an expression may be made of.
func (s *search) take(r *room, expr ast.Expr) {
	formats := s.formats(r, expr, 0)
	s.add(expr, formats)
	if r.info.Types[expr].Value == nil && slices.Contains(formats, filled) {
		at := s.set.Position(expr.Pos()).Filename
		s.dark[filepath.Base(filepath.Dir(at))+"/"+filepath.Base(at)] = true
	}
}

func (s *search) add(at ast.Node, formats []string) {
	for _, format := range formats {
		if strings.ContainsFunc(verb.ReplaceAllString(format, ""), unicode.IsLetter) {
			s.found[format] = s.set.Position(at.Pos())
		}
	}
}

// filled stands for what only the running service knows.
const filled = "%s"

// formats are those of an expression; of a call that has several results, of one of them.
func (s *search) formats(r *room, expr ast.Expr, result int) []string {
	if value := r.info.Types[expr].Value; value != nil && value.Kind() == constant.String {
		return []string{constant.StringVal(value)}
	}
	if s.seen[expr] {
		return nil
	}
	s.seen[expr] = true
	defer delete(s.seen, expr)
	switch expr := expr.(type) {
	case *ast.ParenExpr:
		return s.formats(r, expr.X, 0)
	case *ast.BinaryExpr:
		return s.joined(r, expr)
	case *ast.CompositeLit:
		return s.each(r, expr.Elts)
	case *ast.CallExpr:
		return s.called(r, expr, result)
	case *ast.Ident, *ast.SelectorExpr:
		of, ok := r.object(expr).(*types.Var)
		if from, selects := expr.(*ast.SelectorExpr); !ok || selects && s.holds(r.info.TypeOf(from.X), of) {
			return nil // what a field holds is taken where it gets it
		}
		if of.Kind() == types.ParamVar {
			if isText(of.Type()) {
				s.takes[s.place(of)] = true
			}
			return nil
		}
		var all []string
		for _, value := range s.values[of] {
			all = append(all, s.formats(r, value.Expr, value.result)...)
		}
		return unique(all)
	}
	return []string{filled}
}

func unique(formats []string) []string {
	slices.Sort(formats)
	return slices.Compact(formats)
}

func isText(of types.Type) bool {
	basic, ok := of.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

func (s *search) each(r *room, some []ast.Expr) (all []string) {
	for _, one := range some {
		all = append(all, s.formats(r, one, 0)...)
	}
	return all
}

// joined are the formats of a sum: each of the left with each of the right. What is not
// written there is filled in.
func (s *search) joined(r *room, sum *ast.BinaryExpr) (all []string) {
	side := func(of ast.Expr) []string {
		_, more := of.(*ast.BinaryExpr)
		if more || r.info.Types[of].Value != nil {
			return s.formats(r, of, 0)
		}
		return []string{filled}
	}
	for _, left := range side(sum.X) {
		for _, right := range side(sum.Y) {
			all = append(all, left+right)
		}
	}
	return all
}

// called are the formats of what a call returns.
func (s *search) called(r *room, call *ast.CallExpr, result int) []string {
	name := fmt.Sprint(call.Fun)
	if fn, ok := r.object(call.Fun).(*types.Func); ok {
		name = fn.FullName()
		if body, ours := s.bodies[name]; ours {
			key := fmt.Sprint(name, result)
			if known, ok := s.known[key]; ok {
				return known
			}
			s.known[key] = nil // while it is looked at: it may call itself
			s.known[key] = unique(s.returns(body, result))
			return s.known[key]
		}
	}
	switch name {
	case "append":
		return s.each(r, call.Args[1:])
	case "errors.New":
		return s.formats(r, call.Args[0], 0)
	case "fmt.Sprintf", "fmt.Errorf":
		formats := s.formats(r, call.Args[0], 0)
		if slices.ContainsFunc(formats, handsOn) {
			return s.each(r, call.Args[1:])
		}
		return slices.DeleteFunc(formats, func(format string) bool { return strings.HasSuffix(format, ": %w") }) // for the log
	}
	return []string{filled}
}

// returns are the formats of one of a function's results.
func (s *search) returns(of body, result int) (all []string) {
	ast.Inspect(of.FuncDecl, func(n ast.Node) bool {
		if back, ok := n.(*ast.ReturnStmt); ok {
			switch {
			case result < len(back.Results):
				all = append(all, s.formats(of.room, back.Results[result], 0)...)
			case len(back.Results) == 1:
				all = append(all, s.formats(of.room, back.Results[0], result)...)
			}
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
	return all
}
