package script

import "testing"

// TestFieldNames are fields of classes with the names of the words that methods may begin with.
func TestFieldNames(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"class A {\n  get = 1;\n  static set = (x) => x + 1;\n  async = 3;\n}\n exports.run = () => [new A().get, A.set(1), new A().async]", "1,2,3"},
		{"class A {\n  set = 1;\n  get;\n  async get() { return 5; }\n}\n exports.run = () => `set = ${new A().set}`", "set = 1"},
		{"let get = 1;\n get = 2;\n class A {\n  get x() { return get; }\n  get = 7;\n}\n exports.run = () => [get, new A().x, new A().get]", "2,2,7"},
	} {
		program, err := Compile("main.js", c.code)
		if err != nil {
			t.Errorf("%s: %v", c.code, err)
			continue
		}
		rt, exports := start(t, Options{}, program)
		if got, err := call(t.Context(), rt, exports, "run"); err != nil || got.String() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.code, got, err, c.want)
		}
	}
	_, err := Compile("main.js", "class A {\n  get = ;\n}")
	if err == nil {
		t.Error("a field without a value compiles")
	}
}
