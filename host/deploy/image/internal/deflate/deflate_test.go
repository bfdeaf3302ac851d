package deflate

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// expand reads a gzip file with the standard library, to its end.
func expand(t testing.TB, packed []byte) []byte {
	t.Helper()
	rest := bytes.NewReader(packed)
	r, err := gzip.NewReader(rest)
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false)
	data, err := io.ReadAll(r)
	if err != nil || rest.Len() > 0 {
		t.Fatalf("%v, %d bytes are left", err, rest.Len())
	}
	return data
}

// noise are bytes without an order, of which letters many are different.
func noise(n, letters int) []byte {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(random.IntN(letters))
	}
	return out
}

// rare is text in which the n-th letter is about twice as rare as the one before, which asks for codes longer
// than there are.
func rare() []byte {
	var out []byte
	for n := range 22 {
		out = append(out, bytes.Repeat([]byte{byte(n), byte(n)}, 1<<n>>1)...)
	}
	random := rand.New(rand.NewPCG(2, 2))
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestGzip(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	far := append(noise(40000, 256), noise(1<<15, 256)...)
	for name, data := range map[string][]byte{
		"nothing": nil, "a byte": {7}, "two bytes": {7, 7}, "eight": []byte("abcabcab"), "one letter": make([]byte, 1<<20),
		"no order": noise(300000, 256), "two letters": noise(100000, 2), "rare letters": rare(), "a program": code,
		"a text":                    []byte(strings.Repeat("a connector reads pages of a data source, ", 5000)),
		"at the edge of the window": append(far, far[len(far)-1<<15:]...), "all bytes": noise(255, 256),
	} {
		t.Run(name, func(t *testing.T) {
			packed := Gzip(data)
			if !bytes.Equal(expand(t, packed), data) {
				t.Error("what comes out is not what went in")
			}
			var theirs bytes.Buffer
			w := gzip.NewWriter(&theirs)
			_, _ = w.Write(data) // a buffer takes all
			_ = w.Close()
			most := theirs.Len() + theirs.Len()/10 + 64
			if name == "a program" || name == "a text" { // what images are made of
				most = theirs.Len()
			}
			if len(packed) > most {
				t.Errorf("%d bytes, by the standard library %d", len(packed), theirs.Len())
			}
		})
	}
}

func FuzzGzip(f *testing.F) {
	f.Add([]byte("abcabcabcd"), 3)
	f.Add(noise(300, 3), 200)
	f.Fuzz(func(t *testing.T, data []byte, times int) {
		data = bytes.Repeat(data, max(1, times%500))
		if len(data) <= 1<<20 && !bytes.Equal(expand(t, Gzip(data)), data) {
			t.Errorf("what comes out is not what went in: %d bytes", len(data))
		}
	})
}

// BenchmarkGzip compresses this test's own program.
func BenchmarkGzip(b *testing.B) {
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	if other := os.Getenv("PROGRAM"); other != "" {
		program = other
	}
	data, err := os.ReadFile(program)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	size := 0
	for b.Loop() {
		size = len(Gzip(data))
	}
	b.ReportMetric(float64(size), "bytes")
}

// The same bytes come out on every machine: with another sum, images of one version have two digests.
func TestSameEverywhere(t *testing.T) {
	data := append(noise(200000, 5), bytes.Repeat([]byte("a connector reads pages of a data source, "), 500)...)
	const want = "a7e18d9bfd1597ec7b8f5d3a905c94f09c789dbfb2993e7189fa7a4cbd51259d"
	if got := fmt.Sprintf("%x", sha256.Sum256(Gzip(data))); got != want {
		t.Errorf("the sum is %s, not %s", got, want)
	}
}
