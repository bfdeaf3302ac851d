package web_test

import (
	"testing"

	"carjs/bindings/web/webtest"
)

func TestDOMParser(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"nodes", `const d = new DOMParser().parseFromString('\ufeff<?xml version="1.0" encoding="latin1"?><!-- c --><a x="1 &amp; 2"><b>t&lt;<![CDATA[<raw>]]></b><b/>u</a>', "text/xml") as any; const r = d.documentElement;
			return [r.nodeName, r.attributes[0].name, r.getAttribute("x"), r.childNodes.length, r.firstChild.textContent, r.lastChild.nodeType === Node.TEXT_NODE, d.getElementsByTagName("b").length, r.firstChild.nextSibling.childNodes.length, r.textContent, d.firstChild.nodeName]`,
			`["a","x","1 & 2",3,"t<<raw>",true,2,0,"t<<raw>u","#comment"]`},
		{"namespaces", `const r = (new DOMParser().parseFromString('<s:a xmlns="urn:d" xmlns:s="urn:s"><b s:k="v"/></s:a>', "application/xml") as any).documentElement; b = r.firstChild;
			return [r.localName, r.prefix, r.namespaceURI, b.namespaceURI, b.getAttributeNS("urn:s", "k"), r.getElementsByTagNameNS("urn:d", "b").length]`, `["a","s","urn:s","urn:d","v",1]`},
		{"invalid", `return ["<a>", "<a></b>", "<a/><b/>", "x", "", "<a>&nope;</a>"].map((text) => new DOMParser().parseFromString(text, "text/xml").getElementsByTagName("parsererror").length)`, `[1,1,1,1,1,1]`},
		{"no HTML", `try { new DOMParser().parseFromString("<p>", "text/html" as any) } catch (e: any) { return e.name }`, `NotSupportedError`},
		{"written", `const p = new DOMParser(), s = new XMLSerializer(); return s.serializeToString(p.parseFromString('<a k="&quot;&lt;"><b>x &amp; y</b><c></c><!--n--></a>', "text/xml"))`, `<a k="&quot;&lt;"><b>x &amp; y</b><c/><!--n--></a>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := webtest.Text(world.Run(t, webtest.Main(c.body))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
