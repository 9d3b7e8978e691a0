// Command stowage-kube-scheduler runs the plugins of the real kube-scheduler without a cluster, to give
// answers that Stowage's simulator is compared with.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sort"
	"strings"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

// subcommand is one way to use the program: what it prints about itself and what it does.
type subcommand struct {
	usage string
	run   func(arguments []string) error
}

// errDifferences ends a subcommand that worked and found what it was asked to look for.
var errDifferences = errors.New("differences found")

var subcommands = map[string]subcommand{
	"configuration": {configurationUsage, runConfiguration},
	"bench":         {benchUsage, runBench},
	"check":         {checkUsage, runCheck},
	"decide":        {decideUsage, runDecide},
	"queue":         {queueUsage, runQueue},
	"replay":        {replayUsage, runReplay},
	"sample":        {sampleUsage, runSample},
}

func usage(to io.Writer) {
	names := make([]string, 0, len(subcommands))
	for name := range subcommands {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Fprintf(to, "usage: stowage-kube-scheduler SUBCOMMAND [FLAGS] [FILE]\n\nRuns the plugins of kube-scheduler %s without a cluster. FILE is standard input when absent or -;\nresults go to standard output, errors to standard error with exit code 1.\n", kubernetesVersion())
	for _, name := range names {
		fmt.Fprintf(to, "\n  %s\n", name)
		for line := range strings.SplitSeq(strings.TrimSpace(subcommands[name].usage), "\n") {
			fmt.Fprintf(to, "      %s\n", line)
		}
	}
	fmt.Fprintf(to, "\n  version\n      Prints the version of the Kubernetes module.\n")
}

func main() {
	setUp()
	if len(os.Args) < 2 {
		usage(os.Stderr)
		os.Exit(1)
	}
	switch name := os.Args[1]; name {
	case "help", "-h", "--help":
		usage(os.Stdout)
		return
	case "version":
		fmt.Println(kubernetesVersion())
		return
	}
	command, known := subcommands[os.Args[1]]
	if !known {
		fmt.Fprintf(os.Stderr, "unknown subcommand %q\n\n", os.Args[1])
		usage(os.Stderr)
		os.Exit(1)
	}
	switch err := command.run(os.Args[2:]); {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(1)
	case errors.Is(err, errDifferences):
		os.Exit(3)
	case err != nil:
		fmt.Fprintf(os.Stderr, "stowage-kube-scheduler %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

// flags is an empty set of flags that prints the subcommand's usage when it is used wrongly.
func flags(name, usage string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.Usage = func() {
		fmt.Fprintf(set.Output(), "usage: stowage-kube-scheduler %s [FLAGS] [FILE]\n\n%s\n", name, strings.TrimSpace(usage))
		set.PrintDefaults()
	}
	return set
}

// open returns the named file, or standard input for "" and "-".
func open(name string) (io.ReadCloser, error) {
	if name == "" || name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(name)
}

// newEncoder writes results to standard output, each as a whole when it is there, so that a reader of a stream gets it.
func newEncoder() *json.Encoder {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	return encoder
}

// eachLine calls a function with every line that is not empty; a line may be of any length.
func eachLine(from io.Reader, do func(line []byte) error) error {
	reader := bufio.NewReaderSize(from, 1<<20)
	for number := 1; ; number++ {
		line, err := reader.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if trimmed := trimSpace(line); len(trimmed) > 0 {
			if failure := do(trimmed); failure != nil {
				return fmt.Errorf("line %d: %w", number, failure)
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func trimSpace(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r' || line[len(line)-1] == ' ') {
		line = line[:len(line)-1]
	}
	return line
}

// setUp silences the libraries and registers what they measure, which they need for working at all.
func setUp() {
	klog.SetLogger(logr.Discard())
	metrics.Register()
	if os.Getenv("GOGC") == "" {
		// The live heap is small: collecting less often costs little memory and saves a sixth of the time.
		debug.SetGCPercent(400)
	}
}
