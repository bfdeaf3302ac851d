package warm

import (
	"os"
	"reflect"
	"runtime"
	"testing"
)

func TestCode(t *testing.T) {
	const program = "00400000-011d4000 r-xp 00000000 fe:00 12                                 /opt/carjs\n" +
		"011d4000-01ef9000 r--p 00dd4000 fe:00 12                                 /opt/carjs\n" +
		"01ef9000-0218d000 rw-p 01af9000 fe:00 12                                 /opt/carjs\n"
	both := []mapping{{0x400000, 0x11d4000}, {0x11d4000, 0x1ef9000}}
	for name, c := range map[string]struct {
		maps string
		want []mapping
	}{
		"whole":              {program + "7f00-7f10 rw-p 00000000 00:00 0 \n", both},
		"a library follows":  {program + "7f00-7f10 r-xp 00000000 fe:00 13   /lib/other.so\n", both},
		"cut off":            {program[:120], both[:1]},
		"nothing":            {"", nil},
		"no file":            {"c000000000-c000400000 rw-p 00000000 00:00 0 \n", nil},
		"no numbers":         {"x-y r-xp 00000000 fe:00 12 /opt/carjs\n", nil},
		"backwards":          {"20-10 r-xp 00000000 fe:00 12 /opt/carjs\n", nil},
		"nothing but a dash": {"-\n", nil},
		"no mode":            {"10-20 r\n", nil},
	} {
		if got := code([]byte(c.maps)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %x, want %x", name, got, c.want)
		}
	}
}

// TestOwnCode looks for this very function where the mappings say that code is.
func TestOwnCode(t *testing.T) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Skipf("this system does not tell its mappings: %v", err)
	}
	here := uintptr(0)
	if pc, _, _, ok := runtime.Caller(0); ok {
		here = pc
	}
	for _, m := range code(maps) {
		if m.start <= here && here < m.end {
			return
		}
	}
	t.Errorf("%x is not in %x of\n%s", here, code(maps), maps)
}
