package image

import (
	"bytes"
	"cmp"
	"debug/buildinfo"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The standard library reads the same of programs for all processors that images are made for.
func TestReadersOfPrograms(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("compares with programs for Linux that are built here")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module tiny\n\ngo 1.24\n",
		"main.go": "package main\n\nfunc main() { println(\"hello\") }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{own}
	for _, architecture := range []string{runtime.GOARCH, "s390x"} {
		path := filepath.Join(dir, architecture)
		command := exec.Command("go", "build", "-o", path, ".")
		command.Dir = dir
		command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+architecture, "GOFLAGS=-mod=mod", "GOWORK=off")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		paths = append(paths, path)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := elf.NewFile(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		interpreted := slices.ContainsFunc(want.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
		if got, ok := readELF(data); !ok || got != (elfFile{uint16(want.Machine), want.ByteOrder, interpreted, false}) {
			t.Errorf("%s: %+v, %v; want %+v", path, got, ok, want.FileHeader)
		}
		last := slices.MaxFunc(want.Progs, func(a, b *elf.Prog) int { return cmp.Compare(a.Off+a.Filesz, b.Off+b.Filesz) })
		for end, cut := range map[uint64]bool{last.Off + last.Filesz: false, last.Off + last.Filesz - 1: true} {
			if got, ok := readELF(data[:end]); !ok || got.cut != cut {
				t.Errorf("%s, its first %d bytes: %+v, %v; want it cut: %v", path, end, got, ok, cut)
			}
		}
		info, err := buildinfo.Read(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := readBuildInfo(data); !ok || !reflect.DeepEqual(got, info) {
			t.Errorf("%s: %v, %v, want %v", path, got, ok, info)
		}
	}
}

// No bytes bring the readers out of step.
func FuzzReadersOfPrograms(f *testing.F) {
	header := append([]byte("\x7fELF\x02\x01"), make([]byte, 58)...)
	f.Add(header)
	f.Add(append(append(header, "\xff Go buildinf:"...), 8, 2, 0))
	f.Add([]byte("\x7fELF\x02\x01" + strings.Repeat("\x00", 58) + "\xff Go buildinf:"))  // cut off
	f.Add([]byte("\x7fELF\x02\x01" + strings.Repeat("\x00", 59) + "\xff Go buildinf:x")) // and not aligned
	f.Fuzz(func(t *testing.T, data []byte) {
		readELF(data)
		readBuildInfo(data)
	})
}
