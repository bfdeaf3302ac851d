package main

import "testing"

// carjs help COMMAND says what the command says itself, the flags that settings make included.
func TestHelp(t *testing.T) {
	d := newDesk(t)
	for _, test := range []struct {
		args []string
		code int
		says []string
	}{
		{[]string{"help"}, 0, []string{"COMMANDS:", "help, h   list the commands, or the flags of one", "--help, -h"}},
		{[]string{"-h"}, 0, []string{"COMMANDS:"}},
		{[]string{"help", "run"}, 0, []string{"usage: carjs run [flags] CONNECTOR", "-max-deletions LIMIT"}},
		{[]string{"help", "check"}, 0, []string{"usage: carjs check", "-json"}},
		{[]string{"help", "init"}, 0, []string{"carjs init [-template TEMPLATE]"}},
		{[]string{"h", "car"}, 0, []string{"carjs car [flags]", "--addr ADDRESS"}},
		{[]string{"help", "smell"}, 2, []string{`carjs: unknown command "smell"`, "next step  carjs help lists the commands"}},
		{[]string{"-smell"}, 2, []string{"carjs: unknown flag -smell", "next step  carjs help lists the commands"}},
	} {
		r := d.run(test.args...)
		if r.code != test.code {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stdout+r.stderr, test.says...)
	}
}
