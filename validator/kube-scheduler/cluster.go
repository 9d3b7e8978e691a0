package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/klog/v2"
	corev1api "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/latest"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// firstStart is when the first pod bound in a scenario starts; each later one starts a second later.
var firstStart = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// cluster is a real scheduler over objects that only this process holds.
type cluster struct {
	ctx       context.Context
	cancel    context.CancelFunc
	client    *fake.Clientset
	factory   *directFactory
	scheduler *scheduler.Scheduler
	admission *podAdmission
	profiles  map[string]*observedProfile
	// nodeNames are in input order, nodeIndex says where each stands there.
	nodeNames []string
	nodeIndex map[string]int
	bound     int
	storage   *storageController
}

// settings are what the ways to use a cluster differ in.
type settings struct {
	// parallelism is the number of goroutines a scheduling cycle uses; 0 leaves it to the configuration.
	parallelism int32
	// exhaustive evaluates every node, and every candidate of a preemption.
	exhaustive bool
	options    []scheduler.Option
}

func loadScenarioConfiguration(text []byte) (*config.KubeSchedulerConfiguration, error) {
	if len(text) == 0 || string(text) == "null" {
		return latest.Default()
	}
	configuration, err := loadConfiguration(text)
	if err == nil && len(configuration.Extenders) > 0 {
		return nil, fmt.Errorf("extenders cannot be called without a cluster")
	}
	return configuration, err
}

// newCluster builds the scheduler and gives it all of the scenario but the pending pods.
func newCluster(given *scenario, how settings) (*cluster, error) {
	configuration, err := loadScenarioConfiguration(given.Config)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	if how.parallelism > 0 {
		configuration.Parallelism = how.parallelism
	}
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), logr.Discard()))
	c := &cluster{ctx: ctx, cancel: cancel, client: emptyClient(), nodeIndex: map[string]int{}, profiles: map[string]*observedProfile{}}
	c.factory = newDirectFactory(c.client)
	c.storage = newStorageController(c)
	c.scheduler, err = scheduler.New(ctx, c.client, c.factory, nil, silentRecorder, append(schedulerOptions(configuration), how.options...)...)
	if err != nil {
		cancel()
		return nil, err
	}
	for name, profile := range c.scheduler.Profiles {
		c.profiles[name] = observe(c, profile, how.exhaustive)
	}
	if err := c.fill(given); err != nil {
		cancel()
		return nil, err
	}
	return c, nil
}

func (c *cluster) close() { c.cancel() }

func (c *cluster) logger() klog.Logger { return klog.FromContext(c.ctx) }

func (c *cluster) fill(given *scenario) error {
	c.admission = newPodAdmission(c.factory)
	for index, text := range given.Objects {
		object, err := decodeObject(text)
		if err != nil {
			return fmt.Errorf("objects[%d]: %w", index, err)
		}
		if err := c.addObject(object); err != nil {
			return fmt.Errorf("objects[%d]: %w", index, err)
		}
	}
	for _, node := range given.Nodes {
		if err := c.addNode(node); err != nil {
			return err
		}
	}
	for _, pod := range given.Pods {
		if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
			continue
		}
		if err := c.addPod(pod); err != nil {
			return err
		}
	}
	for _, pod := range given.Pending {
		if pod.Namespace == "" {
			pod.Namespace = metav1.NamespaceDefault
		}
		c.ensureNamespace(pod.Namespace)
	}
	return nil
}

// addObject stores any object but nodes and pods.
func (c *cluster) addObject(object runtime.Object) error {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	if namespace, isNamespace := object.(*corev1.Namespace); isNamespace {
		labelNamespace(namespace)
	}
	identify(accessor, fmt.Sprintf("%T", object))
	return c.factory.set(object)
}

func (c *cluster) addNode(node *corev1.Node) error {
	corev1api.SetObjectDefaults_Node(node)
	identify(node, "Node")
	if _, exists := c.nodeIndex[node.Name]; !exists {
		c.nodeIndex[node.Name] = len(c.nodeNames)
		c.nodeNames = append(c.nodeNames, node.Name)
	}
	return c.factory.set(node)
}

// addPod stores a pod after admission; what its spec.nodeName says decides whether it runs or waits.
func (c *cluster) addPod(pod *corev1.Pod) error {
	if err := c.admission.admit(pod); err != nil {
		return err
	}
	c.ensureNamespace(pod.Namespace)
	identify(pod, "Pod")
	return c.factory.set(pod)
}

func (c *cluster) ensureNamespace(name string) {
	informer := c.factory.informerOf(&corev1.Namespace{})
	if _, exists, _ := informer.indexer.GetByKey(name); exists {
		return
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	must(c.addObject(namespace))
}

func labelNamespace(namespace *corev1.Namespace) {
	if namespace.Labels == nil {
		namespace.Labels = map[string]string{}
	}
	namespace.Labels[corev1.LabelMetadataName] = namespace.Name
}

// snapshot brings the scheduler's view of the cluster up to date, as at the start of a scheduling cycle.
func (c *cluster) snapshot(profile framework.Framework) error {
	return c.scheduler.Cache.UpdateSnapshot(c.logger(), profile.SnapshotSharedLister().(*internalcache.Snapshot))
}

// hold makes a pending pod known. Only one with a nomination gets into the queue, where other pods'
// attempts look for it; one with a node is not there before its turn.
func (c *cluster) hold(pod *corev1.Pod) error {
	if err := c.admission.admit(pod); err != nil {
		return err
	}
	identify(pod, "Pod")
	if pod.Spec.NodeName != "" {
		return nil
	}
	if pod.Status.NominatedNodeName != "" {
		return c.factory.set(pod)
	}
	c.factory.nextResourceVersion(pod)
	return c.factory.informerOf(pod).indexer.Update(pod)
}

// renominate does with the pod's nomination what the scheduler does after a failed attempt: a result
// without an opinion leaves it as it is.
func (c *cluster) renominate(pod *corev1.Pod, nominating *nominatingInfo) *corev1.Pod {
	if nominating.Mode() != modeOverride || nominating.NominatedNodeName == pod.Status.NominatedNodeName {
		return pod
	}
	changed := pod.DeepCopy()
	changed.Status.NominatedNodeName = nominating.NominatedNodeName
	must(c.factory.set(changed))
	return changed
}

// bind puts the pod on the node: from now on it is Running there.
func (c *cluster) bind(pod *corev1.Pod, node string) {
	running := pod.DeepCopy()
	running.Spec.NodeName = node
	running.Status.Phase = corev1.PodRunning
	if running.Status.StartTime == nil {
		start := metav1.NewTime(firstStart.Add(time.Duration(c.bound) * time.Second))
		running.Status.StartTime = &start
	}
	c.bound++
	c.scheduler.SchedulingQueue.DeleteNominatedPodIfExists(pod)
	must(c.factory.set(running))
}

// remove deletes the pod.
func (c *cluster) remove(pod *corev1.Pod) {
	c.scheduler.SchedulingQueue.DeleteNominatedPodIfExists(pod)
	c.factory.informerOf(pod).remove(pod)
}

func decodeScenario(text []byte) (*scenario, error) {
	given := &scenario{}
	if err := json.Unmarshal(text, given); err != nil {
		return nil, err
	}
	return given, nil
}
