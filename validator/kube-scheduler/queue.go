package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler"
	internalqueue "k8s.io/kubernetes/pkg/scheduler/backend/queue"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	testingclock "k8s.io/utils/clock/testing"
)

const queueUsage = `
Reads lines {"name":…,"cluster":{nodes,pods,objects,config},"steps":[…]} and runs the steps against the
scheduler's own queue under a clock that stands still between steps (see README.md). Writes a line for each:
{"name":…,"states":[…]}, a state per step.
  --record   writes the input line with its states in it`

// queueCase is a script for the queue, and what was recorded of it.
type queueCase struct {
	Name    string          `json:"name"`
	Cluster json.RawMessage `json:"cluster,omitempty"`
	Steps   []queueStep     `json:"steps,omitempty"`
	States  []queueState    `json:"states,omitempty"`
}

// queueStep is one thing that happens; which fields matter depends on what it does.
type queueStep struct {
	Do        string          `json:"do"`
	Object    json.RawMessage `json:"object,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Namespace string          `json:"namespace,omitempty"`
	Name      string          `json:"name,omitempty"`
	Seconds   float64         `json:"seconds,omitempty"`
	Pod       string          `json:"pod,omitempty"`
	Plugins   []string        `json:"plugins,omitempty"`
	Pending   []string        `json:"pending,omitempty"`
	Nominate  *string         `json:"nominate,omitempty"`
}

// queueState is what a step led to and how the queue stands after it. Times are in seconds since the start.
type queueState struct {
	Popped        *string             `json:"popped,omitempty"`
	Result        string              `json:"result,omitempty"`
	Node          string              `json:"node,omitempty"`
	Message       string              `json:"message,omitempty"`
	Victims       []string            `json:"victims,omitempty"`
	Active        []queuedPod         `json:"active,omitempty"`
	Backoff       []queuedPod         `json:"backoff,omitempty"`
	Unschedulable []queuedPod         `json:"unschedulable,omitempty"`
	InFlight      []string            `json:"inFlight,omitempty"`
	Nominated     map[string][]string `json:"nominated,omitempty"`
}

type queuedPod struct {
	Pod string `json:"pod"`
	// Since is when the pod got into the queue, or came back from its last attempt.
	Since float64 `json:"since"`
	// Until is when the backoff ends.
	Until              *float64 `json:"until,omitempty"`
	Attempts           int      `json:"attempts,omitempty"`
	UnschedulableCount int      `json:"unschedulableCount,omitempty"`
	ErrorCount         int      `json:"errorCount,omitempty"`
	Plugins            []string `json:"plugins,omitempty"`
	Pending            []string `json:"pending,omitempty"`
	Gate               string   `json:"gate,omitempty"`
}

//go:linkname flushBackoffCompleted k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue).flushBackoffQCompleted
func flushBackoffCompleted(queue *internalqueue.PriorityQueue, logger klog.Logger)

//go:linkname flushUnschedulableLeftover k8s.io/kubernetes/pkg/scheduler/backend/queue.(*PriorityQueue).flushUnschedulablePodsLeftover
func flushUnschedulableLeftover(queue *internalqueue.PriorityQueue, logger klog.Logger)

// The tickers that move pods on, and where they would next fire.
const (
	backoffTick       = time.Second
	unschedulableTick = 30 * time.Second
)

func runQueue(arguments []string) error {
	set := flags("queue", queueUsage)
	record := set.Bool("record", false, "write the input with the states")
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
		var given queueCase
		if err := json.Unmarshal(text, &given); err != nil {
			return err
		}
		states, err := runQueueCase(&given)
		if err != nil {
			return fmt.Errorf("%s: %w", given.Name, err)
		}
		if !*record {
			given = queueCase{Name: given.Name}
		}
		given.States = states
		return encoder.Encode(given)
	})
}

// queueRun is a script being run.
type queueRun struct {
	*cluster
	clock    *testingclock.FakeClock
	queue    *internalqueue.PriorityQueue
	inFlight map[string]*flight
	// nodes are all nodes there ever were, for looking up nominations.
	nodes   sets.Set[string]
	mutex   sync.Mutex
	patches []clienttesting.PatchAction
}

// flight is a pod that was popped and has not come back.
type flight struct {
	info    *framework.QueuedPodInfo
	outcome *outcome
}

func runQueueCase(given *queueCase) ([]queueState, error) {
	start := &scenario{}
	if len(given.Cluster) > 0 {
		var err error
		if start, err = decodeScenario(given.Cluster); err != nil {
			return nil, err
		}
	}
	run := &queueRun{clock: testingclock.NewFakeClock(firstStart), inFlight: map[string]*flight{}, nodes: sets.New[string]()}
	c, err := newCluster(start, settings{parallelism: 1, exhaustive: true, options: []scheduler.Option{scheduler.WithClock(run.clock)}})
	if err != nil {
		return nil, err
	}
	defer c.close()
	run.cluster = c
	run.queue = c.scheduler.SchedulingQueue.(*internalqueue.PriorityQueue)
	run.nodes.Insert(c.nodeNames...)
	c.storage.podPatched = run.podPatched
	states := make([]queueState, 0, len(given.Steps))
	for index := range given.Steps {
		state := queueState{}
		if err := run.step(&given.Steps[index], &state); err != nil {
			return nil, fmt.Errorf("steps[%d] %s: %w", index, given.Steps[index].Do, err)
		}
		run.describe(&state)
		states = append(states, state)
	}
	return states, nil
}

func (r *queueRun) step(step *queueStep, state *queueState) error {
	switch step.Do {
	case "set":
		return r.set(step.Object)
	case "remove":
		return r.removeObject(step)
	case "advance":
		r.advance(time.Duration(step.Seconds * float64(time.Second)))
		return nil
	case "pop":
		_, err := r.pop(state)
		return err
	case "begin":
		flight, err := r.pop(state)
		if err != nil || flight == nil {
			return err
		}
		return r.begin(flight, state)
	case "end":
		return r.end(step.Pod)
	case "schedule":
		flight, err := r.pop(state)
		if err != nil || flight == nil {
			return err
		}
		if err := r.begin(flight, state); err != nil {
			return err
		}
		return r.end(podName(flight.info.Pod))
	case "failed":
		return r.failed(step)
	case "done":
		flight, err := r.takeFlight(step.Pod)
		if err == nil {
			r.queue.Done(flight.info.Pod.UID)
		}
		return err
	}
	return fmt.Errorf("no such step")
}

// set creates or replaces an object. What the script leaves out of a pod that is there already, its status
// and its node, stays as it is.
func (r *queueRun) set(text json.RawMessage) error {
	object, err := decodeObject(text)
	if err != nil {
		return err
	}
	switch object := object.(type) {
	case *corev1.Node:
		r.nodes.Insert(object.Name)
		return r.addNode(object)
	case *corev1.Pod:
		if object.Namespace == "" {
			object.Namespace = "default"
		}
		if old, err := r.factory.Core().V1().Pods().Lister().Pods(object.Namespace).Get(object.Name); err == nil {
			object.UID = old.UID
			if object.Spec.NodeName == "" {
				object.Spec.NodeName = old.Spec.NodeName
			}
			if !strings.Contains(string(text), `"status"`) {
				object.Status = old.Status
			}
		}
		return r.addPod(object)
	}
	return r.addObject(object)
}

func (r *queueRun) removeObject(step *queueStep) error {
	for kind, informer := range r.factory.byType {
		if kind.Elem().Name() != step.Kind {
			continue
		}
		key := step.Name
		if step.Namespace != "" {
			key = step.Namespace + "/" + step.Name
		}
		object, exists, _ := informer.indexer.GetByKey(key)
		if !exists {
			return fmt.Errorf("there is no %s %s", step.Kind, key)
		}
		informer.remove(object.(runtime.Object))
		return nil
	}
	return fmt.Errorf("nothing watches kind %q", step.Kind)
}

// advance lets time pass, with the queue's tickers firing when they are due.
func (r *queueRun) advance(by time.Duration) {
	target := r.clock.Now().Add(by)
	for {
		next := r.clock.Now().Truncate(backoffTick).Add(backoffTick)
		if next.After(target) {
			break
		}
		r.clock.SetTime(next)
		flushBackoffCompleted(r.queue, r.logger())
		if next.Sub(firstStart)%unschedulableTick == 0 {
			flushUnschedulableLeftover(r.queue, r.logger())
		}
	}
	r.clock.SetTime(target)
}

// pop takes the head of the queue, unless that would wait for a pod to come.
func (r *queueRun) pop(state *queueState) (*flight, error) {
	nothing := ""
	if !r.hasHead() {
		state.Popped = &nothing
		return nil, nil
	}
	info, err := r.queue.Pop(r.logger())
	if err != nil {
		return nil, err
	}
	name := podName(info.Pod)
	state.Popped = &name
	r.inFlight[name] = &flight{info: info}
	return r.inFlight[name], nil
}

// hasHead is whether a pod waits in activeQ, or in backoffQ for another reason than an error.
func (r *queueRun) hasHead() bool {
	if len(r.queue.PodsInActiveQ()) > 0 {
		return true
	}
	return slices.ContainsFunc(r.queue.PodsInBackoffQ(), func(pod *corev1.Pod) bool {
		info, known := r.queue.GetPod(pod.Name, pod.Namespace)
		return known && info.UnschedulablePlugins.Len()+info.PendingPlugins.Len() > 0
	})
}

// begin runs a scheduling attempt up to its result.
func (r *queueRun) begin(flight *flight, state *queueState) error {
	tried, err := r.attempt(r.profiles[flight.info.Pod.Spec.SchedulerName], flight.info.Pod, true)
	if err != nil {
		return err
	}
	flight.outcome = tried
	state.Result, state.Node, state.Message = tried.Result, tried.Node, tried.Message
	if tried.Preemption != nil {
		state.Node, state.Victims = tried.Preemption.Nominated, tried.Preemption.Victims
	}
	return nil
}

// end does with the result of an attempt what the scheduler does.
func (r *queueRun) end(name string) error {
	flight, err := r.takeFlight(name)
	if err != nil {
		return err
	}
	if flight.outcome == nil {
		return fmt.Errorf("%s has had no attempt", name)
	}
	profile := r.profiles[flight.info.Pod.Spec.SchedulerName]
	if flight.outcome.failure != nil {
		r.fail(profile, flight.info, flight.outcome.failure, flight.outcome.nominating)
		return nil
	}
	if err := r.settle(profile, flight.outcome.state, flight.info.Pod, flight.outcome.Node); err != nil {
		return err
	}
	r.queue.Done(flight.info.Pod.UID)
	r.bind(flight.info.Pod, flight.outcome.Node)
	return nil
}

// failed ends an attempt with the plugins the script names, or with an error if it names none.
func (r *queueRun) failed(step *queueStep) error {
	flight, err := r.takeFlight(step.Pod)
	if err != nil {
		return err
	}
	failure := asStatus(errors.New("an error that no plugin reported"))
	if len(step.Plugins)+len(step.Pending) > 0 {
		failure = newStatus(codeUnschedulable).WithError(&framework.FitError{
			Pod: flight.info.Pod,
			Diagnosis: framework.Diagnosis{
				NodeToStatus:         framework.NewDefaultNodeToStatus(),
				UnschedulablePlugins: sets.New(step.Plugins...),
				PendingPlugins:       sets.New(step.Pending...),
			},
		})
	}
	nominating := (*nominatingInfo)(nil)
	if step.Nominate != nil {
		nominating = &nominatingInfo{NominatingMode: modeOverride, NominatedNodeName: *step.Nominate}
	}
	r.fail(r.profiles[flight.info.Pod.Spec.SchedulerName], flight.info, failure, nominating)
	return nil
}

// fail runs the scheduler's failure handler, and lets the pod's new status arrive afterwards.
func (r *queueRun) fail(profile *observedProfile, info *framework.QueuedPodInfo, failure *status, nominating *nominatingInfo) {
	r.scheduler.FailureHandler(r.ctx, profile, info, failure, nominating, r.clock.Now())
	r.deliverPatches()
}

// podPatched keeps a change of a pod's status until the scheduler has done its part.
func (r *queueRun) podPatched(patch clienttesting.PatchAction) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.patches = append(r.patches, patch)
}

func (r *queueRun) deliverPatches() {
	r.mutex.Lock()
	patches := r.patches
	r.patches = nil
	r.mutex.Unlock()
	for _, patch := range patches {
		pod, err := r.factory.Core().V1().Pods().Lister().Pods(patch.GetNamespace()).Get(patch.GetName())
		if err != nil {
			continue
		}
		text, err := json.Marshal(pod)
		must(err)
		patched, err := strategicpatch.StrategicMergePatch(text, patch.GetPatch(), &corev1.Pod{})
		must(err)
		changed := &corev1.Pod{}
		must(json.Unmarshal(patched, changed))
		must(r.factory.set(changed))
	}
}

// takeFlight ends the flight of the named pod, or of the only one.
func (r *queueRun) takeFlight(name string) (*flight, error) {
	if name == "" && len(r.inFlight) == 1 {
		for only := range r.inFlight {
			name = only
		}
	}
	found := r.inFlight[name]
	if found == nil {
		return nil, fmt.Errorf("pod %q is not in flight", name)
	}
	delete(r.inFlight, name)
	return found, nil
}

func (r *queueRun) describe(state *queueState) {
	less := r.anyProfile().QueueSortFunc()
	active := r.infos(r.queue.PodsInActiveQ())
	slices.SortFunc(active, func(a, b *framework.QueuedPodInfo) int { return compareQueued(less, a, b) })
	backoff := r.infos(r.queue.PodsInBackoffQ())
	slices.SortFunc(backoff, func(a, b *framework.QueuedPodInfo) int {
		return cmp.Or(backoffEnd(r.queue, a).Compare(backoffEnd(r.queue, b)), compareQueued(less, a, b))
	})
	unschedulable := r.infos(r.queue.UnschedulablePods())
	slices.SortFunc(unschedulable, func(a, b *framework.QueuedPodInfo) int { return strings.Compare(podName(a.Pod), podName(b.Pod)) })
	state.Active, state.Unschedulable = describeQueued(active), describeQueued(unschedulable)
	state.Backoff = describeQueued(backoff)
	for i, info := range backoff {
		until := backoffEnd(r.queue, info).Sub(firstStart).Seconds()
		state.Backoff[i].Until = &until
	}
	for _, pod := range r.queue.InFlightPods() {
		state.InFlight = append(state.InFlight, podName(pod))
	}
	slices.Sort(state.InFlight)
	state.Nominated = r.nominations()
}

func (r *queueRun) anyProfile() *observedProfile {
	for _, profile := range r.profiles {
		return profile
	}
	return nil
}

func (r *queueRun) infos(pods []*corev1.Pod) []*framework.QueuedPodInfo {
	infos := make([]*framework.QueuedPodInfo, 0, len(pods))
	for _, pod := range pods {
		if info, known := r.queue.GetPod(pod.Name, pod.Namespace); known {
			infos = append(infos, info)
		}
	}
	return infos
}

func (r *queueRun) nominations() map[string][]string {
	nominations := map[string][]string{}
	for node := range r.nodes {
		for _, info := range r.queue.NominatedPodsForNode(node) {
			nominations[node] = append(nominations[node], podName(podOf(info)))
		}
		slices.Sort(nominations[node])
	}
	return nominations
}

func compareQueued(less lessFunc, a, b *framework.QueuedPodInfo) int {
	switch {
	case less(a, b):
		return -1
	case less(b, a):
		return 1
	}
	return strings.Compare(podName(a.Pod), podName(b.Pod))
}

func describeQueued(infos []*framework.QueuedPodInfo) []queuedPod {
	described := make([]queuedPod, len(infos))
	for i, info := range infos {
		rejections, failures := countsOf(info)
		described[i] = queuedPod{
			Pod: podName(info.Pod), Since: info.Timestamp.Sub(firstStart).Seconds(), Attempts: info.Attempts,
			UnschedulableCount: rejections, ErrorCount: failures,
			Plugins: sets.List(info.UnschedulablePlugins), Pending: sets.List(info.PendingPlugins), Gate: gateOf(info),
		}
	}
	return described
}
