package main

import (
	"encoding/json"
	"fmt"
	"io"

	corev1 "k8s.io/api/core/v1"
	corev1helpers "k8s.io/component-helpers/scheduling/corev1"
)

const decideUsage = `
Reads a scenario {name, nodes, pods, pending, objects, config?} and writes a line for every pending pod, in
order: what each plugin answered, the best nodes, the message, the preemption (see README.md).
  --compact   lines without scores and candidates, nodes that do not fit as counts
  --stream    reads a scenario a line, each with an id or name; writes {"id":…,"lines":[…]} for each, or
              {"id":…,"error":"text"} for one that cannot be run`

func runDecide(arguments []string) error {
	set := flags("decide", decideUsage)
	compact := set.Bool("compact", false, "short lines")
	stream := set.Bool("stream", false, "many scenarios, one a line")
	if err := set.Parse(arguments); err != nil {
		return err
	}
	input, err := open(set.Arg(0))
	if err != nil {
		return err
	}
	defer input.Close()
	encoder := newEncoder()
	if *stream {
		return decideStream(input, encoder, *compact)
	}
	return decideOne(input, encoder, *compact)
}

func decideOne(input io.Reader, encoder *json.Encoder, compact bool) error {
	text, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	lines, err := decide(text, compact)
	if err != nil {
		return err
	}
	for _, each := range lines {
		if err := encoder.Encode(each); err != nil {
			return err
		}
	}
	return nil
}

type streamAnswer struct {
	ID    json.RawMessage `json:"id"`
	Lines []*line         `json:"lines,omitempty"`
	Error string          `json:"error,omitempty"`
}

func decideStream(input io.Reader, encoder *json.Encoder, compact bool) error {
	return eachLine(input, func(text []byte) error {
		answer := streamAnswer{ID: scenarioID(text)}
		lines, err := decide(text, compact)
		if err != nil {
			answer.Error = err.Error()
		} else {
			answer.Lines = lines
		}
		return encoder.Encode(answer)
	})
}

// scenarioID is the id of a scenario, or its name where it has none.
func scenarioID(text []byte) json.RawMessage {
	var given struct {
		ID   json.RawMessage `json:"id"`
		Name json.RawMessage `json:"name"`
	}
	if json.Unmarshal(text, &given) == nil && len(given.ID) > 0 {
		return given.ID
	}
	if len(given.Name) > 0 {
		return given.Name
	}
	return json.RawMessage("null")
}

// decide runs a scenario to its end.
func decide(text []byte, compact bool) ([]*line, error) {
	given, err := decodeScenario(text)
	if err != nil {
		return nil, err
	}
	c, err := newCluster(given, settings{parallelism: 1, exhaustive: true})
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.holdAll(given.Pending); err != nil {
		return nil, err
	}
	lines := make([]*line, 0, len(given.Pending))
	for index, pod := range given.Pending {
		described, err := c.place(c.latest(pod), index, compact)
		if err != nil {
			return nil, fmt.Errorf("pending[%d]: %w", index, err)
		}
		lines = append(lines, described)
	}
	return lines, nil
}

// holdAll makes the pending pods known to the scheduler, with the nominations they come with.
func (c *cluster) holdAll(pending []*corev1.Pod) error {
	for _, pod := range pending {
		if err := c.hold(pod); err != nil {
			return err
		}
	}
	return nil
}

// latest is a held pod as it is by now: a preemption may have taken its nomination.
func (c *cluster) latest(pod *corev1.Pod) *corev1.Pod {
	if held, exists, err := c.factory.informerOf(pod).indexer.Get(pod); err == nil && exists {
		return held.(*corev1.Pod)
	}
	return pod
}

// place takes a pod as far as it gets: an attempt, and after a preemption a second one.
func (c *cluster) place(pod *corev1.Pod, index int, compact bool) (*line, error) {
	profile := c.profiles[pod.Spec.SchedulerName]
	described, after, err := c.placeOnce(profile, pod, compact)
	if err != nil {
		return nil, err
	}
	if len(described.victims) > 0 {
		c.evict(described.victims, described.Preemption.Nominated, after)
		described.Retry, _, err = c.placeOnce(profile, after, compact)
		if err != nil {
			return nil, err
		}
		described.Retry.I = index
		if described.Retry.Result == "scheduled" {
			described.Result = "preempted"
		} else if len(described.Retry.victims) > 0 {
			// The record ends here, so these victims stay; the nomination counts all the same.
			c.endLesserNominations(described.Retry.Preemption.Nominated, after)
		}
		described.Node = described.Retry.Node
	}
	described.I = index
	if profile != nil && pod.Spec.SchedulerName != corev1.DefaultSchedulerName {
		described.Profile = pod.Spec.SchedulerName
	}
	return described, nil
}

// placeOnce is one attempt, or what becomes of a pod that gets none, and the binding that follows. It
// returns the pod with the nomination it has then.
func (c *cluster) placeOnce(profile *observedProfile, pod *corev1.Pod, compact bool) (*line, *corev1.Pod, error) {
	if pod.Spec.NodeName != "" {
		described := &line{Pod: podName(pod), Result: "preset", Node: pod.Spec.NodeName}
		c.bind(pod, pod.Spec.NodeName)
		return described, pod, nil
	}
	if profile == nil {
		return &line{Pod: podName(pod), Result: "ignored"}, pod, nil
	}
	if gated := c.gate(profile, pod); gated != nil {
		return gated, pod, nil
	}
	tried, err := c.attempt(profile, pod, compact)
	if err != nil {
		return nil, nil, err
	}
	if tried.failure != nil {
		return tried.line, c.renominate(pod, tried.nominating), nil
	}
	if err := c.settle(profile, tried.state, pod, tried.Node); err != nil {
		return nil, nil, err
	}
	c.bind(pod, tried.Node)
	return tried.line, pod, nil
}

// gate describes a pod that a PreEnqueue plugin keeps out of the queue, nil if none does.
func (c *cluster) gate(profile *observedProfile, pod *corev1.Pod) *line {
	for _, plugin := range profile.PreEnqueuePlugins() {
		if answer := plugin.PreEnqueue(c.ctx, pod); !answer.IsSuccess() {
			return &line{
				Pod: podName(pod), Result: "gated", Message: answer.Message(),
				PreFilter: &preFilterLine{Code: answer.Code().String(), Plugin: plugin.Name(), Reasons: answer.Reasons()},
			}
		}
	}
	return nil
}

// evict deletes the victims on the node that is nominated for the preemptor.
func (c *cluster) evict(victims []*corev1.Pod, node string, preemptor *corev1.Pod) {
	for _, victim := range victims {
		c.remove(victim)
		c.releaseClaims(victim)
	}
	c.endLesserNominations(node, preemptor)
}

// endLesserNominations takes the nomination from less important pods that were to run on the node.
func (c *cluster) endLesserNominations(node string, preemptor *corev1.Pod) {
	for _, info := range c.scheduler.SchedulingQueue.NominatedPodsForNode(node) {
		if pod := podOf(info); corev1helpers.PodPriority(pod) < corev1helpers.PodPriority(preemptor) {
			c.renominate(pod, noNode)
		}
	}
}
