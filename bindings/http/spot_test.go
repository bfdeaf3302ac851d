package http

import "testing"

// A parameter goes where its name says, and leaves the rest of the body as it is.
func TestSetMember(t *testing.T) {
	for _, c := range []struct{ object, path, value, want string }{
		{`{}`, "a", `1`, `{"a":1}`},
		{`{"b":[1, 2],"a":0,"c":"x"}`, "a", `"n"`, `{"b":[1, 2],"a":"n","c":"x"}`},
		{`{"v":{"first":10}}`, "v.after", `"c"`, `{"v":{"first":10,"after":"c"}}`},
		{`{}`, "a.b.c", `1`, `{"a":{"b":{"c":1}}}`},
		{`{"a.b":1,"a":{"b":2}}`, "a.b", `3`, `{"a.b":3,"a":{"b":2}}`},
		{`{"a":null}`, "a.b", `1`, `{"a":{"b":1}}`},
		{`{"a":12345678901234567890.10,"\u00fc\"":1}`, "z", `[1]`, `{"a":12345678901234567890.10,"ü\"":1,"z":[1]}`},
		{`{"__proto__":1}`, "__proto__", `2`, `{"__proto__":2}`},
	} {
		if got := string(setMember([]byte(c.object), c.path, []byte(c.value))); got != c.want {
			t.Errorf("%s with %s: %s, want %s", c.object, c.path, got, c.want)
		}
	}
}
