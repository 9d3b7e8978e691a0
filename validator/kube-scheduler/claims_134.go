//go:build !kube133

package main

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	resourcev1 "k8s.io/api/resource/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// releaseClaims does what the garbage collector and the controller of resource claims do once a pod is gone: its
// own claims go, others lose its reservation, and the last one to leave gives the devices back.
func (c *cluster) releaseClaims(pod *corev1.Pod) {
	claims := c.factory.informerOf(&resourcev1.ResourceClaim{})
	for _, object := range claims.indexer.List() {
		claim := object.(*resourcev1.ResourceClaim)
		if claim.Namespace != pod.Namespace {
			continue
		}
		if metav1.IsControlledBy(claim, pod) {
			claims.remove(claim)
			continue
		}
		isPod := func(consumer resourcev1.ResourceClaimConsumerReference) bool { return consumer.UID == pod.UID }
		if !slices.ContainsFunc(claim.Status.ReservedFor, isPod) {
			continue
		}
		changed := claim.DeepCopy()
		changed.Status.ReservedFor = slices.DeleteFunc(changed.Status.ReservedFor, isPod)
		if len(changed.Status.ReservedFor) == 0 && slices.Contains(changed.Finalizers, resourcev1.Finalizer) {
			changed.Status.Allocation = nil
			changed.Status.Devices = nil
		}
		must(c.factory.set(changed))
	}
}
