package warm

import (
	"syscall"
	"unsafe"

	_ "carjs/cmd/carjs/internal/keeper" // comes first: a keeper needs nothing of this
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
	warmHeap()
	// Beside the rest of the start: mapping ten thousand pages takes the kernel some milliseconds.
	go warmCode()
	return true
}

// warmHeap asks for huge pages for the chunk that the heap begins with.
func warmHeap() {
	first := new([64]byte)
	advise(uintptr(unsafe.Pointer(first))&^(chunk-1), chunk, hugePage)
}

// warmCode maps the program's code and constants, which are in the page cache since the kernel
// looked at the file to start it, or since an earlier start.
func warmCode() {
	file, err := syscall.Open("/proc/self/maps", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	// The program's own mappings come first, and three lines of them are far shorter than this.
	text := make([]byte, 1024)
	n, err := syscall.Read(file, text)
	_ = syscall.Close(file) // it was only read
	if err != nil {
		return
	}
	for _, m := range code(text[:n]) {
		advise(m.start, m.end-m.start, populateRead)
	}
}

// advise gives advice, which may be refused.
func advise(start, length, advice uintptr) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, start, length, advice)
}
