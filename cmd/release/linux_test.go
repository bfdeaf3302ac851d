package main

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
)

// rpmArch are the names that rpm has for processors.
var rpmArch = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}

// unar reads an ar archive, which a deb is.
func unar(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	const magic = "!<arch>\n"
	if !bytes.HasPrefix(data, []byte(magic)) {
		t.Fatalf("no ar archive: %q", data[:8])
	}
	members := map[string][]byte{}
	for data = data[len(magic):]; len(data) >= 60; {
		size, err := strconv.Atoi(strings.TrimSpace(string(data[48:58])))
		if err != nil || string(data[58:60]) != "`\n" || len(data) < 60+size {
			t.Fatalf("%q: %v", data[:60], err)
		}
		members[strings.TrimRight(string(data[:16]), " /")] = data[60 : 60+size]
		data = data[min(60+size+size%2, len(data)):]
	}
	return members
}

func checkDeb(t *testing.T, r *release) {
	members := unar(t, r.read(t, "carjs_1.2.3~rc.1-1_"+here.arch+".deb"))
	if string(members["debian-binary"]) != "2.0\n" {
		t.Errorf("%q", members["debian-binary"])
	}
	control, _ := untar(t, members["control.tar.gz"])
	text := string(control["./control"])
	for _, line := range []string{
		"Package: carjs\n", "Version: 1.2.3~rc.1-1\n", "Architecture: " + here.arch + "\n", "Description: " + summary,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	files, headers := untar(t, members["data.tar.gz"])
	carjs, _ := untar(t, r.read(t, r.archiveFile(here, "")))
	if !bytes.Equal(files["./usr/bin/carjs"], carjs[r.archiveName(here, "")+"/carjs"]) {
		t.Error("another carjs is packaged")
	}
	for name, header := range headers {
		if header.Uname != "root" || !header.ModTime.Equal(r.time) {
			t.Errorf("%s: %+v", name, header)
		}
	}
	const documents = "./usr/share/doc/carjs/"
	if headers["./usr/bin/carjs"].Mode != 0o755 || headers[documents+"copyright"] == nil || headers[documents+"LICENSES.txt"] == nil {
		t.Errorf("%v", headers)
	}
}

// rpmStrings reads the texts in a header of an rpm, by tag, and returns what follows it.
func rpmStrings(t *testing.T, data []byte) (texts map[uint32]string, rest []byte) {
	t.Helper()
	if len(data) < 16 || !bytes.Equal(data[:4], []byte{0x8e, 0xad, 0xe8, 1}) {
		t.Fatalf("no header: %x", data[:min(16, len(data))])
	}
	entries, size := binary.BigEndian.Uint32(data[8:]), binary.BigEndian.Uint32(data[12:])
	index, store := data[16:16+16*entries], data[16+16*entries:]
	texts = map[uint32]string{}
	for ; len(index) > 0; index = index[16:] {
		tag, kind, offset := binary.BigEndian.Uint32(index), binary.BigEndian.Uint32(index[4:]), binary.BigEndian.Uint32(index[8:])
		if kind == 6 || kind == 9 { // a text, and one that can be translated
			text, _, _ := bytes.Cut(store[offset:], []byte{0})
			texts[tag] = string(text)
		}
	}
	return texts, store[size:]
}

func checkRPM(t *testing.T, r *release) {
	data := r.read(t, "carjs-1.2.3~rc.1-1."+rpmArch[here.arch]+".rpm")
	const lead = 96
	if len(data) < lead || binary.BigEndian.Uint32(data) != 0xedabeedb {
		t.Fatalf("no rpm: %x", data[:4])
	}
	_, rest := rpmStrings(t, data[lead:])
	padding := (8 - (len(data)-lead-len(rest))%8) % 8 // the signature is filled up to eight bytes
	texts, _ := rpmStrings(t, rest[padding:])
	for tag, want := range map[uint32]string{
		1000: "carjs", 1001: "1.2.3~rc.1", 1002: "1", 1004: summary, 1007: "localhost", 1014: licenseID, 1021: "linux", 1022: rpmArch[here.arch],
	} {
		if texts[tag] != want {
			t.Errorf("tag %d is %q, want %q", tag, texts[tag], want)
		}
	}
}
