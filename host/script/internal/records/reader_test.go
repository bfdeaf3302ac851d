package records_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"carjs/host/script"
	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
)

// readRecords reads the records of a text to its end.
func readRecords(t *testing.T, rt *script.Runtime, src io.Reader, layout records.Layout) ([]any, error) {
	t.Helper()
	out := records.NewWindow(valuesOf(rt))
	done := make(chan error, 1)
	go func() {
		err := out.ReadJSON(t.Context(), src, layout)
		out.End(err, false)
		done <- err
	}()
	var all []any
	for {
		items, err := out.Take(t.Context(), nil)
		if len(items) == 0 {
			if ended := <-done; !errors.Is(ended, err) {
				t.Errorf("it ended with %v, and told %v", ended, err)
			}
			return all, err
		}
		all = append(all, items...)
	}
}

// Text that comes byte by byte has the same records as when it is read as a whole, and is refused
// where that is refused.
func FuzzReadJSON(f *testing.F) {
	for _, text := range validJSON {
		f.Add([]byte("["+text+"]"), false)
		f.Add([]byte(text+"\n"+text), true)
	}
	f.Add([]byte(`[{"a":1},{"a":"\ud8`), false)
	f.Add([]byte(`{"a":[1,{"a":2}]}`), false)
	rt, show := newInspector(f)
	f.Fuzz(func(t *testing.T, data []byte, lines bool) {
		read, err := readRecords(t, rt, iotest.OneByteReader(strings.NewReader(string(data))), records.Layout{Lines: lines})
		var fault *records.Error
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("%q: %v", data, err)
		}
		text := string(data)
		if lines {
			text = asArray(text)
		}
		whole, wrong := rt.ParseJSON([]byte(text))
		switch {
		case err != nil && (!fault.NotJSON || strings.Contains(err.Error(), "nest too deeply")):
			return // without a list it is refused, whatever else is in it
		case lines && err == nil != (wrong == nil):
			return // a value may go over several lines, and a line may break where an array must not
		case err == nil != (wrong == nil):
			t.Fatalf("%q: as records %v, as a whole %v", data, err, wrong)
		}
		if err != nil {
			return
		}
		if list, ok := whole.(*goja.Object); ok && list.ClassName() == "Array" {
			if got := show(rt.VM().NewArray(made(rt, read)...)); got != show(whole) {
				t.Errorf("%q: got %s, want %s", data, got, show(whole))
			}
		} else if len(read) > 0 {
			t.Errorf("%q is no list and has %d records", data, len(read))
		}
	})
}

// asArray is text of a value a line as one array.
func asArray(text string) string {
	var values []string
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if strings.Trim(line, " \t\r\n") != "" {
			values = append(values, line)
		}
	}
	return "[" + strings.Join(values, ",") + "]"
}

func made(rt *script.Runtime, read []any) []any {
	makes, values := valuesOf(rt), make([]any, len(read))
	for i, r := range read {
		values[i] = makes.Make(r)
	}
	return values
}

// valuesOf makes values in a runtime as it makes them itself.
func valuesOf(rt *script.Runtime) *records.Values {
	define := func(object *goja.Object, name, value goja.Value) error {
		f, err := rt.VM().RunString("(o, name, value) => { o[name] = value; }")
		if err != nil {
			return err
		}
		set, _ := goja.AssertFunction(f)
		_, err = set(goja.Undefined(), object, name, value)
		return err
	}
	return &records.Values{VM: rt.VM(), Throw: rt.Throw, Stopped: context.Cause, Define: define}
}
