//go:build !kube133 && !kube134 && !kube135

package main

import (
	"encoding/json"
	"testing"
)

// A node with a victim, and pods of which the second has to preempt it.
const crowded = `{
	"nodes": [
		{"metadata": {"name": "n1"}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "9"}}},
		{"metadata": {"name": "n2"}, "status": {"allocatable": {"cpu": "1", "memory": "8Gi", "pods": "9"}}}
	],
	"pods": [{"metadata": {"name": "victim"}, "spec": {"nodeName": "n1", "priority": 0, "containers": [{"name": "c", "resources": {"requests": {"cpu": "2"}}}]}}],
	"objects": [{"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 10}],
	"pending": [
		{"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "1"}}}]}},
		{"metadata": {"name": "b"}, "spec": {"priorityClassName": "high", "containers": [{"name": "c", "resources": {"requests": {"cpu": "3"}}}]}}
	]}`

const followed = `[
	{"seq": 0, "pod": "default/a", "node": "n1", "evaluated": 2, "feasible": 2, "score": 428, "tieCount": 1, "message": null, "nominatedNode": null, "victims": []},
	{"seq": 1, "pod": "default/b", "node": null, "evaluated": 2, "feasible": 0, "score": null, "tieCount": 0, "message": "0/2 nodes are available: 2 Insufficient cpu.", "nominatedNode": "n1", "victims": ["default/victim"]},
	{"seq": 2, "pod": "default/b", "node": "n1", "evaluated": 1, "feasible": 1, "score": null, "tieCount": 1, "message": null, "nominatedNode": null, "victims": []}
]`

func TestReplayComparesEveryDecision(t *testing.T) {
	text := "text"
	other, nowhere := "n2", "n9"
	score := int64(1)
	for name, test := range map[string]struct {
		change func(log []decision)
		fields []string
	}{
		"an equal log":            {func([]decision) {}, nil},
		"another node":            {func(log []decision) { log[0].Node = &other }, []string{"node"}},
		"another score":           {func(log []decision) { log[0].Score = &score }, []string{"score"}},
		"another verdict":         {func(log []decision) { log[0].Node = nil }, []string{"verdict"}},
		"another number of ties":  {func(log []decision) { log[0].TieCount = 2 }, []string{"tieCount"}},
		"another message":         {func(log []decision) { log[1].Message = &text }, []string{"message"}},
		"another nominated node":  {func(log []decision) { log[1].NominatedNode = &other; log[2].Evaluated = 2 }, []string{"nominatedNode"}},
		"other victims":           {func(log []decision) { log[1].Victims = []string{"default/a", "default/victim"} }, []string{"victims"}},
		"a node there is none of": {func(log []decision) { log[0].Node = &nowhere }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var log []decision
			if err := json.Unmarshal([]byte(followed), &log); err != nil {
				t.Fatal(err)
			}
			test.change(log)
			result, err := replay([]byte(crowded), log, false)
			if name == "a node there is none of" {
				if err == nil {
					t.Error("followed")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			fields := map[string]bool{}
			for _, each := range result.Differences {
				fields[each.Field] = true
			}
			for _, field := range test.fields {
				if !fields[field] {
					t.Errorf("no difference in %s: %v", field, result.Differences)
				}
			}
			if len(test.fields) == 0 && result.Equal != len(log) {
				t.Error(result.Differences)
			}
		})
	}
}
