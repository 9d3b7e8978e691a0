//go:build !kube133 && !kube134 && !kube135

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// parity is the folder of decisions recorded elsewhere from the real scheduler; it is no part of this repository.
const parity = "../../../shared/reference/scheduler-parity"

func TestDecisionsEqualRecordedOnes(t *testing.T) {
	for folder, compact := range map[string]bool{parity: false, filepath.Join(parity, "compact"): true} {
		files, err := filepath.Glob(filepath.Join(folder, "*.expected.ndjson.gz"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Skip("no recorded decisions on this machine")
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".expected.ndjson.gz")
			t.Run(filepath.Base(folder)+"/"+name, func(t *testing.T) {
				lines, equal, err := checkScenario(strings.Replace(file, ".expected.ndjson", ".json", 1), file, compact)
				if err != nil {
					t.Fatal(err)
				}
				if lines == 0 || lines != equal {
					t.Errorf("%d of %d lines are equal", equal, lines)
				}
			})
		}
	}
}
