// Command meter runs another command and prints on standard output, as JSON, what it took. What the
// command prints goes to standard error.
//
// It is a process of its own because of the peak of memory. On Linux that of a new process begins
// with the peak of the one that started it, which in the benchmark holds the data source's rows;
// the meter holds next to nothing.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"carjs/cmd/bench/internal/child"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
}

func run(argv []string) error {
	if len(argv) == 0 {
		return fmt.Errorf("no command is named")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	used, err := child.Measure(command)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(used)
}
