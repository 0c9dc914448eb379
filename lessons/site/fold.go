package site

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
)

// Fold is lines of a lesson that tell the answer of a question, from one to
// another. Asked is the last line of the question itself and of what answers it.
type Fold struct {
	File  string `json:"file"`
	From  int    `json:"from"`
	Asked int    `json:"asked"`
	To    int    `json:"to"`
}

// foldsOf finds the questions of a lesson's files. Each line of a call of Predict
// leads to its lines: from the first answer that it offers to the end of the
// function. What stands behind a question happens after it, and may tell.
func foldsOf(files []sourceFile) (map[string]*Fold, error) {
	folds := map[string]*Fold{}
	for _, f := range files {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, f.Name, f.text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		line := func(p token.Pos) int { return set.Position(p).Line }
		for _, decl := range parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !isPredict(call) {
					return true
				}
				fold := &Fold{f.Name, line(firstAnswer(fn.Body, call)), line(lastVerdict(fn.Body, call)), line(fn.Body.Rbrace) - 1}
				for at := line(call.Pos()); at <= line(call.End()); at++ {
					folds[fmt.Sprintf("%s:%d", f.Name, at)] = fold
				}
				return true
			})
		}
	}
	return folds, nil
}

func isPredict(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Predict"
}

// firstAnswer is where the first answer of the call is written: in the call, or
// in a variable before it.
func firstAnswer(body *ast.BlockStmt, call *ast.CallExpr) token.Pos {
	names := map[string]bool{}
	for _, arg := range call.Args {
		if id, ok := arg.(*ast.Ident); ok {
			names[id.Name] = true
		}
	}
	first := call.Pos()
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for _, to := range assign.Lhs {
			if id, ok := to.(*ast.Ident); ok && names[id.Name] {
				first = min(first, assign.Pos())
			}
		}
		return true
	})
	return first
}

// lastVerdict is the end of the question, or of the last call of Is that answers it.
func lastVerdict(body *ast.BlockStmt, call *ast.CallExpr) token.Pos {
	last, asked := call.End(), ""
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if to, ok := n.Lhs[0].(*ast.Ident); ok && n.Rhs[0] == call {
				asked = to.Name
			}
		case *ast.CallExpr:
			selector, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || selector.Sel.Name != "Is" {
				break
			}
			if of, ok := selector.X.(*ast.Ident); ok && of.Name == asked {
				last = max(last, n.End())
			}
		}
		return true
	})
	return last
}
