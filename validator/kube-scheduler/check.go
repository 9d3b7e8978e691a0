package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
)

const checkUsage = `
Takes a folder of scenarios NAME.json and expected lines NAME.expected.ndjson (each plain or .gz), runs decide
on each and compares line by line and field by field. Prints every difference and, last,
{"scenarios":S,"lines":L,"equal":E}. Exit code 3 if there are differences.
  --compact   the expected lines are compact ones`

func runCheck(arguments []string) error {
	set := flags("check", checkUsage)
	compact := set.Bool("compact", false, "expected lines are compact")
	if err := set.Parse(arguments); err != nil {
		return err
	}
	expected, err := filepath.Glob(filepath.Join(set.Arg(0), "*.expected.ndjson*"))
	if err != nil || len(expected) == 0 {
		return fmt.Errorf("no expected lines in %q", set.Arg(0))
	}
	total := struct {
		Scenarios int `json:"scenarios"`
		Lines     int `json:"lines"`
		Equal     int `json:"equal"`
	}{}
	for _, file := range expected {
		input := strings.Replace(file, ".expected.ndjson", ".json", 1)
		lines, equal, err := checkScenario(input, file, *compact)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(input), err)
		}
		total.Scenarios++
		total.Lines += lines
		total.Equal += equal
	}
	if err := json.NewEncoder(os.Stdout).Encode(total); err != nil {
		return err
	}
	if total.Equal != total.Lines {
		return errDifferences
	}
	return nil
}

func checkScenario(input, expected string, compact bool) (lines, equal int, err error) {
	text, err := readFile(input)
	if err != nil {
		return 0, 0, err
	}
	wanted, err := readFile(expected)
	if err != nil {
		return 0, 0, err
	}
	decided, err := decide(text, compact)
	if err != nil {
		return 0, 0, err
	}
	err = eachLine(bytes.NewReader(wanted), func(want []byte) error {
		lines++
		if lines > len(decided) {
			return fmt.Errorf("only %d lines decided", len(decided))
		}
		got, err := json.Marshal(decided[lines-1])
		if err != nil {
			return err
		}
		differences, err := compareJSON(got, want)
		if err != nil {
			return err
		}
		if len(differences) == 0 {
			equal++
		}
		for _, difference := range differences {
			fmt.Printf("%s line %d: %s\n", filepath.Base(expected), lines, difference)
		}
		return nil
	})
	if err == nil && lines != len(decided) {
		err = fmt.Errorf("%d lines decided, %d expected", len(decided), lines)
	}
	return lines, equal, err
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if !strings.HasSuffix(name, ".gz") {
		return io.ReadAll(file)
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacked)
}

// compareJSON names the fields that differ.
func compareJSON(got, want []byte) ([]string, error) {
	var gotValue, wantValue any
	if err := json.Unmarshal(got, &gotValue); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(want, &wantValue); err != nil {
		return nil, err
	}
	var differences []string
	compareValues("", gotValue, wantValue, &differences)
	return differences, nil
}

func compareValues(path string, got, want any, differences *[]string) {
	gotFields, gotIsObject := got.(map[string]any)
	wantFields, wantIsObject := want.(map[string]any)
	if !gotIsObject || !wantIsObject {
		if !reflect.DeepEqual(got, want) {
			gotText, _ := json.Marshal(got)
			wantText, _ := json.Marshal(want)
			*differences = append(*differences, fmt.Sprintf("%s: got %s, want %s", path, gotText, wantText))
		}
		return
	}
	names := map[string]bool{}
	for name := range gotFields {
		names[name] = true
	}
	for name := range wantFields {
		names[name] = true
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		compareValues(path+"."+name, gotFields[name], wantFields[name], differences)
	}
}
