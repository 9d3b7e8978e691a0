package main

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	storagelisters "k8s.io/client-go/listers/storage/v1"
	clienttesting "k8s.io/client-go/testing"
	storagehelpers "k8s.io/component-helpers/storage/volume"
)

// storageController answers the API calls that plugins make before a pod is bound, and does what the
// volume controllers would do about them.
type storageController struct {
	cluster *cluster
	classes storagelisters.StorageClassLister
	// expected is the number of volume updates still to come; done is called when there are none.
	expected int
	done     context.CancelFunc
	// podPatched is told of changes of a pod's status, if anybody wants to know.
	podPatched func(clienttesting.PatchAction)
}

func newStorageController(c *cluster) *storageController {
	s := &storageController{cluster: c, classes: c.factory.Storage().V1().StorageClasses().Lister()}
	c.client.AddReactor("*", "*", s.answer)
	return s
}

// answer is the API server: calls it does not know fail.
func (s *storageController) answer(action clienttesting.Action) (bool, runtime.Object, error) {
	switch action.GetResource().Resource + " " + action.GetVerb() {
	case "persistentvolumes update":
		return s.volumeUpdated(action)
	case "persistentvolumeclaims update":
		return s.claimUpdated(action)
	case "resourceclaims create", "resourceclaims update":
		return s.stored(action)
	case "pods patch":
		if s.podPatched != nil {
			s.podPatched(action.(clienttesting.PatchAction))
		}
		return true, &corev1.Pod{}, nil
	}
	return true, nil, fmt.Errorf("no answer to %s of %s", action.GetVerb(), action.GetResource().Resource)
}

// written is the object of a create or update call, as stored.
func (s *storageController) written(action clienttesting.Action) runtime.Object {
	return action.(interface{ GetObject() runtime.Object }).GetObject().DeepCopyObject()
}

func (s *storageController) stored(action clienttesting.Action) (bool, runtime.Object, error) {
	object := s.written(action)
	err := s.cluster.addObject(object)
	// The caller may change what it gets; what is stored is not its own.
	return true, object.DeepCopyObject(), err
}

// volumeUpdated completes a binding that starts with the volume's claim reference.
func (s *storageController) volumeUpdated(action clienttesting.Action) (bool, runtime.Object, error) {
	volume := s.written(action).(*corev1.PersistentVolume)
	claim, err := s.claim(volume.Spec.ClaimRef.Namespace, volume.Spec.ClaimRef.Name)
	if err != nil {
		return true, nil, err
	}
	s.join(volume, claim)
	s.count()
	return true, volume.DeepCopy(), nil
}

// claimUpdated provisions a volume for a claim whose node has been chosen.
func (s *storageController) claimUpdated(action clienttesting.Action) (bool, runtime.Object, error) {
	claim := s.written(action).(*corev1.PersistentVolumeClaim)
	volume, err := s.provision(claim, claim.Annotations[storagehelpers.AnnSelectedNode])
	if err != nil {
		return true, nil, err
	}
	s.join(volume, claim)
	s.count()
	return true, claim.DeepCopy(), nil
}

func (s *storageController) count() {
	if s.expected--; s.expected == 0 {
		s.done()
	}
}

func (s *storageController) claim(namespace, name string) (*corev1.PersistentVolumeClaim, error) {
	claim, err := s.cluster.factory.Core().V1().PersistentVolumeClaims().Lister().PersistentVolumeClaims(namespace).Get(name)
	if err != nil {
		return nil, err
	}
	return claim.DeepCopy(), nil
}

// join stores volume and claim as bound to each other.
func (s *storageController) join(volume *corev1.PersistentVolume, claim *corev1.PersistentVolumeClaim) {
	volume.Spec.ClaimRef = &corev1.ObjectReference{Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID}
	volume.Status.Phase = corev1.VolumeBound
	claim.Spec.VolumeName = volume.Name
	claim.Status.Phase = corev1.ClaimBound
	metav1.SetMetaDataAnnotation(&claim.ObjectMeta, storagehelpers.AnnBindCompleted, "yes")
	must(s.cluster.addObject(volume))
	must(s.cluster.addObject(claim))
}

// provision makes a volume of the requested size that the nodes of the chosen node's zone can use.
func (s *storageController) provision(claim *corev1.PersistentVolumeClaim, nodeName string) (*corev1.PersistentVolume, error) {
	class, err := s.classes.Get(storagehelpers.GetPersistentVolumeClaimClass(claim))
	if err != nil {
		return nil, err
	}
	node, err := s.cluster.factory.Core().V1().Nodes().Lister().Get(nodeName)
	if err != nil {
		return nil, err
	}
	name := "pvc-" + claim.Namespace + "-" + claim.Name
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{storagehelpers.AnnDynamicallyProvisioned: class.Provisioner}},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimDelete,
			StorageClassName:              class.Name,
			VolumeMode:                    claim.Spec.VolumeMode,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{CSI: &corev1.CSIPersistentVolumeSource{Driver: class.Provisioner, VolumeHandle: name}},
		},
	}
	if zone, hasZone := node.Labels[corev1.LabelTopologyZone]; hasZone {
		volume.Spec.NodeAffinity = &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
			MatchExpressions: []corev1.NodeSelectorRequirement{{Key: corev1.LabelTopologyZone, Operator: corev1.NodeSelectorOpIn, Values: []string{zone}}},
		}}}}
	}
	return volume, nil
}

// unboundClaims is the number of the pod's claims that have no volume yet.
func (s *storageController) unboundClaims(pod *corev1.Pod) int {
	unbound := 0
	for i := range pod.Spec.Volumes {
		name := claimName(pod, &pod.Spec.Volumes[i])
		if name == "" {
			continue
		}
		if claim, err := s.claim(pod.Namespace, name); err == nil && claim.Spec.VolumeName == "" {
			unbound++
		}
	}
	return unbound
}

// claimName is the claim the volume stands for, "" if it stands for none.
func claimName(pod *corev1.Pod, volume *corev1.Volume) string {
	switch {
	case volume.PersistentVolumeClaim != nil:
		return volume.PersistentVolumeClaim.ClaimName
	case volume.Ephemeral != nil:
		return pod.Name + "-" + volume.Name
	}
	return ""
}

// settle runs the plugins' Reserve and PreBind for the pod on the node, so that its claims are bound.
func (c *cluster) settle(profile *observedProfile, state cycleState, pod *corev1.Pod, node string) error {
	if !needsClaims(pod) {
		return nil
	}
	assumed := pod.DeepCopy()
	assumed.Spec.NodeName = node
	if reserved := profile.RunReservePluginsReserve(c.ctx, state, assumed, node); !reserved.IsSuccess() {
		return fmt.Errorf("reserve %s/%s on %s: %w", pod.Namespace, pod.Name, node, reserved.AsError())
	}
	for _, plugin := range profile.preBind {
		ctx, cancel := context.WithCancel(c.ctx)
		c.storage.expected, c.storage.done = c.storage.unboundClaims(pod), cancel
		bound := plugin.PreBind(ctx, state, assumed, node)
		// Waiting for the volumes is cut short when all calls have been answered: they are bound by then.
		cut := ctx.Err() != nil
		cancel()
		if !bound.IsSuccess() && !(cut && errors.Is(bound.AsError(), context.Canceled)) {
			return fmt.Errorf("%s for %s/%s on %s: %w", plugin.Name(), pod.Namespace, pod.Name, node, bound.AsError())
		}
	}
	return nil
}

// needsClaims is whether binding the pod changes other objects than the pod.
func needsClaims(pod *corev1.Pod) bool {
	if len(pod.Spec.ResourceClaims) > 0 {
		return true
	}
	for i := range pod.Spec.Volumes {
		if claimName(pod, &pod.Spec.Volumes[i]) != "" {
			return true
		}
	}
	return false
}
