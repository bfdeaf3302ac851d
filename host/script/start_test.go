package script

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/bundle"
)

// connector is a connector of a dozen files, with about as much code as a small real one.
func connector() bundle.Source {
	files := fstest.MapFS{}
	var imports, uses strings.Builder
	for i := range 11 {
		files[fmt.Sprintf("src/part%d.ts", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `
import { where } from "carjs/test";

/** Row is what the data source sends. */
export interface Row%[1]d { pk: number; name: string; tags?: string[]; owner: { name: string } | null }

export class Mapper%[1]d {
	readonly #seen = new Set<number>();
	constructor(private readonly source: string, private readonly limit = 2000) {}

	async *pages(rows: Row%[1]d[]): AsyncGenerator<Row%[1]d[]> {
		for (let at = 0; at < rows.length; at += this.limit) {
			yield rows.slice(at, at + this.limit);
		}
	}

	map(row: Row%[1]d): Record<string, unknown> | undefined {
		if (this.#seen.has(row.pk)) return undefined;
		this.#seen.add(row.pk);
		const { pk, name, tags = [], owner } = row;
		return { external_id: String(pk), name: name.trim().toLowerCase(), tags: tags.filter((t) => t !== ""), owner: owner?.name ?? null, source: this.source };
	}
}
export const place%[1]d = () => where();
`, i)}
		fmt.Fprintf(&imports, "import { Mapper%d } from \"./part%d\";\n", i, i)
		fmt.Fprintf(&uses, "\tnew Mapper%d(\"s\"),\n", i)
	}
	files["src/main.ts"] = &fstest.MapFile{Data: []byte(imports.String() + "const mappers = [\n" + uses.String() +
		"];\nexport default async function run() { return mappers.length; }\n")}
	return bundle.Source{FS: files, Name: "demo", Modules: []string{"carjs/test"}}
}

// BenchmarkStart is the way from a connector's files to its first line, and its parts.
func BenchmarkStart(b *testing.B) {
	ctx := context.Background()
	made, err := bundle.Build(ctx, connector())
	if err != nil {
		b.Fatal(err)
	}
	program, err := Compile(made.Name, made.Code)
	if err != nil {
		b.Fatal(err)
	}
	run := func(b *testing.B, program *Program) {
		rt, err := New(Options{Modules: []Module{testModule()}})
		if err != nil {
			b.Fatal(err)
		}
		defer rt.Close()
		exports, err := rt.Load(ctx, program)
		if err != nil {
			b.Fatal(err)
		}
		if got, err := call(ctx, rt, exports, "default"); err != nil || got.ToInteger() != 11 {
			b.Fatal(got, err)
		}
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			made, err := bundle.Build(ctx, connector())
			if err != nil {
				b.Fatal(err)
			}
			program, err := Compile(made.Name, made.Code)
			if err != nil {
				b.Fatal(err)
			}
			run(b, program)
		}
	})
	b.Run("compile", func(b *testing.B) {
		b.SetBytes(int64(len(made.Code)))
		for b.Loop() {
			if _, err := Compile(made.Name, made.Code); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		for b.Loop() {
			run(b, program)
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			if _, err := New(Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
