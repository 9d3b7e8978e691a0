package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

const replayUsage = `
Takes two files, a scenario as decide does and a decision log of the simulator, and follows the log: every attempt
is run on the state that the log has led to, compared, and then the log's node is bound, its victims are deleted,
its nomination is made. Writes a line per difference, {"seq":…,"pod":…,"field":…,"got":log's,"want":real}, and
last {"decisions":D,"equal":E}. Exit code 3 if there are differences.
  --sampling  the log stops looking for nodes when there are enough, as the configuration says
  --stream    reads lines {"id":…,"scenario":{…},"decisions":[…]} from one file; writes for each
              {"id":…,"decisions":D,"equal":E,"differences":[…]} or {"id":…,"error":"text"}, and no total`

// decision is a line of the simulator's decision log; null and an absent field are the same.
type decision struct {
	Seq           int      `json:"seq"`
	Pod           string   `json:"pod"`
	Node          *string  `json:"node"`
	Evaluated     int      `json:"evaluated"`
	Feasible      int      `json:"feasible"`
	Score         *int64   `json:"score"`
	TieCount      int      `json:"tieCount"`
	Message       *string  `json:"message"`
	NominatedNode *string  `json:"nominatedNode"`
	Victims       []string `json:"victims"`
}

type difference struct {
	Seq   int    `json:"seq"`
	Pod   string `json:"pod"`
	Field string `json:"field"`
	Got   any    `json:"got"`
	Want  any    `json:"want"`
}

type replayed struct {
	ID          json.RawMessage `json:"id,omitempty"`
	Decisions   int             `json:"decisions"`
	Equal       int             `json:"equal"`
	Differences []difference    `json:"differences,omitempty"`
	Error       string          `json:"error,omitempty"`
}

func runReplay(arguments []string) error {
	set := flags("replay", replayUsage)
	sampling := set.Bool("sampling", false, "do not look at all nodes")
	stream := set.Bool("stream", false, "many scenarios and logs, one a line")
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
		return replayStream(input, encoder, *sampling)
	}
	log, err := open(set.Arg(1))
	if err != nil {
		return err
	}
	defer log.Close()
	return replayOne(input, log, encoder, *sampling)
}

func replayOne(input, log io.Reader, encoder *json.Encoder, sampling bool) error {
	text, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	var decisions []decision
	err = eachLine(log, func(line []byte) error {
		var each decision
		decisions = append(decisions, each)
		return json.Unmarshal(line, &decisions[len(decisions)-1])
	})
	if err != nil {
		return err
	}
	result, err := replay(text, decisions, sampling)
	if err != nil {
		return err
	}
	for _, each := range result.Differences {
		if err := encoder.Encode(each); err != nil {
			return err
		}
	}
	result.Differences = nil
	if err := encoder.Encode(result); err != nil {
		return err
	}
	if result.Equal != result.Decisions {
		return errDifferences
	}
	return nil
}

func replayStream(input io.Reader, encoder *json.Encoder, sampling bool) error {
	differ := false
	err := eachLine(input, func(text []byte) error {
		var given struct {
			ID        json.RawMessage `json:"id"`
			Scenario  json.RawMessage `json:"scenario"`
			Decisions []decision      `json:"decisions"`
		}
		if err := json.Unmarshal(text, &given); err != nil {
			return err
		}
		result, err := replay(given.Scenario, given.Decisions, sampling)
		if err != nil {
			result = replayed{Error: err.Error()}
		}
		differ = differ || err != nil || result.Equal != result.Decisions
		result.ID = given.ID
		return encoder.Encode(result)
	})
	if err == nil && differ {
		return errDifferences
	}
	return err
}

func replay(text []byte, decisions []decision, sampling bool) (replayed, error) {
	given, err := decodeScenario(bytes.TrimSpace(text))
	if err != nil {
		return replayed{}, err
	}
	c, err := newCluster(given, settings{parallelism: 1, exhaustive: !sampling})
	if err != nil {
		return replayed{}, err
	}
	defer c.close()
	if err := c.holdAll(given.Pending); err != nil {
		return replayed{}, err
	}
	for _, pod := range given.Pending {
		if pod.Spec.NodeName != "" {
			c.bind(pod, pod.Spec.NodeName)
		}
	}
	result := replayed{Decisions: len(decisions)}
	for index := range decisions {
		differences, err := c.follow(&decisions[index])
		if err != nil {
			return replayed{}, fmt.Errorf("seq %d: %w", decisions[index].Seq, err)
		}
		if len(differences) == 0 {
			result.Equal++
		}
		result.Differences = append(result.Differences, differences...)
	}
	return result, nil
}

// follow runs the attempt that the log tells of and then goes where the log went.
func (c *cluster) follow(logged *decision) ([]difference, error) {
	object, known, err := c.factory.informerOf(&corev1.Pod{}).indexer.GetByKey(logged.Pod)
	if err != nil || !known {
		return nil, fmt.Errorf("there is no pod %s", logged.Pod)
	}
	pod := object.(*corev1.Pod)
	if pod.Spec.NodeName != "" {
		return nil, fmt.Errorf("%s is on node %s already", logged.Pod, pod.Spec.NodeName)
	}
	profile := c.profiles[pod.Spec.SchedulerName]
	if profile == nil {
		return nil, fmt.Errorf("%s asks for a scheduler %q that the configuration does not have", logged.Pod, pod.Spec.SchedulerName)
	}
	real := &outcome{line: c.gate(profile, pod)}
	if real.line == nil {
		if real, err = c.attempt(profile, pod, true); err != nil {
			return nil, err
		}
	}
	differences := compareDecision(logged, real, profile)
	return differences, c.goOn(logged, real, profile, pod)
}

// compareDecision names what the log says otherwise than the real plugins.
func compareDecision(logged *decision, real *outcome, profile *observedProfile) []difference {
	var differences []difference
	differ := func(field string, got, want any) {
		differences = append(differences, difference{Seq: logged.Seq, Pod: logged.Pod, Field: field, Got: got, Want: want})
	}
	verdict := "unschedulable"
	if logged.Node != nil {
		verdict = "scheduled"
	}
	if verdict != real.Result {
		differ("verdict", verdict, real.Result)
		return differences
	}
	if logged.Node != nil && !slices.Contains(real.Tie, *logged.Node) {
		differ("node", *logged.Node, real.Tie)
	}
	if !equalPointers(logged.Score, real.MaxTotal) {
		differ("score", logged.Score, real.MaxTotal)
	}
	if logged.TieCount != len(real.Tie) {
		differ("tieCount", logged.TieCount, len(real.Tie))
	}
	if logged.Feasible != len(profile.feasible) {
		differ("feasible", logged.Feasible, len(profile.feasible))
	}
	if evaluated := profile.evaluated(); logged.Evaluated != evaluated {
		differ("evaluated", logged.Evaluated, evaluated)
	}
	if message := optional(real.Message); !equalPointers(logged.Message, message) {
		differ("message", logged.Message, message)
	}
	comparePreemption(logged, real, profile, differ)
	return differences
}

func comparePreemption(logged *decision, real *outcome, profile *observedProfile, differ func(field string, got, want any)) {
	var acceptable []string
	if real.Preemption != nil {
		acceptable = real.Preemption.Acceptable
	}
	if logged.NominatedNode == nil {
		if len(acceptable) > 0 {
			differ("nominatedNode", nil, acceptable)
		}
		if len(logged.Victims) > 0 {
			differ("victims", logged.Victims, []string{})
		}
		return
	}
	if !slices.Contains(acceptable, *logged.NominatedNode) {
		differ("nominatedNode", *logged.NominatedNode, acceptable)
		return
	}
	chosen := slices.IndexFunc(profile.victims, func(each candidate) bool { return each.node == *logged.NominatedNode })
	if victims := podNames(profile.victims[chosen].pods); !slices.Equal(victims, logged.Victims) {
		differ("victims", logged.Victims, victims)
	}
}

// goOn makes the log's decision come true.
func (c *cluster) goOn(logged *decision, real *outcome, profile *observedProfile, pod *corev1.Pod) error {
	if logged.Node != nil {
		if _, exists := c.nodeIndex[*logged.Node]; !exists {
			return fmt.Errorf("there is no node %s", *logged.Node)
		}
		if real.state != nil && slices.Contains(profile.feasible, *logged.Node) {
			if err := c.settle(profile, real.state, pod, *logged.Node); err != nil {
				return err
			}
		}
		c.bind(pod, *logged.Node)
		return nil
	}
	nominating := real.nominating
	if logged.NominatedNode != nil {
		nominating = &nominatingInfo{NominatingMode: modeOverride, NominatedNodeName: *logged.NominatedNode}
	} else if real.Preemption != nil && real.Preemption.Nominated != "" {
		nominating = nil
	}
	after := c.renominate(pod, nominating)
	if logged.NominatedNode == nil {
		return nil
	}
	victims := make([]*corev1.Pod, 0, len(logged.Victims))
	for _, name := range logged.Victims {
		object, known, _ := c.factory.informerOf(pod).indexer.GetByKey(name)
		if !known {
			return fmt.Errorf("there is no victim %s", name)
		}
		victims = append(victims, object.(*corev1.Pod))
	}
	c.evict(victims, *logged.NominatedNode, after)
	return nil
}

func equalPointers[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// optional is nil for the empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
