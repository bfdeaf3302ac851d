package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// worker is the process that does the work of a run: the child of the one that was started, or that
// itself where it has none.
func worker(t *testing.T, pid int) int {
	t.Helper()
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name of the program, in parentheses, may have any characters.
		_, rest, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				t.Error(err)
			}
			return child
		}
	}
	return pid
}

// listening are the loopback ports on which a process listens.
func listening(t *testing.T, pid int) []string {
	t.Helper()
	sockets := map[string]bool{}
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, "socket:[") {
			sockets[strings.Trim(target, "socket:[]")] = true
		}
	}
	table, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", pid))
	if err != nil {
		t.Error(err)
	}
	var ports []string
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) < 10 || fields[3] != "0A" || !sockets[fields[9]] {
			continue
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		n, err := strconv.ParseUint(hex, 16, 16)
		if err != nil {
			t.Error(err)
		}
		ports = append(ports, strconv.FormatUint(n, 10))
	}
	return ports
}

// TestNetworkEmbeddedCAR has a data source tell the connector on which port the embedded CAR service
// of its run listens.
func TestNetworkEmbeddedCAR(t *testing.T) {
	d, _, _ := network(t, "", `const port = await (await fetch(args.url)).text(); await fetch("http://localhost:" + port + "/api/car/v3/health");`)
	started := make(chan int, 1)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		ports := listening(t, worker(t, <-started))
		if len(ports) != 1 {
			t.Errorf("the run listens on %v", ports)
			return
		}
		fmt.Fprint(w, ports[0])
	}))
	defer source.Close()
	c := d.command(t.Context(), "run", "small", "-source", "s", "-url", source.URL)
	var out bytes.Buffer
	c.Stderr = &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	started <- c.Process.Pid
	if err := c.Wait(); c.ProcessState.ExitCode() != 54 || !strings.Contains(out.String(), "it is the embedded CAR service") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// resolv serves names on an address of loopback of its own, port 53, where the resolver of a process
// looks for it that sees another resolv.conf. Each question takes the next answer of its name.
func resolv(t *testing.T, address string, answers map[string][]string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", address+":53")
	if err != nil {
		t.Skipf("cannot serve names: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	var mu sync.Mutex
	go func() {
		buffer := make([]byte, 1500)
		for {
			size, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var message dnsmessage.Message
			if message.Unpack(buffer[:size]) != nil || len(message.Questions) == 0 {
				continue
			}
			question := message.Questions[0]
			message.Response, message.Additionals = true, nil
			if question.Type == dnsmessage.TypeA {
				name := strings.TrimSuffix(question.Name.String(), ".")
				mu.Lock()
				if turns := answers[name]; len(turns) > 0 {
					message.Answers = []dnsmessage.Resource{{
						Header: dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: dnsmessage.ClassINET},
						Body:   &dnsmessage.AResource{A: netip.MustParseAddr(turns[0]).As4()},
					}}
					if len(turns) > 1 {
						answers[name] = turns[1:]
					}
				}
				mu.Unlock()
			}
			if reply, err := message.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
}

// TestNetworkNames has names lead where they must not: with a resolver of the test's own, which a
// process gets that sees other files, and so only where this may be arranged.
func TestNetworkNames(t *testing.T) {
	const server = "127.0.53.19"
	d, source, _ := network(t, "", `for (const url of args.other.split(" ")) { const r = await fetch(url, { headers: { Connection: "close" } }); await r.text(); }`)
	d.write("resolv.conf", "nameserver "+server+"\noptions timeout:10 attempts:3\n")
	d.write("hosts", "127.0.0.1 localhost\n")
	resolv(t, server, map[string][]string{
		"metadata.test": {"169.254.169.254"}, "far.test": {"127.0.0.1"}, "rebound.test": {"127.0.0.1", "169.254.169.254"},
	})
	inside := func(args ...string) (int, string) {
		script := `mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/hosts && shift 2 && exec "$@"`
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := d.command(ctx, args...)
		c.Args = append([]string{"sh", "-c", script, "sh", filepath.Join(d.dir, "resolv.conf"), filepath.Join(d.dir, "hosts"), binary}, args...)
		c.Path, _ = exec.LookPath("sh")
		c.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		_ = c.Run() // the exit code says it
		if c.ProcessState == nil {
			return -1, "cannot be started"
		}
		return c.ProcessState.ExitCode(), out.String()
	}
	if code, out := inside("version"); code != 0 {
		t.Skipf("this process may not change what another sees: %s", out)
	}
	at := port(source)
	for _, c := range []struct {
		urls  string
		flags []string
		code  int
		says  string
	}{
		{"http://far.test" + at, nil, 0, ""},
		{"http://metadata.test/latest/", nil, 54, "metadata.test:80 (169.254.169.254) is not allowed"},
		{"http://rebound.test" + at + " http://rebound.test" + at, nil, 54, "(169.254.169.254) is not allowed"},
		{"http://far.test" + at + "/?to=http://metadata.test/", nil, 54, "metadata.test:80 (169.254.169.254)"},
		{"http://far.test" + at, []string{"-allow-net", "127.0.0.0/8"}, 0, ""},
		{"http://far.test" + at, []string{"-allow-net", "10.0.0.0/8"}, 54, "far.test" + at + " (127.0.0.1) is not allowed"},
		{"http://far.test" + at, []string{"-allow-net", "*.test"}, 0, ""},
		{"http://far.test" + at, []string{"-deny-net", "127.0.0.1"}, 54, "(127.0.0.1) is denied"},
	} {
		code, out := inside(append([]string{"run", "small", "-source", "s", "-url", source.URL, "-other", c.urls}, c.flags...)...)
		if code != c.code {
			t.Errorf("%s %v: exit code %d\n%s", c.urls, c.flags, code, out)
		}
		contains(t, out, c.says)
	}
}
