package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"

	"carjs/host/bundle"
	"carjs/host/script/internal/lower"
	"testing/fstest"
)

// counted compiles TypeScript with coverage of its own files.
func counted(t testing.TB, coverage *Coverage, files fstest.MapFS) *Program {
	t.Helper()
	made, err := bundle.Build(t.Context(), bundle.Source{FS: files, Name: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	program, err := CompileCovered(coverage, made.Name, made.Code)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

const coveredFile = `import { twice } from "./helper";
// What nothing uses is not in the bundle.
const never = () => 1;
let undecided: number;
class Shelf {
  height = 2;
  private name = () => "x";
  get tall() { return this.height > 1; }
  unused() {
    return this.name();
  }
}
function sign(n: number) {
  if (n > 0) return "+";
  else if (n < 0)
    return "-";
  switch (n) {
    case 1:
      return "one";
    default:
      n++;
  }
  outer: for (const x of [1, 2]) {
    for (;;) {
      if (x === 1) continue outer;
      break outer;
    }
  }
  try {
    throw new Error();
  } catch {
    n++;
  } finally { n--; }
  return "0";
}
export default function run() {
  return [sign(1), sign(0), twice(2), new Shelf().tall].join();
}
`

// Every line on which a statement begins is counted, as often as it ran; helpers of the bundler,
// types and declarations are not.
func TestCoverage(t *testing.T) {
	files := fstest.MapFS{
		"src/main.ts":   {Data: []byte(coveredFile)},
		"src/helper.ts": {Data: []byte("export interface Unused {}\n// a comment\nexport const twice = (n: number) =>\n  n * 2;\n")},
	}
	coverage := NewCoverage(func(file string) bool { return strings.HasPrefix(file, "src/") })
	rt, exports := start(t, Options{}, counted(t, coverage, files))
	for range 2 {
		v, err := call(t.Context(), rt, exports, "default")
		if err != nil || v.String() != "+,0,4,true" {
			t.Fatalf("got %v, %v", v, err)
		}
	}
	counted(t, coverage, files) // the same files again, in a program that does not run
	want := map[string]string{
		"src/helper.ts": "3:1 4:2",
		"src/main.ts":   "5:1 6:2 7:0 8:2 10:0 14:4 15:2 16:0 17:2 19:0 21:2 23:2 24:4 25:4 26:2 29:2 30:2 32:2 33:2 34:2 37:2",
	}
	for _, file := range coverage.Files() {
		var lines []string
		for _, line := range slices.Sorted(maps.Keys(file.Lines)) {
			lines = append(lines, fmt.Sprintf("%d:%d", line, file.Lines[line]))
		}
		if got := strings.Join(lines, " "); got != want[file.File] {
			t.Errorf("%s: got\n%s, want\n%s", file.File, got, want[file.File])
		}
		if file.Text != string(files[file.File].Data) {
			t.Errorf("%s: the text is %q", file.File, file.Text)
		}
		delete(want, file.File)
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
}

// What is counted behaves as what was written.
func TestCoverageBehavesTheSame(t *testing.T) {
	for name, body := range bothWays {
		t.Run(name, func(t *testing.T) {
			plain, _ := outcome(t, body, func(*Program, *ast.Program, func()) ([]lower.Shape, error) { return nil, nil })
			counted, _ := outcome(t, body, func(p *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
				NewCoverage(func(string) bool { return true }).rewrite(p, tree)
				return lower.Program(tree, "add")
			})
			if plain != counted {
				t.Errorf("as written:\n%s\ncounted:\n%s", plain, counted)
			}
		})
	}
}
