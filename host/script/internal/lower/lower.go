// Package lower rewrites the syntax tree of a connector where the engine is slow and something
// faster means the same, or where it is wrong.
//
// These things are rewritten, wherever an author writes them:
//
//   - for (const x of list) goes over an ordinary array without the engine's iterator, which makes
//     an object at every step. See loop.go.
//   - handler.addCollection("asset", { name: a }) becomes a call that passes the values of the
//     literal one by one, because the engine takes a microsecond to make an object that is taken
//     apart again at once. See literal.go.
//   - for await (const x of records) asks for a record before it awaits one, because the engine
//     takes ten microseconds for a promise. See await.go.
//   - text += piece is added in a buffer, because the engine copies the whole text each time. See
//     grow.go.
//   - x | 0 and the like take the bits of numbers that are too large for the engine. See bits.go.
//   - What is imported from the runtime's own modules is read off their exports. See imported.go.
//   - throw value notes where a value is thrown that is no Error, and new Promise(executor) where a
//     promise is rejected with one. See thrown.go.
//   - Number(value) and list.map(Number) are told of BigInts, of which the engine takes the lowest
//     64 bits. See wrong.go and mapped.go.
//   - Regular expressions are read here rather than by the engine. See wrong.go.
//
// What a program does stays the same, its positions too: nodes that are new have the place of those
// that they stand for. The functions that the new code calls are parameters of the module, under
// names that no program can write. The package knows the tree; what the functions do is the
// runtime's business.
package lower

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/unistring"
)

// The names of the functions that rewritten code calls.
const (
	// Each returns what a loop is to go over in place of a value: something that iterates alike.
	Each unistring.String = "%each"
	// Literal calls a method with an object literal among its arguments: Literal(this, method,
	// shape, ...arguments), with the values of the literal's properties in the place of the
	// literal.
	Literal unistring.String = "%literal"
	// temporary holds what is needed twice and must be evaluated once.
	temporary unistring.String = "%this"
	// Step gives the next result of an async iterator where that need not be awaited, and undefined
	// otherwise.
	Step unistring.String = "%step"
	// Number converts a value: Number(class, value), with what the program's Number is.
	Number unistring.String = "%number"
	// Thrown returns its argument, which is about to be thrown.
	Thrown unistring.String = "%thrown"
	// Executor returns what a promise is made with in place of a function: Executor(class, function),
	// with what the program's Promise is.
	Executor unistring.String = "%executor"
	// Mapped calls a method that may be given Number to call: Mapped(this, method, ...arguments).
	Mapped unistring.String = "%mapped"
	// Plus adds two values: Plus(left, right).
	Plus unistring.String = "%plus"
	// Target is new.target of a function: Target(new.target, this), undefined where it was called
	// without new. Without arguments it is undefined.
	Target unistring.String = "%target"
	// Generator gives something whose prototype is that of async generator functions.
	Generator unistring.String = "%generator"
)

// Parameters are the names that the module's function must have as parameters, in this order.
func Parameters() []unistring.String {
	return []unistring.String{Each, Literal, temporary, Step, Number, Thrown, Executor, Mapped, Plus, Target, Generator}
}

// Shape is an object literal that is passed by its values.
type Shape struct {
	// Method is the name of the method that is called.
	Method string
	// At is the literal's place among the arguments.
	At int
	// Names are those of its properties, in order.
	Names []string
}

// Program rewrites a tree in place. methods are the names of the methods to which an object literal
// may be passed by its values. It returns the shapes by which the new code names the literals:
// their indexes. The error is an [*Error].
func Program(tree *ast.Program, methods ...string) ([]Shape, error) {
	w := &walker{methods: map[unistring.String]bool{}}
	for _, name := range methods {
		w.methods[unistring.String(name)] = true
	}
	newTargets(tree)
	w.statements(tree.Body)
	if w.wrong != nil {
		return nil, w.wrong
	}
	return w.shapes, nil
}

// Error is code that the engine would take for something else.
type Error struct {
	// At is the place.
	At file.Idx
	// Message says what is wrong.
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// walker visits a tree from the leaves up.
type walker struct {
	methods map[unistring.String]bool
	shapes  []Shape
	wrong   *Error
	// awaits is how often the code of the function around awaits or yields, as far as it was
	// visited.
	awaits int
	// caught are the parameters of the catch clauses around.
	caught []unistring.String
	// variables are those in scope, the innermost last; rounds is in how many loops and functions
	// the code stands, and texts are the properties that were given a text.
	variables []variable
	rounds    int
	texts     map[unistring.String]bool
	borrowed  borrowed
}
