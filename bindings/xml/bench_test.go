package xml

import (
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
)

// A megabyte of host records, as a whole and one by one.
func BenchmarkParse(b *testing.B) {
	const host = `<host id="4711"><name>web-4711.example.com</name><os>Linux 6.1</os><port proto="tcp">80</port><port proto="tcp">443</port></host>`
	data := "<hosts>" + strings.Repeat(host, 1<<20/len(host)) + "</hosts>"
	s := argstest.New(b, Module())
	s.Buffer("data", []byte(data))
	for name, expression := range map[string]string{
		"parse":   `xml.parse(data).hosts.host.length`,
		"records": `(() => { let n = 0; for (const host of xml.records(data, "host")) n++; return n })()`,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Eval(expression); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
