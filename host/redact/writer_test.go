package redact

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestWriterSplitAnywhere(t *testing.T) {
	r := New("s3cret", "first\nsecond", "second\nthird")
	const text = "one s3cret two\nfirst\nsecond\nthird\nAuthorization: Basic abc\nhttps://u:pw@h/ s3%63ret\nfirst\nlast"
	want := r.String(text)
	for _, gone := range []string{"s3cret", "first\nsecond", "second", "abc", "pw@"} {
		if strings.Contains(want, gone) {
			t.Fatalf("%q is in %q", gone, want)
		}
	}
	for i := range text {
		for j := i; j <= len(text); j++ {
			var out bytes.Buffer
			w := r.Writer(&out)
			for _, piece := range []string{text[:i], text[i:j], text[j:]} {
				if n, err := w.Write([]byte(piece)); err != nil || n != len(piece) {
					t.Fatalf("Write: %d, %v", n, err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Fatalf("split at %d and %d:\n got %q\nwant %q", i, j, out.String(), want)
			}
		}
	}
}

func TestWriterPassesWholeLinesAtOnce(t *testing.T) {
	var out bytes.Buffer
	w := New("s3cret").Writer(&out)
	for _, step := range []struct{ write, want string }{
		{"a line\n", "a line\n"},
		{"half", "a line\n"},
		{" a line\nand more", "a line\nhalf a line\n"},
	} {
		if _, err := w.Write([]byte(step.write)); err != nil {
			t.Fatal(err)
		}
		if out.String() != step.want {
			t.Errorf("after %q: %q, want %q", step.write, out.String(), step.want)
		}
	}
	for range 2 {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if want := "a line\nhalf a line\nand more"; out.String() != want {
		t.Errorf("closed: %q, want %q", out.String(), want)
	}
}

func TestWriterHoldsNoMoreThanItMust(t *testing.T) {
	var out bytes.Buffer
	w := New("s3cret").Writer(&out)
	chunk := []byte(strings.Repeat("x", 64<<10) + "s3c")
	rest := []byte("ret")
	for range 40 {
		for _, piece := range [][]byte{chunk, rest} {
			if _, err := w.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.held) > maxHeld+len(chunk) {
			t.Fatalf("%d bytes are held", len(w.held))
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), Marker); got != 40 || strings.Contains(out.String(), "s3cret") {
		t.Errorf("%d of 40 secrets found", got)
	}
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWriterPassesErrorsOn(t *testing.T) {
	w := New().Writer(broken{})
	if _, err := w.Write([]byte("a line\n")); !errors.Is(err, errBroken) {
		t.Errorf("Write: %v", err)
	}
	if _, err := w.Write([]byte("half a line")); err != nil {
		t.Errorf("Write of half a line: %v", err)
	}
	if err := w.Close(); !errors.Is(err, errBroken) {
		t.Errorf("Close: %v", err)
	}
}
