package main

import (
	"encoding/json"
	"reflect"

	"k8s.io/kubernetes/pkg/scheduler"
)

const sampleUsage = `
Reads scenarios, one a line, as decide --stream does, but lets the scheduler stop looking for nodes when it has
enough (percentageOfNodesToScore of the configuration, adaptive by default), with one goroutine, so that nodes are
looked at in order. Writes a line for each: {"id":…,"order":[nodes as the scheduler lists them],"lines":[…]}.
  --record   writes {"scenario":…} in place of the id`

// samplingLine says which nodes an attempt looked at: from start on, in order, next is where the following
// attempt starts. Evaluated are those whose answer counts. In a narrowed set of nodes the scheduler's order is
// that of a map: feasible is in input order then.
type samplingLine struct {
	I            int      `json:"i"`
	Pod          string   `json:"pod"`
	Result       string   `json:"result"`
	ViaNominated string   `json:"viaNominated,omitempty"`
	Narrowed     bool     `json:"narrowed,omitempty"`
	Start        int      `json:"start"`
	Next         int      `json:"next"`
	Evaluated    int      `json:"evaluated"`
	Feasible     []string `json:"feasible,omitempty"`
	Tie          []string `json:"tie,omitempty"`
	MaxTotal     *int64   `json:"maxTotal,omitempty"`
	Node         string   `json:"node,omitempty"`
}

type sampleAnswer struct {
	ID       json.RawMessage `json:"id,omitempty"`
	Scenario json.RawMessage `json:"scenario,omitempty"`
	Order    []string        `json:"order,omitempty"`
	Lines    []samplingLine  `json:"lines,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func runSample(arguments []string) error {
	set := flags("sample", sampleUsage)
	record := set.Bool("record", false, "write the scenario with the lines")
	if err := set.Parse(arguments); err != nil {
		return err
	}
	input, err := open(set.Arg(0))
	if err != nil {
		return err
	}
	defer input.Close()
	encoder := newEncoder()
	return eachLine(input, func(text []byte) error {
		answer, err := sample(text)
		if err != nil {
			answer.Error = err.Error()
		}
		if *record {
			answer.Scenario = text
		} else {
			answer.ID = scenarioID(text)
		}
		return encoder.Encode(answer)
	})
}

func sample(text []byte) (sampleAnswer, error) {
	given, err := decodeScenario(text)
	if err != nil {
		return sampleAnswer{}, err
	}
	c, err := newCluster(given, settings{parallelism: 1})
	if err != nil {
		return sampleAnswer{}, err
	}
	defer c.close()
	if err := c.holdAll(given.Pending); err != nil {
		return sampleAnswer{}, err
	}
	answer := sampleAnswer{Lines: []samplingLine{}}
	for index, pod := range given.Pending {
		described, err := c.place(pod, index, true)
		if err != nil {
			return sampleAnswer{}, err
		}
		for each := described; each != nil; each = each.Retry {
			answer.Lines = append(answer.Lines, each.sampled())
		}
	}
	answer.Order, err = c.order()
	return answer, err
}

// sampled is what the line says about the nodes that were looked at.
func (l *line) sampled() samplingLine {
	sampled := l.sampling
	sampled.I, sampled.Pod, sampled.Result, sampled.ViaNominated = l.I, l.Pod, l.Result, l.ViaNominated
	sampled.Tie, sampled.MaxTotal, sampled.Node = l.Tie, l.MaxTotal, l.Node
	return sampled
}

// order is the order of nodes in the scheduler's snapshot.
func (c *cluster) order() ([]string, error) {
	for _, profile := range c.profiles {
		if err := c.snapshot(profile); err != nil {
			return nil, err
		}
		infos, err := profile.SnapshotSharedLister().NodeInfos().List()
		if err != nil {
			return nil, err
		}
		names := make([]string, len(infos))
		for i, info := range infos {
			names[i] = info.Node().Name
		}
		return names, nil
	}
	return nil, nil
}

// nextStartNodeIndex is where the scheduler's next search starts.
func nextStartNodeIndex(sched *scheduler.Scheduler) int {
	return int(reflect.ValueOf(sched).Elem().FieldByName("nextStartNodeIndex").Int())
}
