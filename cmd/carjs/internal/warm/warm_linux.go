package warm

import (
	"syscall"
	"unsafe"

	"carjs/cmd/carjs/internal/role"
)

// Advice of madvise(2) that package syscall does not name.
const (
	hugePage     = 14
	populateRead = 22 // since Linux 5.14
)

// chunk is the unit in which the Go runtime takes memory for its heap, and to which that is
// aligned.
const chunk = 4 << 20

// Begun tells that the advice is given; see the package's comment for why it is given here.
var Begun = begin()

func begin() bool {
	if isKeeper() {
		return false // which waits for another process and needs none of this
	}
	warmHeap()
	// Beside the rest of the start: mapping ten thousand pages takes the kernel some milliseconds.
	go warmCode()
	return true
}

// isKeeper tells whether this is a process that starts another one for its work.
func isKeeper() bool {
	if _, working := syscall.Getenv(role.Working); working {
		return false
	}
	if _, ended := syscall.Getenv(role.Ended); ended {
		return false
	}
	words := read("/proc/self/cmdline") // package os has them, and comes late
	for i := range words {
		if words[i] == 0 {
			next := words[i+1:]
			return len(next) > len(role.Command) && string(next[:len(role.Command)]) == role.Command && next[len(role.Command)] == 0
		}
	}
	return false
}

// read returns the beginning of a file, nothing when it cannot be read.
func read(name string) []byte {
	file, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	text := make([]byte, 1024)
	n, _ := syscall.Read(file, text)
	_ = syscall.Close(file) // it was only read
	return text[:max(n, 0)]
}

// warmHeap asks for huge pages for the chunk that the heap begins with.
func warmHeap() {
	first := new([64]byte)
	advise(uintptr(unsafe.Pointer(first))&^(chunk-1), chunk, hugePage)
}

// warmCode maps the program's code and constants, which are in the page cache since the kernel
// looked at the file to start it, or since an earlier start.
func warmCode() {
	// The program's own mappings come first, and three lines of them are far shorter than what is read.
	for _, m := range code(read("/proc/self/maps")) {
		advise(m.start, m.end-m.start, populateRead)
	}
}

// advise gives advice, which may be refused.
func advise(start, length, advice uintptr) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, start, length, advice)
}
