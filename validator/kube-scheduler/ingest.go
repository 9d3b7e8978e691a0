package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	core "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1api "k8s.io/kubernetes/pkg/apis/core/v1"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	schedulingv1api "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/plugin/pkg/admission/priority"
)

// scenario is the input document: a cluster and the pods to place in it, in order.
type scenario struct {
	ID      json.RawMessage   `json:"id,omitempty"`
	Name    string            `json:"name"`
	Nodes   []*corev1.Node    `json:"nodes"`
	Pods    []*corev1.Pod     `json:"pods"`
	Pending []*corev1.Pod     `json:"pending"`
	Objects []json.RawMessage `json:"objects"`
	Config  json.RawMessage   `json:"config"`
}

// decodeObject reads an object of any kind the API server knows, with its defaults.
func decodeObject(text []byte) (runtime.Object, error) {
	object, _, err := legacyscheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(object)
	return object, nil
}

// admission does to pods what the API server does when they are created, as far as scheduling sees it.
type podAdmission struct {
	priority *priority.Plugin
}

func newPodAdmission(factory *directFactory) *podAdmission {
	plugin := priority.NewPlugin()
	plugin.SetExternalKubeClientSet(emptyClient())
	plugin.SetExternalKubeInformerFactory(factory)
	for _, class := range schedulingv1api.SystemPriorityClasses() {
		must(factory.set(class))
	}
	return &podAdmission{priority: plugin}
}

var (
	podKind     = corev1.SchemeGroupVersion.WithKind("Pod")
	podResource = corev1.SchemeGroupVersion.WithResource("pods")
)

// admit fills in defaults, priority and the selectors that matchLabelKeys stand for. A pod of a running
// cluster that has a priority its class no longer has keeps its own.
func (a *podAdmission) admit(pod *corev1.Pod) error {
	if pod.Namespace == "" {
		pod.Namespace = metav1.NamespaceDefault
	}
	corev1api.SetObjectDefaults_Pod(pod)
	given := pod.Status
	created := &core.Pod{}
	if err := corev1api.Convert_v1_Pod_To_core_Pod(pod, created, nil); err != nil {
		return err
	}
	attributes := admission.NewAttributesRecord(created, nil, podKind, pod.Namespace, pod.Name, podResource, "", admission.Create, &metav1.CreateOptions{}, false, nil)
	if err := a.priority.Admit(context.Background(), attributes, nil); err != nil && pod.Spec.Priority == nil {
		return fmt.Errorf("pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	podregistry.Strategy.PrepareForCreate(context.Background(), created)
	admitted := &corev1.Pod{}
	if err := corev1api.Convert_core_Pod_To_v1_Pod(created, admitted, nil); err != nil {
		return err
	}
	pod.ObjectMeta, pod.Spec, pod.Status = admitted.ObjectMeta, admitted.Spec, given
	if pod.Status.Phase == "" {
		pod.Status.Phase = corev1.PodPending
	}
	return nil
}

// identify gives an object without a UID one that is its own.
func identify(object metav1.Object, kind string) {
	if object.GetUID() == "" {
		object.SetUID(types.UID(kind + "/" + object.GetNamespace() + "/" + object.GetName()))
	}
	// Informers hand out objects with a version; what the input says about it means nothing here.
	if _, err := strconv.Atoi(object.GetResourceVersion()); err != nil {
		object.SetResourceVersion("1")
	}
}
