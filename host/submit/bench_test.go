package submit

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
	"testing"

	"carjs/host/model"
)

// sink takes every page and forgets it.
type sink struct{}

func (sink) Import(context.Context, []byte) (string, error) { return "job", nil }
func (sink) AwaitImports(context.Context, []string) error   { return nil }

func benchSubmission(b *testing.B, sender Sender) *Submission {
	b.Helper()
	s, err := New(b.Context(), Config{
		Source: "connection", Report: "report-1700000000000", Timestamp: 1700000000000, Dir: b.TempDir(), Sender: sender,
		Head: []byte(`{"source":{"_key":"connection","name":"n"},"report":{"_key":"report-1700000000000","timestamp":1700000000000}}`),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

func commit(b *testing.B, d *Draft, err error) {
	if err != nil {
		b.Fatal(err)
	}
	if result, err := d.Commit(); err != nil || result.Outcome != Added {
		b.Fatal(result, err)
	}
}

func benchAsset(b *testing.B, s *Submission, id string) {
	d, err := s.Vertex("asset")
	if err == nil {
		d.String("external_id", id)
		d.String("name", "server-0001.example.com")
		d.String("asset_type", "workstation")
		d.Number("initial_value", 1250)
		d.Number("risk", 4.5)
	}
	commit(b, d, err)
}

func BenchmarkAsset(b *testing.B) {
	s := benchSubmission(b, sink{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		benchAsset(b, s, strconv.Itoa(i))
	}
}

var links = []byte(`{"references":[{"extref_typename":"CVE","extref_value":"CVE-2021-44228"},{"extref_typename":"BID","extref_value":"12345"}]}`)

func BenchmarkVulnerability(b *testing.B) {
	s := benchSubmission(b, sink{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d, err := s.Vertex("vulnerability")
		if err == nil {
			d.String("external_id", strconv.Itoa(i))
			d.String("name", "Apache Log4j remote code execution")
			d.String("description", "A flaw was found in the Java logging library in versions from 2.0.0 and before 2.15.0. "+
				"A remote attacker can execute code.")
			d.Number("published_on", 1639094400000)
			d.Number("disclosed_on", 1639008000000)
			d.Number("updated_on", 1639180800000)
			d.Number("base_score", 9.8)
			d.String("vcvssbmid", "17")
			d.Written("xref_properties", links)
		}
		commit(b, d, err)
	}
}

func BenchmarkHardwareAddress(b *testing.B) {
	s := benchSubmission(b, sink{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		var octets [8]byte
		binary.BigEndian.PutUint64(octets[:], uint64(i))
		key := make([]byte, 0, 17)
		for j, octet := range octets[2:] {
			if j > 0 {
				key = append(key, ':')
			}
			key = hex.AppendEncode(key, []byte{octet})
		}
		d, err := s.Vertex("macaddress")
		if err == nil {
			d.String("_key", string(key))
		}
		commit(b, d, err)
	}
}

// BenchmarkAddress adds addresses of IPv4, and of IPv6 in the spelling in which CAR shows them,
// each with an edge.
func BenchmarkAddress(b *testing.B) {
	for _, bench := range []struct {
		name string
		make func(i uint32) netip.Addr
	}{
		{"IPv4", func(i uint32) netip.Addr {
			return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, i+10<<24)))
		}},
		{"IPv6", func(i uint32) netip.Addr {
			return netip.AddrFrom16([16]byte(binary.BigEndian.AppendUint32([]byte("\x20\x01\x0d\xb8\x00\x0a\x00\x00\x00\x00\x00\x00"), i)))
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := benchSubmission(b, sink{})
			b.ReportAllocs()
			for i := uint32(0); b.Loop(); i++ {
				key := bench.make(i).String()
				d, err := s.Vertex("ipaddress")
				if err == nil {
					d.String("_key", key)
				}
				commit(b, d, err)
				d, err = s.Link("asset_ipaddress", "1", key)
				commit(b, d, err)
			}
		})
	}
}

func BenchmarkLink(b *testing.B) {
	s := benchSubmission(b, sink{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d, err := s.Link("asset_ipaddress", strconv.Itoa(i), "10.120.30.40")
		commit(b, d, err)
	}
}

// BenchmarkEnds adds edges between 200,000 assets and as many vulnerabilities: without a check of
// their ends, with one, and with one where the edges come before the vertices, sending included.
func BenchmarkEnds(b *testing.B) {
	const n = 200_000
	vertices := func(b *testing.B, s *Submission) {
		for i := range n {
			benchAsset(b, s, strconv.Itoa(i))
			d, err := s.Vertex("vulnerability")
			if err == nil {
				d.String("external_id", strconv.Itoa(i))
				d.String("name", "n")
			}
			commit(b, d, err)
		}
	}
	for _, bench := range []struct {
		name         string
		check, later bool
	}{{"unchecked", false, false}, {"checked", true, false}, {"vertices later", true, true}} {
		b.Run(bench.name, func(b *testing.B) {
			s := benchSubmission(b, sink{})
			s.config.CheckEnds = bench.check
			if !bench.later {
				vertices(b, s)
			}
			random := uint32(1)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				random = random*1664525 + 1013904223
				d, err := s.Link("asset_vulnerability", strconv.Itoa(i/4%n), strconv.Itoa(int(random>>8)%n))
				if err == nil {
					d.Number("risk_score", float64(i%1000))
				}
				if err != nil {
					b.Fatal(err)
				}
				if _, err := d.Commit(); err != nil {
					b.Fatal(err)
				}
			}
			if bench.later {
				b.StopTimer()
				vertices(b, s)
				b.StartTimer()
			}
			if err := s.SendLast(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkEdgeObject(b *testing.B) {
	s := benchSubmission(b, sink{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d, err := s.Edge("asset_vulnerability")
		if err == nil {
			d.String("_from_external_id", strconv.Itoa(i))
			d.String("_to_external_id", "4711")
			d.Number("risk_score", 7.5)
		}
		commit(b, d, err)
	}
}

func BenchmarkDuplicateVertex(b *testing.B) {
	s := benchSubmission(b, sink{})
	benchAsset(b, s, "1")
	for i := range 50_000 { // so that the key has left memory
		benchAsset(b, s, "k"+strconv.Itoa(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		d, err := s.Vertex("asset")
		if err != nil {
			b.Fatal(err)
		}
		d.String("external_id", "1")
		d.String("name", "n")
		if result, err := d.Commit(); err != nil || result.Outcome != Duplicate {
			b.Fatal(result, err)
		}
	}
}

func BenchmarkKeySet(b *testing.B) {
	b.ReportAllocs()
	var k keySet
	var places []int64
	hash := uint64(0x9E3779B97F4A7C15)
	for i := 1; b.Loop(); i++ {
		hash = hash*0xD1342543DE82EF95 + 1
		if i&(1<<22-1) == 0 {
			k = keySet{} // four million keys at most, whatever the number of rounds
		}
		places = k.find(hash, places[:0])
		k.put(hash, int64(i))
	}
}

func BenchmarkContentHash(b *testing.B) {
	c, _ := model.CAR().Collection("asset")
	object := map[string]any{"external_id": "1", "name": "server-0001.example.com", "asset_type": "workstation", "risk": 4.5}
	b.ReportAllocs()
	for b.Loop() {
		ContentHash(c, object)
	}
}

// BenchmarkPosting sends pages of 2,000 assets over loopback HTTP, mapping and posting at the same
// time.
func BenchmarkPosting(b *testing.B) {
	_, sender := newImportServer(b)
	s := benchSubmission(b, sender)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		benchAsset(b, s, strconv.Itoa(i))
	}
	if err := s.SendVertices(b.Context()); err != nil {
		b.Fatal(err)
	}
}
