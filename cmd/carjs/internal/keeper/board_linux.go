//go:build amd64 || arm64

package keeper

import (
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// board is memory that the working process writes and its keeper reads, whatever becomes of the
// former.
type board struct {
	fd   uintptr
	data []byte
	mu   sync.Mutex
}

// The places of a board. Notes are written beside the last ones, which count until these are whole.
const (
	atDone   = 0
	atLimit  = 8
	atTurn   = 16 // which notes count: 0 none, odd the first place, even the second
	atLength = 24 // of the notes in either place
	atNotes  = 40
	maxNotes = 24 << 10
	size     = atNotes + 2*maxNotes
)

func newBoard() (*board, error) {
	fd, err := memoryFile("carjs-board", size)
	if err != nil {
		return nil, err
	}
	b := openBoard(fd)
	if b == nil {
		_ = syscall.Close(int(fd))
		return nil, syscall.ENOMEM
	}
	return b, nil
}

// close is for a keeper that keeps nothing.
func (b *board) close() {
	_ = syscall.Munmap(b.data)
	_ = syscall.Close(int(b.fd))
}

func openBoard(fd uintptr) *board {
	data, err := syscall.Mmap(int(fd), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return &board{fd: fd, data: data}
}

func (b *board) word(at int) *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&b.data[at])) }

func (b *board) setDone()             { b.word(atDone).Store(1) }
func (b *board) done() bool           { return b.word(atDone).Load() != 0 }
func (b *board) setLimit(most uint64) { b.word(atLimit).Store(most) }
func (b *board) limit() uint64        { return b.word(atLimit).Load() }

func (b *board) note(notes []byte) {
	if len(notes) > maxNotes {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	turn := b.word(atTurn).Load() + 1
	copy(b.place(turn), notes)
	b.word(atLength + 8*int(turn%2)).Store(uint64(len(notes)))
	b.word(atTurn).Store(turn)
}

func (b *board) place(turn uint64) []byte {
	at := atNotes + maxNotes*int(turn%2)
	return b.data[at : at+maxNotes]
}

func (b *board) notes() []byte {
	turn := b.word(atTurn).Load()
	if turn == 0 {
		return nil
	}
	return b.place(turn)[:min(b.word(atLength+8*int(turn%2)).Load(), maxNotes)]
}

// memoryFile makes a file that is in memory alone, with a size.
func memoryFile(name string, size int64) (uintptr, error) {
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return 0, err
	}
	const closeOnExec = 1
	fd, _, errno := syscall.Syscall(sysMemfdCreate, uintptr(unsafe.Pointer(text)), closeOnExec, 0)
	if errno != 0 {
		return 0, errno
	}
	if err := syscall.Ftruncate(int(fd), size); err != nil {
		_ = syscall.Close(int(fd))
		return 0, err
	}
	return fd, nil
}

// contents are those of a file of memory.
func contents(fd uintptr) []byte {
	const most = 1 << 20
	data := make([]byte, most)
	n, _ := syscall.Pread(int(fd), data, 0)
	return data[:max(n, 0)]
}

// sizeOf returns what tells the resident size of a process, 0 where that is not known. It allocates
// nothing.
func sizeOf(pid int) func() uint64 {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/statm", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return func() uint64 { return 0 }
	}
	page := uint64(os.Getpagesize())
	text := make([]byte, 128)
	return func() uint64 {
		n, _ := syscall.Pread(fd, text, 0)
		return resident(text[:max(n, 0)]) * page
	}
}

// resident is the second number of a text.
func resident(text []byte) uint64 {
	n, field := uint64(0), 0
	for _, c := range text {
		switch {
		case c == ' ':
			field++
		case field == 1 && c >= '0' && c <= '9':
			n = n*10 + uint64(c-'0')
		}
		if field > 1 {
			break
		}
	}
	return n
}

// self is the file of this program.
func self() string {
	const link = "/proc/self/exe"
	path, err := os.Readlink(link)
	if err != nil || syscall.Access(path, 1) != nil { // replaced or removed meanwhile
		return link
	}
	return path
}
