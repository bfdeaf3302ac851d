package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a module with what is noticed, what is not, and what no test reaches.
var small = map[string]string{
	"go.mod": "module small\n\ngo 1.26\n",
	"small.go": `package small

import "errors"

const limit = 10

var table = []struct {
	name string
	ok   bool
}{{"a", true}, {"b", false}}

// Fits is tested at its boundary.
func Fits(n int) bool { return n <= limit }

// Sum leaves the order of its operands to nobody.
func Sum(values []int) (sum int) {
	for _, v := range values {
		if v < 0 {
			continue
		}
		sum += v
	}
	return sum
}

// Check has an error that no test looks at.
func Check(name string) error {
	for _, row := range table {
		if row.name == name && row.ok {
			return nil
		}
	}
	return errors.New("unknown")
}

// Unseen is not reached.
func Unseen(a, b uint8) uint8 { return a<<4 | b }
`,
	"small_test.go": `package small

import "testing"

func TestFits(t *testing.T) {
	if !Fits(10) || Fits(11) {
		t.Error("boundary")
	}
}

func TestSum(t *testing.T) {
	if Sum([]int{1, 2, -3}) != 3 {
		t.Error("sum")
	}
}

func TestCheck(t *testing.T) {
	if Check("a") != nil {
		t.Error("a is known")
	}
}
`,
	"argued.txt": `# a comment
small.go Unseen: a<<4 | b => a<<4 & b in func Unseen(a, b uint8) uint8 { return a<<4 | b }
small.go Unseen: a<<4 => a >> 4 in func Unseen(a, b uint8) uint8 { return a<<4 | b }
	nobody calls it
`,
}

func TestMutate(t *testing.T) {
	dir := t.TempDir()
	for name, text := range small {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	err := run(context.Background(), &out, dir, []string{"-argued", "argued.txt", "-least", "99", "."})
	got := out.String()
	if err == nil || !strings.Contains(err.Error(), "less than 99 %") {
		t.Errorf("%v", err)
	}
	for _, want := range []string{
		`small.go:33 survived (no test reaches it)	small.go Check: return errors.New("unknown") => return nil`,
		`small.go:10 survived	small.go table: false => !false in }{{`,
		"small.go:37 survived (no test reaches it)\tsmall.go Unseen: 4 => 4 + 1 in func Unseen",
		"2 argued",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for _, killed := range []string{"limit:", "Fits:", "Sum: sum += v", "Sum: continue", "Unseen: a<<4 | b"} {
		if strings.Contains(got, killed) {
			t.Errorf("%q is in\n%s", killed, got)
		}
	}
}

// A sample is the same one again, and others with another seed.
func TestSample(t *testing.T) {
	var all []string
	for _, seed := range []string{"1", "1", "2"} {
		var out strings.Builder
		args := []string{"-list", "-sample", "20", "-seed", seed, "./host/failure"}
		if err := run(t.Context(), &out, filepath.Join("..", ".."), args); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "\n"); n != 20 {
			t.Errorf("%d mutants", n)
		}
		all = append(all, out.String())
	}
	if all[0] != all[1] || all[0] == all[2] {
		t.Error(all)
	}
}

// What is argued has a reason, once, and is still a mutant.
func TestArgued(t *testing.T) {
	for text, want := range map[string]string{
		"a b: c => d\n": "has no reason",
		"    why\n":     "without a mutant",
		"a b: c => d\n    why\n\na b: c => d\n    x\n": "is there twice",
	} {
		path := filepath.Join(t.TempDir(), "argued.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readArgued(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	argued, err := readArgued("argued.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	folders := map[string]bool{}
	for key := range argued {
		folders["./"+filepath.ToSlash(filepath.Dir(strings.Fields(key)[0]))] = true
	}
	for folder := range folders {
		packages, err := load(t.Context(), filepath.Join("..", ".."), []string{folder})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packages {
			for _, m := range p.mutants() {
				known[m.key()] = true
			}
		}
	}
	for key := range argued {
		if !known[key] {
			t.Errorf("argued.txt has %s, which is no mutant any more", key)
		}
	}
}
