package main

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

// observedProfile is a scheduling profile that notes what its plugins answered in the last attempt.
type observedProfile struct {
	framework.Framework
	cluster    *cluster
	exhaustive bool
	preemption *defaultpreemption.DefaultPreemption
	preBind    []preBindPlugin
	observation
}

// observation is what the plugins answered in one attempt; statuses are by node index in input order.
type observation struct {
	preFilter       *preFilterResult
	preFilterStatus *status
	// plugins are those that narrowed the set of nodes.
	plugins     []string
	statuses    []*status
	filtered    int
	firstNode   string
	firstPassed bool
	feasible    []string
	scores      []nodePluginScores
	victims     []candidate
}

// candidate is a node that preemption could free.
type candidate struct {
	node          string
	pods          []*corev1.Pod
	pdbViolations int
}

var allNodes int32 = 100

func observe(c *cluster, profile framework.Framework, exhaustive bool) *observedProfile {
	observed := &observedProfile{Framework: profile, cluster: c, exhaustive: exhaustive}
	byName := map[string]preBindPlugin{}
	for _, extension := range profile.EnqueueExtensions() {
		if plugin, isPreBind := extension.(preBindPlugin); isPreBind {
			byName[plugin.Name()] = plugin
		}
		if plugin, isPreemption := extension.(*defaultpreemption.DefaultPreemption); isPreemption {
			observed.preemption = plugin
			plugin.Evaluator.Interface = &observedPreemption{Interface: plugin.Evaluator.Interface, profile: observed}
			onPreempt(plugin, func(*corev1.Pod) {})
		}
	}
	for _, plugin := range profile.ListPlugins().PreBind.Enabled {
		if found := byName[plugin.Name]; found != nil {
			observed.preBind = append(observed.preBind, found)
		}
	}
	return observed
}

func (o *observedProfile) begin() {
	statuses := o.statuses
	if len(statuses) < len(o.cluster.nodeNames) {
		statuses = make([]*status, len(o.cluster.nodeNames))
	}
	clear(statuses)
	o.observation = observation{statuses: statuses, feasible: o.feasible[:0]}
}

func (o *observedProfile) RunPreFilterPlugins(ctx context.Context, state cycleState, pod *corev1.Pod) (*preFilterResult, *status, sets.Set[string]) {
	result, answer, plugins := o.Framework.RunPreFilterPlugins(ctx, state, pod)
	o.preFilter, o.preFilterStatus, o.plugins = result, answer, nil
	if answer.IsSuccess() {
		o.plugins = sets.List(plugins)
	}
	return result, answer, plugins
}

func (o *observedProfile) RunFilterPluginsWithNominatedPods(ctx context.Context, state cycleState, pod *corev1.Pod, info nodeInfo) *status {
	answer := o.Framework.RunFilterPluginsWithNominatedPods(ctx, state, pod, info)
	name := info.Node().Name
	if o.filtered++; o.filtered == 1 {
		o.firstNode, o.firstPassed = name, answer.IsSuccess()
	}
	if answer.IsSuccess() {
		o.feasible = append(o.feasible, name)
	} else {
		o.statuses[o.cluster.nodeIndex[name]] = answer
	}
	return answer
}

func (o *observedProfile) RunScorePlugins(ctx context.Context, state cycleState, pod *corev1.Pod, nodes []nodeInfo) ([]nodePluginScores, *status) {
	scores, answer := o.Framework.RunScorePlugins(ctx, state, pod, nodes)
	o.scores = scores
	return scores, answer
}

// PercentageOfNodesToScore makes the scheduler look at every node when the profile is exhaustive.
func (o *observedProfile) PercentageOfNodesToScore() *int32 {
	if o.exhaustive {
		return &allNodes
	}
	return o.Framework.PercentageOfNodesToScore()
}

// HasScorePlugins keeps the scheduler from stopping at the first node that passes when nothing is scored.
func (o *observedProfile) HasScorePlugins() bool {
	return o.exhaustive || o.Framework.HasScorePlugins()
}

// observedPreemption notes the candidates of the preemption plugin.
type observedPreemption struct {
	preemption.Interface
	profile *observedProfile
}

func (o *observedPreemption) GetOffsetAndNumCandidates(nodes int32) (int32, int32) {
	if o.profile.exhaustive {
		return 0, nodes
	}
	return o.Interface.GetOffsetAndNumCandidates(nodes)
}

func (o *observedPreemption) SelectVictimsOnNode(ctx context.Context, state cycleState, pod *corev1.Pod, info nodeInfo, budgets []*policyv1.PodDisruptionBudget) ([]*corev1.Pod, int, *status) {
	pods, violations, answer := o.Interface.SelectVictimsOnNode(ctx, state, pod, info, budgets)
	if answer.IsSuccess() && len(pods) > 0 {
		o.profile.victims = append(o.profile.victims, candidate{node: info.Node().Name, pods: pods, pdbViolations: violations})
	}
	return pods, violations, answer
}
