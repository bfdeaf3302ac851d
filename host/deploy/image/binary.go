package image

import (
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"carjs/host/failure"
)

// Platform is an operating system and a processor, as in "linux/arm64".
type Platform string

// machine is how a program for a processor is known.
type machine struct {
	elf   uint16 // ELF's number
	order binary.ByteOrder
}

// machines are the processors that images are made for, by Go's names, which OCI uses too.
var machines = map[string]machine{
	"amd64":   {62, binary.LittleEndian},
	"arm64":   {183, binary.LittleEndian},
	"ppc64le": {21, binary.LittleEndian},
	"riscv64": {243, binary.LittleEndian},
	"s390x":   {22, binary.BigEndian},
}

// ParsePlatform reads a platform. The error is a [*failure.Failure].
func ParsePlatform(text string) (Platform, error) {
	system, architecture, _ := strings.Cut(text, "/")
	if _, known := machines[architecture]; system != "linux" || !known {
		return "", failure.Usage("unknown platform %q", text).WithHint("the platforms are: %s", strings.Join(platformNames(), ", "))
	}
	return Platform(text), nil
}

func platformNames() []string {
	names := slices.Sorted(maps.Keys(machines))
	for i := range names {
		names[i] = "linux/" + names[i]
	}
	return names
}

// Here is the platform of this machine's processor under Linux.
func Here() Platform { return Platform("linux/" + runtime.GOARCH) }

// Architecture is the processor, in Go's names.
func (p Platform) Architecture() string { return strings.TrimPrefix(string(p), "linux/") }

// module is a Go module, or the standard library, in a binary.
type module struct{ path, version string }

// program is a carjs binary that was looked at.
type program struct {
	data    []byte
	modules []module // the first is carjs itself
}

// readBinary reads a carjs binary and checks that a platform can start it in an image that has
// nothing else in it. The error is a [*failure.Failure].
func readBinary(path string, platform Platform) (program, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return program{}, failure.Usage("cannot read the carjs binary for %s: %v", platform, err).WithCause(err).
			WithHint("set -binary %s=FILE to a carjs binary", platform)
	}
	refuse := func(format string, args ...any) (program, error) {
		return program{}, failure.Usage("%s %s", path, fmt.Sprintf(format, args...)).
			WithHint("set -binary %s=FILE to a carjs binary built with CGO_ENABLED=0 GOOS=linux GOARCH=%s",
				platform, platform.Architecture())
	}
	file, ok := readELF(data)
	if !ok {
		return refuse("is not a 64-bit Linux program")
	}
	if want := machines[platform.Architecture()]; file.machine != want.elf || file.order != want.order {
		return refuse("is for %s, not for %s", architectureOf(file), platform)
	}
	if file.cut {
		return refuse("is incomplete: %d bytes are not all of it", len(data))
	}
	info, ok := readBuildInfo(data)
	if !ok || info.Path != "carjs/cmd/carjs" {
		return refuse("is not carjs")
	}
	if file.interpreted {
		return refuse("is linked dynamically: the image has no libraries for it")
	}
	modules := []module{{info.Main.Path, info.Main.Version}, {"stdlib", info.GoVersion}}
	for _, dependency := range info.Deps {
		if dependency.Replace != nil {
			dependency = dependency.Replace
		}
		modules = append(modules, module{dependency.Path, dependency.Version})
	}
	return program{data: data, modules: modules}, nil
}

// architectureOf names the processor that a program is for.
func architectureOf(file elfFile) string {
	for _, name := range slices.Sorted(maps.Keys(machines)) {
		if m := machines[name]; m.elf == file.machine && m.order == file.order {
			return "linux/" + name
		}
	}
	return fmt.Sprintf("another processor (ELF machine %d)", file.machine)
}
