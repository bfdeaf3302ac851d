package http

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// The marks of a zip archive (APPNOTE 6.3): of an entry, of the directory behind the entries, of its
// end, and of what stands behind an entry whose size was not known before.
var (
	zipEntry     = []byte("PK\x03\x04")
	zipDirectory = []byte("PK\x01\x02")
	zipEnd       = []byte("PK\x05\x06")
	zipBehind    = []byte("PK\x07\x08")
)

const (
	zipStored   = 0
	zipDeflated = 8
	zipUnknown  = 1<<32 - 1 // a size that stands in the extra field
)

// archive is a zip archive that is read from its beginning to its end, while it arrives. The usual
// way begins with the directory at the end, for which all of it has to be kept.
type archive struct {
	in   *bufio.Reader
	from *fromNet
	// entries is how many came.
	entries int
}

// packed is the head of an entry.
type packed struct {
	name         string
	flags        uint16
	method       uint16
	sum          uint32
	length, size uint64
}

// unzip reads the files of an archive one after the other. That all of them came, and whole, is
// checked with their sums and with the directory.
func unzip(body io.Reader, depth int, read func(string, io.Reader) error) error {
	from := &fromNet{Reader: body}
	a := &archive{in: bufio.NewReader(from), from: from}
	for {
		mark, err := a.in.Peek(len(zipEntry))
		switch {
		case err != nil:
			return a.early(err)
		case bytes.Equal(mark, zipEntry):
			if err := a.one(depth, read); err != nil {
				return err
			}
		case bytes.Equal(mark, zipDirectory), bytes.Equal(mark, zipEnd), bytes.Equal(mark, []byte("PK\x06\x08")):
			return a.end()
		default:
			return a.wrong("has something else where an entry should begin")
		}
	}
}

// at is how much of the archive was used.
func (a *archive) at() int64 { return a.from.read - int64(a.in.Buffered()) }

func (a *archive) wrong(format string, args ...any) error {
	return &packError{kind: zipFile, problem: fmt.Sprintf(format, args...)}
}

// early is the error of an archive that ends where it must not.
func (a *archive) early(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return a.from.fault(zipFile, err)
}

// take reads so many bytes.
func (a *archive) take(n int) ([]byte, error) {
	data := make([]byte, n)
	if _, err := io.ReadFull(a.in, data); err != nil {
		return nil, a.early(err)
	}
	return data, nil
}

// one reads an entry.
func (a *archive) one(depth int, read func(string, io.Reader) error) error {
	e, err := a.head()
	if err != nil {
		return err
	}
	a.entries++
	content := &content{archive: a, entry: e, sum: crc32.NewIEEE(), start: a.at()}
	streamed := e.flags&8 != 0 // sizes and sum stand behind the content
	switch {
	case e.flags&1 != 0:
		return a.wrong("%q in it is encrypted", e.name)
	case e.method == zipStored && streamed && e.length == 0 && !strings.HasSuffix(e.name, "/"):
		return a.wrong("%q in it can only be read from its end, because its size is missing", e.name)
	case e.method == zipStored:
		content.plain = io.LimitReader(a.in, int64(e.length))
	case e.method == zipDeflated && streamed:
		content.plain = inflated(a.in)
	case e.method == zipDeflated:
		content.plain = inflated(bufio.NewReader(io.LimitReader(a.in, int64(e.length))))
	default:
		return a.wrong("%q in it is compressed with method %d, which carjs does not support", e.name, e.method)
	}
	if !strings.HasSuffix(e.name, "/") {
		if err := unpack(content, depth+1, e.name, read); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, content); err != nil { // what the reader left
		return err
	}
	if !streamed {
		return content.check(e.sum, e.size)
	}
	return content.behind()
}

// head reads the head of an entry.
func (a *archive) head() (packed, error) {
	data, err := a.take(30)
	if err != nil {
		return packed{}, err
	}
	le := binary.LittleEndian
	e := packed{
		flags: le.Uint16(data[6:]), method: le.Uint16(data[8:]), sum: le.Uint32(data[14:]),
		length: uint64(le.Uint32(data[18:])), size: uint64(le.Uint32(data[22:])),
	}
	name, err := a.take(int(le.Uint16(data[26:])))
	if err != nil {
		return packed{}, err
	}
	extra, err := a.take(int(le.Uint16(data[28:])))
	if err != nil {
		return packed{}, err
	}
	e.name = string(name)
	for len(extra) >= 4 {
		kind, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		field := extra[4:][:min(n, len(extra)-4)]
		if extra = extra[4+len(field):]; kind != 1 { // sizes of more than 32 bits
			continue
		}
		for _, size := range []*uint64{&e.size, &e.length} {
			if *size == zipUnknown && len(field) >= 8 {
				*size, field = le.Uint64(field), field[8:]
			}
		}
	}
	return e, nil
}

// content is what is in an entry. It is read to its end even when nobody wants all of it.
type content struct {
	*archive
	entry packed
	plain io.Reader
	sum   hash.Hash32
	size  uint64
	start int64 // where it begins in the archive
}

// Read reads a part.
func (c *content) Read(p []byte) (int, error) {
	n, err := c.plain.Read(p)
	_, _ = c.sum.Write(p[:n]) // never fails
	c.size += uint64(n)
	return n, c.from.fault(zipFile, err)
}

// check compares what came with what the archive says of it.
func (c *content) check(sum uint32, size uint64) error {
	if c.size != size || c.sum.Sum32() != sum {
		if _, err := c.in.Peek(1); err != nil {
			return c.early(err)
		}
		return c.damaged()
	}
	return nil
}

// behind reads what stands behind an entry whose size was not known before: a mark, which may be
// missing, the sum, and the sizes, of 32 or 64 bits. Which of the forms it is shows in the values.
func (c *content) behind() error {
	le, length := binary.LittleEndian, c.at()-c.start
	for _, form := range []struct {
		mark []byte
		wide bool
	}{{zipBehind, false}, {zipBehind, true}, {nil, false}, {nil, true}} {
		want := le.AppendUint32(bytes.Clone(form.mark), c.sum.Sum32())
		if form.wide {
			want = le.AppendUint64(le.AppendUint64(want, uint64(length)), c.size)
		} else {
			want = le.AppendUint32(le.AppendUint32(want, uint32(length)), uint32(c.size))
		}
		if data, _ := c.in.Peek(len(want)); bytes.Equal(data, want) {
			_, err := c.in.Discard(len(want))
			return err
		}
	}
	if _, err := c.in.Peek(12); err != nil {
		return c.early(err)
	}
	return c.damaged()
}

// damaged is the error of an entry that is not what the archive says of it.
func (c *content) damaged() error {
	return c.wrong("%q in it is damaged: its size or checksum is another", c.entry.name)
}

// end reads what is behind the entries, and compares their number with that of the directory.
func (a *archive) end() error {
	listed, last := 0, []byte(nil)
	for {
		mark, err := a.in.Peek(4)
		if err != nil {
			return a.early(err)
		}
		switch {
		case bytes.Equal(mark, zipDirectory):
			head, err := a.take(46)
			if err != nil {
				return err
			}
			le := binary.LittleEndian
			if _, err := a.take(int(le.Uint16(head[28:])) + int(le.Uint16(head[30:])) + int(le.Uint16(head[32:]))); err != nil {
				return err
			}
			listed++
		case bytes.Equal(mark, zipEnd):
			if last, err = a.take(22); err != nil {
				return err
			}
			if _, err := a.take(int(binary.LittleEndian.Uint16(last[20:]))); err != nil { // a comment
				return err
			}
			if listed != a.entries {
				return a.wrong("has %d entries, but lists %d", a.entries, listed)
			}
			return nil
		case bytes.Equal(mark, []byte("PK\x06\x06")): // the end of an archive of more than 4 GiB
			head, err := a.take(12)
			if err != nil {
				return err
			}
			if _, err := io.CopyN(io.Discard, a.in, int64(binary.LittleEndian.Uint64(head[4:]))); err != nil {
				return a.early(err)
			}
		case bytes.Equal(mark, []byte("PK\x06\x07")):
			if _, err := a.take(20); err != nil {
				return err
			}
		default:
			return a.wrong("has a damaged directory")
		}
	}
}
