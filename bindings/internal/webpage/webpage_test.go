package webpage

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"<!DOCTYPE html><html><head><title>\n Acme &amp; Co\u00a0– Inventory </title></head>":  `an HTML page ("Acme & Co – Inventory")`,
		"\ufeff\r\n<HTML lang=de><TITLE>x</TITLE>":                                             `an HTML page ("x")`,
		"<!-- made by a proxy --><html><style>a{}</style><p>Access <b>denied</b>":              `an HTML page ("Access denied")`,
		`<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html>`: "an HTML page",
		`<html><title>Sign in</title><form><INPUT name=p type='password'></form>`:              `an HTML login page ("Sign in")`,
		"<html><title>" + strings.Repeat("ä",
			100) + "</title>": `an HTML page ("` + strings.Repeat("ä", 79) + `…")`,
		"<html/>":                                "an HTML page",
		"":                                       "",
		"{}":                                     "",
		"id,html":                                "",
		"<hosts/>":                               "",
		"<htmlish><html/></htmlish>":             "",
		"<body><title>a report</title></body>":   "",
		"<!DOCTYPE hosts><hosts><html/></hosts>": "",
	} {
		page, ok := Of([]byte(text))
		if ok != (want != "") || ok && page.String() != want {
			t.Errorf("%q: %v, %q", text, ok, page)
		}
	}
}
