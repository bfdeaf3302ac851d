package submit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestDuplicateVertices(t *testing.T) {
	for _, mask := range []uint64{^uint64(0), 0, 0xF << 56} { // with hashes as they are, with one for all, with few
		t.Run(fmt.Sprintf("%x", mask), func(t *testing.T) {
			sender := newRecorder(t)
			s := newSubmission(t, testConfig(t, sender))
			s.hashMask = mask
			// Keys that begin alike, that JSON spells with escapes, and of another type.
			ids := []string{"1", "12", " ", "1\"", "1\\", "a\nb", "ü", "0", "a", "A", strings.Repeat("k", 70_000)}
			for round := range 2 {
				for i, id := range ids {
					got := add(t, s, "asset", "external_id", id, "name", fmt.Sprint(round, i)).Outcome
					if want := []Outcome{Added, Duplicate}[round]; got != want {
						t.Errorf("round %d, %.10q: %v", round, id, got)
					}
				}
			}
			// The same key in another collection is another object.
			if got := add(t, s, "database", "external_id", "1", "name", "x").Outcome; got != Added {
				t.Errorf("another collection: %v", got)
			}
			if err := s.SendVertices(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, o := range sender.objects("asset") {
				if !strings.HasPrefix(o["name"].(string), "0 ") {
					t.Errorf("%.10q: the second one won", o["external_id"])
				}
			}
			if got := s.Counts()["asset"]; got != (Count{Sent: len(ids), Duplicate: len(ids), Differing: len(ids)}) {
				t.Errorf("counts %+v", got)
			}
		})
	}
}

func TestKeyedByAnotherProperty(t *testing.T) {
	s := newSubmission(t, testConfig(t, newRecorder(t)))
	s.hashMask = 0 // every key is compared with every other
	keyed := func(collection, by string, properties ...any) Result {
		t.Helper()
		d, err := s.Vertex(collection)
		if err != nil {
			t.Fatal(err)
		}
		d.KeyedBy(by)
		result, err := push(d, properties).Commit()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	for i, test := range []struct {
		got  Result
		want Outcome
	}{
		{keyed("asset", "name", "external_id", "1", "name", "a"), Added},
		{keyed("asset", "name", "external_id", "2", "name", "a"), Duplicate},
		{keyed("asset", "name", "external_id", "1", "name", "b"), Added},
		{keyed("asset", "external_id", "external_id", "1", "name", "c"), Added},
		{keyed("asset", "row", "external_id", "9", "name", "z", "row", 1), Added},
		{keyed("asset", "row", "external_id", "8", "name", "z", "row", 1), Duplicate},
		{keyed("asset", "row", "external_id", "8", "name", "z", "row", 12), Added},
		{keyed("asset", "row", "external_id", "8", "name", "z", "row", 345), Added},
		{keyed("asset", "row", "external_id", "8", "name", "z", "row", 34), Added},
		{keyed("asset", "row", "external_id", "8", "name", "z", "row", "12"), Added},
		{keyed("asset", "row", "external_id", "7", "name", "z"), Skipped},
		{keyed("asset", "row", "external_id", "7", "name", "z", "row", nil), Skipped},
		{keyed("hostname", "host_name", "host_name", "h"), Added},
	} {
		if test.got.Outcome != test.want {
			t.Errorf("%d: %v %v, want %v", i, test.got.Outcome, test.got.Faults, test.want)
		}
	}
}

func TestDuplicateEdges(t *testing.T) {
	for _, mask := range []uint64{^uint64(0), 0} {
		t.Run(fmt.Sprintf("%x", mask), func(t *testing.T) {
			sender := newRecorder(t)
			config := testConfig(t, sender)
			config.PageSize = 2
			s := newSubmission(t, config)
			s.hashMask = mask
			long := strings.Repeat("x", 3*chunkSize)
			for i, test := range []struct {
				got  Result
				want Outcome
			}{
				{link(t, s, "asset_vulnerability", "a", "v"), Added},
				{link(t, s, "asset_vulnerability", "a", "v"), Duplicate},
				{link(t, s, "asset_vulnerability", "a", "v", "risk_score", 1), Added},
				{link(t, s, "asset_vulnerability", "a", "v", "risk_score", 2), Added},
				{link(t, s, "asset_vulnerability", "a", "v", "risk_score", 1), Duplicate},
				{link(t, s, "asset_vulnerability", "a", "vv"), Added},
				{link(t, s, "asset_vulnerability", "aa", "v"), Added},
				{link(t, s, "asset_account", "a", "v"), Added},
				{link(t, s, "asset_container", "a", "v"), Added},
				// The order of the properties does not matter, nor the form of the call.
				{add(t, s, "asset_vulnerability", "_to_external_id", "v", "_from_external_id", "a"), Duplicate},
				{add(t, s, "asset_vulnerability", "risk_score", 2, "_to_external_id", "v", "_from_external_id", "a"), Duplicate},
				{link(t, s, "asset_vulnerability", "a", "v", "external_id", long), Added},
				{add(t, s, "asset_vulnerability", "external_id", long, "_to_external_id", "v", "_from_external_id", "a"), Duplicate},
				{link(t, s, "asset_vulnerability", "v", "a"), Added},
				{link(t, s, "asset_vulnerability", "a", "v", "external_id", long), Duplicate},
			} {
				if test.got.Outcome != test.want {
					t.Errorf("%d: %v, want %v", i, test.got.Outcome, test.want)
				}
			}
			if err := s.SendEdges(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := s.Counts()["asset_vulnerability"]; got != (Count{Sent: 7, Duplicate: 6, Differing: 1}) {
				t.Errorf("counts %+v", got)
			}
			if got := len(sender.objects("asset_vulnerability")); got != 7 {
				t.Errorf("%d edges arrived", got)
			}
		})
	}
}

// Many objects through many chunks, each of them twice: none lost, none doubled.
func TestDuplicatesAcrossChunks(t *testing.T) {
	sender := newRecorder(t)
	s := newSubmission(t, testConfig(t, sender))
	s.hashMask = 0x3FF << 50 // so that a few of them share each hash
	const n = 6000
	for i := range 2 * n {
		id := fmt.Sprint(i * 7 % n)
		vertex := add(t, s, "asset", "external_id", id, "name", "a").Outcome
		edge := link(t, s, "asset_ipaddress", id, "10.0.0."+id).Outcome
		want := Added
		if i >= n {
			want = Duplicate
		}
		if vertex != want || edge != want {
			t.Fatalf("%d: %v, %v, want %v", i, vertex, edge, want)
		}
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	for collection, property := range map[string]string{"asset": "external_id", "asset_ipaddress": "_from_external_id"} {
		seen := map[any]int{}
		for _, o := range sender.objects(collection) {
			seen[o[property]]++
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("%s %v arrived %d times", collection, id, times)
			}
		}
		if len(seen) != n {
			t.Errorf("%s: %d arrived", collection, len(seen))
		}
	}
}

func TestKeySetFindsAll(t *testing.T) {
	var k keySet
	random := rand.New(rand.NewPCG(1, 2))
	hashes := make([]uint64, 100_000)
	alike := map[uint64]int{}
	for i := range hashes {
		hashes[i] = random.Uint64()
		if i%10 == 0 {
			hashes[i] = hashes[i/2] // some hashes come again
		}
		alike[hashes[i]]++
		k.put(hashes[i], int64(i+1))
	}
	var places []int64
	strangers := 0
	for i, hash := range hashes {
		places = k.find(hash, places[:0])
		if !slices.Contains(places, int64(i+1)) {
			t.Fatalf("%d is not found", i)
		}
		strangers += len(places) - alike[hash]
	}
	// 1,600 keys a shard, whose tags are 24 bits long: 1,600 of 2^24 searches find a place for
	// another key's sake.
	if strangers > 100 {
		t.Errorf("%d places were found besides", strangers)
	}
	if got := k.find(1<<63|12345, nil); len(got) > 1 {
		t.Errorf("an unknown hash found %d places", len(got))
	}
}

// The bound that documentation gives: 15 bytes a key, and never more than one shard of it twice.
func TestKeySetMemory(t *testing.T) {
	var k keySet
	random := rand.New(rand.NewPCG(3, 4))
	const checkFrom = 20_000
	for n := 1; n <= 400_000; n++ {
		k.put(random.Uint64(), int64(n))
		if n < checkFrom || n%1000 != 0 {
			continue
		}
		slots, largest := 0, 0
		for i := range k.shards {
			slots += len(k.shards[i].slots)
			largest = max(largest, len(k.shards[i].slots))
		}
		// While a shard grows, it is there twice.
		if bytes := (slots + largest) * 8; bytes > 16*n {
			t.Fatalf("%d bytes for %d keys: %.1f a key", bytes, n, float64(bytes)/float64(n))
		}
	}
}
