package args

import (
	"strconv"

	"github.com/dop251/goja"
)

// Texts reads an array, or another iterable, of texts; nil when there is none.
func (a Arg) Texts() []string {
	if !a.Given() {
		return nil
	}
	texts := []string{}
	a.each("texts", func(item goja.Value) {
		texts = append(texts, a.item(len(texts), item).Text())
	})
	return texts
}

// RequiredTexts is Texts for a list that must be there.
func (a Arg) RequiredTexts() []string {
	if !a.Given() {
		a.MustBe("an array of texts")
	}
	return a.Texts()
}

// TextOrTexts is Texts that takes one text as a list of one.
func (a Arg) TextOrTexts() []string {
	if a.IsText() {
		return []string{a.v.String()}
	}
	return a.Texts()
}

// Integers reads an array, or another iterable, of whole numbers from low to high; nil when there
// is none.
func (a Arg) Integers(low, high int64) []int {
	if !a.Given() {
		return nil
	}
	numbers := []int{}
	a.each("numbers", func(item goja.Value) {
		numbers = append(numbers, int(a.item(len(numbers), item).Integer(low, high)))
	})
	return numbers
}

// Array reads an array.
func (a Arg) Array() *goja.Object {
	if !IsArray(a.v) {
		a.MustBe("an array")
	}
	return a.v.(*goja.Object)
}

// Items hands out the items of an array, or of another iterable, by names such as "rules[2]".
func (a Arg) Items(visit func(Arg)) {
	n := 0
	a.each("values", func(item goja.Value) {
		visit(a.item(n, item))
		n++
	})
}

// each walks an iterable. A text is none here: its letters are not what anybody means.
func (a Arg) each(what string, visit func(goja.Value)) {
	object, ok := a.v.(*goja.Object)
	if ok {
		_, ok = goja.AssertFunction(object.GetSymbol(goja.SymIterator))
	}
	if !ok {
		a.MustBe("an array of " + what)
	}
	a.call.VM().ForOf(object, func(item goja.Value) bool {
		visit(item)
		return true
	})
}

func (a Arg) item(i int, v goja.Value) Arg {
	return Arg{call: a.call, prefix: a.Name(), name: "[" + strconv.Itoa(i) + "]", v: v}
}
