//go:build !kube133 && !kube134 && !kube135

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestQueueIsAsRecorded(t *testing.T) {
	files, err := filepath.Glob("testdata/queue/*.ndjson")
	if err != nil || len(files) == 0 {
		t.Fatal("no recorded queues", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		err = eachLine(bytes.NewReader(text), func(line []byte) error {
			var recorded queueCase
			if err := json.Unmarshal(line, &recorded); err != nil {
				return err
			}
			t.Run(recorded.Name, func(t *testing.T) {
				states, err := runQueueCase(&recorded)
				if err != nil {
					t.Fatal(err)
				}
				got, _ := json.Marshal(states)
				want, _ := json.Marshal(recorded.States)
				differences, err := compareJSON(got, want)
				if err != nil || len(differences) > 0 {
					t.Error(err, differences)
				}
			})
			return nil
		})
		if err != nil {
			t.Fatal(file, err)
		}
	}
}
