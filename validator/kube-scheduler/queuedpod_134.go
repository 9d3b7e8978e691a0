//go:build !kube133

package main

import (
	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

func podOf(info podInfo) *v1.Pod { return info.GetPod() }

// gateOf is the PreEnqueue plugin that keeps the pod out of the queue, "" if none does.
func gateOf(info *framework.QueuedPodInfo) string { return info.GatingPlugin }

// countsOf is how often the pod was rejected, and how often in a row it met an error.
func countsOf(info *framework.QueuedPodInfo) (rejections, failures int) {
	return info.UnschedulableCount, info.ConsecutiveErrorsCount
}
