package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	corev1helpers "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// line is one decision in the format of the README; fields that do not apply are left out.
type line struct {
	I            int                `json:"i"`
	Pod          string             `json:"pod"`
	Profile      string             `json:"profile,omitempty"`
	Result       string             `json:"result"`
	PreFilter    *preFilterLine     `json:"preFilter,omitempty"`
	ViaNominated string             `json:"viaNominated,omitempty"`
	Feasible     int                `json:"feasible"`
	Infeasible   []rejection        `json:"infeasible,omitempty"`
	Absent       *rejection         `json:"absent,omitempty"`
	ScorePlugins []string           `json:"scorePlugins,omitempty"`
	Scores       map[string][]int64 `json:"scores,omitempty"`
	MaxTotal     *int64             `json:"maxTotal,omitempty"`
	Tie          []string           `json:"tie,omitempty"`
	Node         string             `json:"node,omitempty"`
	Message      string             `json:"message,omitempty"`
	Preemption   *preemptionLine    `json:"preemption,omitempty"`
	Retry        *line              `json:"retry,omitempty"`

	// victims are the pods of the preemption that the scenario goes on with.
	victims []*corev1.Pod
	// sampling is which nodes were looked at, where the profile is not exhaustive.
	sampling samplingLine
}

type preFilterLine struct {
	Code    string   `json:"code"`
	Plugin  string   `json:"plugin,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
	Nodes   []string `json:"nodes,omitempty"`
}

// rejection is a group of nodes with the same answer: by name in full lines, by number in compact ones.
type rejection struct {
	Plugin  string   `json:"plugin,omitempty"`
	Code    string   `json:"code"`
	Reasons []string `json:"reasons"`
	Nodes   []string `json:"nodes,omitempty"`
	Count   int      `json:"count,omitempty"`
}

type preemptionLine struct {
	Code          string          `json:"code"`
	Message       string          `json:"message,omitempty"`
	Nominated     string          `json:"nominated,omitempty"`
	Victims       []string        `json:"victims,omitempty"`
	PdbViolations int             `json:"pdbViolations,omitempty"`
	Acceptable    []string        `json:"acceptable,omitempty"`
	Candidates    []candidateLine `json:"candidates,omitempty"`
}

type candidateLine struct {
	Node          string   `json:"node"`
	Victims       []string `json:"victims"`
	PdbViolations int      `json:"pdbViolations,omitempty"`
}

// outcome is what came of an attempt: the state for Reserve and PreBind if a node was found, else what the
// scheduler's failure handler is told.
type outcome struct {
	*line
	state      cycleState
	failure    *status
	nominating *nominatingInfo
}

// attempt runs one scheduling attempt of the pod, preemption included, and describes it. It changes
// nothing in the cluster.
func (c *cluster) attempt(profile *observedProfile, pod *corev1.Pod, compact bool) (*outcome, error) {
	profile.begin()
	described := &line{Pod: podName(pod)}
	if err := c.snapshot(profile); err != nil {
		return nil, err
	}
	state := framework.NewCycleState()
	start := nextStartNodeIndex(c.scheduler)
	result, err := schedulePod(c.ctx, c.scheduler, profile, state, pod)
	if !profile.exhaustive {
		profile.describeSampling(described, start, result.FeasibleNodes)
	}
	if err == nil || err != scheduler.ErrNoNodesAvailable {
		profile.describe(described, pod, compact)
	}
	if err == nil {
		described.Result = "scheduled"
		if !slices.Contains(described.Tie, result.SuggestedHost) {
			return nil, fmt.Errorf("%s: the scheduler took %s, which is none of the best nodes %v", described.Pod, result.SuggestedHost, described.Tie)
		}
		return &outcome{line: described, state: state}, nil
	}
	described.Result = "unschedulable"
	if err == scheduler.ErrNoNodesAvailable {
		described.Message = err.Error()
		return &outcome{line: described, failure: newStatus(codeUnresolvable).WithError(err), nominating: noNode}, nil
	}
	var unfit *framework.FitError
	if !errors.As(err, &unfit) {
		return nil, fmt.Errorf("%s: %w", described.Pod, err)
	}
	nominating := noNode
	if profile.HasPostFilterPlugins() {
		nominating, err = c.postFilter(profile, state, pod, unfit, described, compact)
		if err != nil {
			return nil, err
		}
	}
	described.Message = unfit.Error()
	return &outcome{line: described, failure: newStatus(codeUnschedulable).WithError(unfit), nominating: nominating}, nil
}

// noNode takes away a nomination.
var noNode = &nominatingInfo{NominatingMode: modeOverride}

// postFilter runs the PostFilter plugins and says what becomes of the pod's nomination.
func (c *cluster) postFilter(profile *observedProfile, state cycleState, pod *corev1.Pod, unfit *framework.FitError, described *line, compact bool) (*nominatingInfo, error) {
	result, answer := profile.RunPostFilterPlugins(c.ctx, state, pod, unfit.Diagnosis.NodeToStatus)
	unfit.Diagnosis.PostFilterMsg = answer.Message()
	profile.awaitPreemption(pod)
	described.Preemption = &preemptionLine{Code: answer.Code().String(), Message: answer.Message()}
	if result == nil {
		return nil, nil
	}
	if !answer.IsSuccess() || result.NominatedNodeName == "" {
		return result.NominatingInfo, nil
	}
	if err := profile.describePreemption(described, result.NominatedNodeName, compact); err != nil {
		return nil, err
	}
	return &nominatingInfo{NominatingMode: modeOverride, NominatedNodeName: described.Preemption.Nominated}, nil
}

func (o *observedProfile) describeSampling(described *line, start, feasible int) {
	// The node that shows that there are enough is looked at and not counted.
	o.feasible = o.feasible[:feasible]
	narrowed := o.preFilterStatus.IsSuccess() && !o.preFilter.AllNodes()
	if narrowed {
		o.inInputOrder(o.feasible)
	}
	described.sampling = samplingLine{
		Narrowed: narrowed, Start: start, Next: nextStartNodeIndex(o.cluster.scheduler),
		Evaluated: o.evaluated(), Feasible: slices.Clone(o.feasible),
	}
}

// evaluated is the number of nodes whose answer counts.
func (o *observedProfile) evaluated() int {
	evaluated := len(o.feasible)
	for _, answer := range o.statuses {
		if answer != nil {
			evaluated++
		}
	}
	return evaluated
}

// awaitPreemption returns when the goroutine that would delete victims has ended.
func (o *observedProfile) awaitPreemption(pod *corev1.Pod) {
	for o.preemption != nil && !o.preemption.PreEnqueue(o.cluster.ctx, pod).IsSuccess() {
		runtime.Gosched()
	}
}

// describe puts what the plugins answered into the line.
func (o *observedProfile) describe(described *line, pod *corev1.Pod, compact bool) {
	described.Feasible = len(o.feasible)
	if nominated := pod.Status.NominatedNodeName; nominated != "" && o.firstPassed && o.firstNode == nominated && o.filtered == 1 {
		described.ViaNominated, described.Tie, described.Node = nominated, []string{nominated}, nominated
		return
	}
	described.PreFilter = o.describePreFilter()
	described.Infeasible = o.rejections(compact)
	if described.PreFilter != nil && len(o.plugins) > 0 {
		described.Absent = o.describeAbsent(described.PreFilter, pod.Status.NominatedNodeName)
	}
	if len(o.scores) > 0 {
		o.describeScores(described, compact)
	} else {
		described.Tie = o.inInputOrder(slices.Clone(o.feasible))
	}
	if len(described.Tie) > 0 {
		described.Node = described.Tie[0]
	}
}

func (o *observedProfile) describePreFilter() *preFilterLine {
	if !o.preFilterStatus.IsSuccess() {
		return &preFilterLine{Code: o.preFilterStatus.Code().String(), Plugin: o.preFilterStatus.Plugin(), Reasons: o.preFilterStatus.Reasons()}
	}
	if o.preFilter.AllNodes() {
		return nil
	}
	nodes := make([]string, 0, len(o.preFilter.NodeNames))
	for name := range o.preFilter.NodeNames {
		if _, exists := o.cluster.nodeIndex[name]; exists {
			nodes = append(nodes, name)
		}
	}
	return &preFilterLine{Code: codeSuccess.String(), Nodes: o.inInputOrder(nodes)}
}

// describeAbsent is the answer for the nodes outside of a narrowed set, which no Filter plugin sees. It names
// the plugins that have turned something down by then: a nominated node has been tried before.
func (o *observedProfile) describeAbsent(narrowed *preFilterLine, nominated string) *rejection {
	named := sets.New(o.plugins...)
	if nominated != "" && o.firstNode == nominated && !o.firstPassed {
		if answer := o.statuses[o.cluster.nodeIndex[nominated]]; answer != nil {
			named.Insert(answer.Plugin())
		}
	}
	return &rejection{
		Plugin: o.plugins[0], Code: codeUnresolvable.String(),
		Reasons: []string{fmt.Sprintf("node(s) didn't satisfy plugin(s) %v", sets.List(named))},
		Count:   len(o.cluster.nodeNames) - len(narrowed.Nodes),
	}
}

func (o *observedProfile) inInputOrder(nodes []string) []string {
	slices.SortFunc(nodes, func(a, b string) int { return cmp.Compare(o.cluster.nodeIndex[a], o.cluster.nodeIndex[b]) })
	return nodes
}

// rejections groups the rejected nodes by plugin, code and reasons, in the order of their first nodes.
func (o *observedProfile) rejections(compact bool) []rejection {
	var groups []rejection
	byAnswer := map[string]int{}
	var key strings.Builder
	for index, answer := range o.statuses {
		if answer == nil {
			continue
		}
		key.Reset()
		fmt.Fprintf(&key, "%s %d", answer.Plugin(), answer.Code())
		reasons := answer.Reasons()
		if answer.Plugin() == "NodeResourcesFit" && len(reasons) > 1 {
			reasons = orderedFitReasons(reasons)
		}
		for _, reason := range reasons {
			key.WriteByte(0)
			key.WriteString(reason)
		}
		group, known := byAnswer[key.String()]
		if !known {
			group = len(groups)
			byAnswer[key.String()] = group
			groups = append(groups, rejection{Plugin: answer.Plugin(), Code: answer.Code().String(), Reasons: reasons})
		}
		if compact {
			groups[group].Count++
		} else {
			groups[group].Nodes = append(groups[group].Nodes, o.cluster.nodeNames[index])
		}
	}
	return groups
}

// fitReasons are the reasons that NodeResourcesFit gives first and in this order; it gives those of
// other resources in the order of a map.
var fitReasons = []string{"Too many pods", "Insufficient cpu", "Insufficient memory", "Insufficient ephemeral-storage"}

func orderedFitReasons(reasons []string) []string {
	ordered := slices.Clone(reasons)
	slices.SortFunc(ordered, func(a, b string) int {
		return cmp.Or(cmp.Compare(fitRank(a), fitRank(b)), cmp.Compare(a, b))
	})
	return ordered
}

func fitRank(reason string) int {
	if rank := slices.Index(fitReasons, reason); rank >= 0 {
		return rank
	}
	return len(fitReasons)
}

func (o *observedProfile) describeScores(described *line, compact bool) {
	highest := int64(math.MinInt64)
	for _, scored := range o.scores {
		highest = max(highest, scored.TotalScore)
	}
	for _, scored := range o.scores {
		if scored.TotalScore == highest {
			described.Tie = append(described.Tie, scored.Name)
		}
	}
	o.inInputOrder(described.Tie)
	if len(o.scores[0].Scores) == 0 {
		return
	}
	described.MaxTotal = &highest
	if compact {
		return
	}
	for _, part := range o.scores[0].Scores {
		described.ScorePlugins = append(described.ScorePlugins, part.Name)
	}
	described.Scores = make(map[string][]int64, len(o.scores))
	for _, scored := range o.scores {
		row := []int64{scored.TotalScore}
		for _, part := range scored.Scores {
			row = append(row, part.Score)
		}
		described.Scores[scored.Name] = row
	}
}

// describePreemption puts the candidates into the line, and which of them the scheduler may take.
func (o *observedProfile) describePreemption(described *line, taken string, compact bool) error {
	slices.SortFunc(o.victims, func(a, b candidate) int {
		return cmp.Compare(o.cluster.nodeIndex[a.node], o.cluster.nodeIndex[b.node])
	})
	best := bestCandidates(o.victims)
	chosen := best[0]
	described.victims = chosen.pods
	described.Preemption.Nominated = chosen.node
	described.Preemption.Victims = podNames(chosen.pods)
	described.Preemption.PdbViolations = chosen.pdbViolations
	for _, each := range best {
		described.Preemption.Acceptable = append(described.Preemption.Acceptable, each.node)
	}
	if !slices.Contains(described.Preemption.Acceptable, taken) {
		return fmt.Errorf("%s: the scheduler nominated %s, which is none of %v", described.Pod, taken, described.Preemption.Acceptable)
	}
	if compact {
		return nil
	}
	for _, each := range o.victims {
		described.Preemption.Candidates = append(described.Preemption.Candidates, candidateLine{Node: each.node, Victims: podNames(each.pods), PdbViolations: each.pdbViolations})
	}
	return nil
}

// bestCandidates are those that no other is preferred to: fewest violated budgets, then the lowest highest
// priority, the lowest sum of priorities, the fewest pods, the latest start of the most important pods.
func bestCandidates(candidates []candidate) []candidate {
	var best []candidate
	for _, each := range candidates {
		order := -1
		if len(best) > 0 {
			order = compareCandidates(each, best[0])
		}
		if order < 0 {
			best = best[:0]
		}
		if order <= 0 {
			best = append(best, each)
		}
	}
	return best
}

func compareCandidates(a, b candidate) int {
	return cmp.Or(
		cmp.Compare(a.pdbViolations, b.pdbViolations),
		cmp.Compare(corev1helpers.PodPriority(a.pods[0]), corev1helpers.PodPriority(b.pods[0])),
		cmp.Compare(prioritySum(a.pods), prioritySum(b.pods)),
		cmp.Compare(len(a.pods), len(b.pods)),
		cmp.Compare(earliestImportantStart(b.pods), earliestImportantStart(a.pods)),
	)
}

// prioritySum shifts priorities so that each pod counts for more than none.
func prioritySum(pods []*corev1.Pod) int64 {
	sum := int64(0)
	for _, pod := range pods {
		sum += int64(corev1helpers.PodPriority(pod)) + math.MaxInt32 + 1
	}
	return sum
}

// earliestImportantStart is in nanoseconds, over the pods of the highest priority.
func earliestImportantStart(pods []*corev1.Pod) int64 {
	highest := int32(math.MinInt32)
	for _, pod := range pods {
		highest = max(highest, corev1helpers.PodPriority(pod))
	}
	earliest := int64(math.MaxInt64)
	for _, pod := range pods {
		if corev1helpers.PodPriority(pod) == highest && pod.Status.StartTime != nil {
			earliest = min(earliest, pod.Status.StartTime.UnixNano())
		}
	}
	return earliest
}

func podName(pod *corev1.Pod) string { return pod.Namespace + "/" + pod.Name }

func podNames(pods []*corev1.Pod) []string {
	names := make([]string, len(pods))
	for i, pod := range pods {
		names[i] = podName(pod)
	}
	return names
}
