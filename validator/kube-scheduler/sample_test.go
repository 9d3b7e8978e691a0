//go:build !kube133 && !kube134 && !kube135

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestSamplingIsAsRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/sampling/*.ndjson")
	if err != nil || len(files) == 0 {
		t.Fatal("no recorded sampling", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			err = eachLine(bytes.NewReader(text), func(line []byte) error {
				var recorded sampleAnswer
				if err := json.Unmarshal(line, &recorded); err != nil {
					return err
				}
				sampled, err := sample(recorded.Scenario)
				if err != nil {
					return err
				}
				got, _ := json.Marshal([]any{sampled.Order, sampled.Lines})
				want, _ := json.Marshal([]any{recorded.Order, recorded.Lines})
				if !bytes.Equal(got, want) {
					t.Errorf("got %s\nwant %s", got, want)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
