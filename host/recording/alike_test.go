package recording

import "testing"

func TestHides(t *testing.T) {
	const m = "[redacted]"
	for _, test := range []struct {
		recorded, asked string
		want            bool
	}{
		{"GET /a?\n", "GET /a?\n", true},
		{"GET /a?x=" + m + "\n", "GET /a?x=1\n", true},
		{"GET /a?x=" + m + "&y=2\n", "GET /a?x=1&y=2\n", true},
		{"GET /a?x=" + m + "&y=2\n", "GET /a?x=1&y=3\n", false},
		{"GET /a?x=" + m + "\n", "GET /a?x=1&y=2\n", false},
		{"GET /" + m + "/b?\n", "GET /a/b?\n", true},
		{"GET /" + m + "/b?\n", "GET /a/c/b?\n", false},
		{"GET /a?x=v-" + m + "-w\n", "GET /a?x=v-1-w\n", true},
		{"GET /a?x=v-" + m + "-w\n", "GET /a?x=v-1\n", false},
		{"POST /a?\nu=" + m + "&p=" + m, "POST /a?\nu=ann&p=1", true},
		{"POST /a?\n{\"u\":\"" + m + "\"}", "POST /a?\n{\"u\":\"ann\"}", true},
		{"POST /a?\n{\"u\":\"" + m + "\"}", "POST /a?\n{\"u\":\"ann\",\"v\":1}", false},
	} {
		if got := hides(test.recorded, test.asked); got != test.want {
			t.Errorf("%q for %q: %v", test.recorded, test.asked, got)
		}
	}
}
