package image

import (
	"bytes"
	"encoding/binary"
	"runtime/debug"
)

// What is read of a program is its ELF header and Go's build information. The standard library's
// debug/elf and debug/buildinfo read both, too, but bring readers of DWARF, PE, Mach-O and XCOFF into
// the binary, which is the largest part of every image.

// elfFile is what the header of a 64-bit ELF file says.
type elfFile struct {
	machine     uint16 // e_machine
	order       binary.ByteOrder
	interpreted bool // has a program interpreter, so it is linked dynamically
	cut         bool // ends before what it loads
}

// Offsets and values of ELF's header and program headers, 64-bit form.
const (
	elfClass, elfData, elfMachine, elfProgramOffset, elfProgramSize, elfPrograms, elfHeader = 4, 5, 18, 32, 54, 56, 64
	programOffset, programSize, programHeader                                               = 8, 32, 56

	class64, littleEndian, bigEndian = 2, 1, 2
	interpreter                      = 3 // PT_INTERP
)

// readELF reads the header of a 64-bit ELF file; false when data is none.
func readELF(data []byte) (elfFile, bool) {
	if len(data) < elfHeader || !bytes.HasPrefix(data, []byte("\x7fELF")) || data[elfClass] != class64 {
		return elfFile{}, false
	}
	var file elfFile
	switch data[elfData] {
	case littleEndian:
		file.order = binary.LittleEndian
	case bigEndian:
		file.order = binary.BigEndian
	default:
		return elfFile{}, false
	}
	file.machine = file.order.Uint16(data[elfMachine:])
	at, size := file.order.Uint64(data[elfProgramOffset:]), uint64(file.order.Uint16(data[elfProgramSize:]))
	for range file.order.Uint16(data[elfPrograms:]) {
		if uint64(len(data)) < programHeader || at > uint64(len(data))-programHeader {
			return elfFile{}, false
		}
		if file.order.Uint32(data[at:]) == interpreter {
			file.interpreted = true
		}
		offset, length := file.order.Uint64(data[at+programOffset:]), file.order.Uint64(data[at+programSize:])
		file.cut = file.cut || offset > uint64(len(data)) || length > uint64(len(data))-offset
		at += size
	}
	return file, true
}

// readBuildInfo finds the build information that Go's linker writes into every program: 16 bytes
// that start with a mark, 16 reserved ones, and two texts after their lengths, the version of Go and
// the modules. The modules stand between two sentinels of 16 bytes.
func readBuildInfo(data []byte) (*debug.BuildInfo, bool) {
	const align, head, inline, sentinel = 16, 32, 2, 16
	mark := append([]byte{0xff}, " Go buildinf:"...)
	for at := 0; at < len(data); at += align {
		next := bytes.Index(data[at:], mark)
		if next < 0 {
			return nil, false
		}
		if at += next; at%align != 0 {
			at -= at % align
			continue
		}
		if len(data) < at+head || data[at+align-1]&inline == 0 {
			continue
		}
		version, rest, ok := cutText(data[at+head:])
		modules, _, complete := cutText(rest)
		if !ok || !complete || len(modules) < 2*sentinel || !isVersion(version) {
			continue // a text of the program with the same bytes
		}
		info, err := debug.ParseBuildInfo(string(modules[sentinel : len(modules)-sentinel]))
		if err != nil {
			continue
		}
		info.GoVersion = string(version)
		return info, true
	}
	return nil, false
}

// isVersion tells whether a text is what releases of Go call themselves, or a build between two.
func isVersion(text []byte) bool {
	return bytes.HasPrefix(text, []byte("go1.")) || bytes.HasPrefix(text, []byte("devel "))
}

// cutText cuts a text off that stands after its length.
func cutText(data []byte) (text, rest []byte, ok bool) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)-size) {
		return nil, nil, false
	}
	return data[size : size+int(n)], data[size+int(n):], true
}
