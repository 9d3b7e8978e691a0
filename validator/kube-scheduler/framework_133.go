//go:build kube133

package main

import (
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// The types of the scheduling framework, which moved between packages from version to version.
type (
	cycleState       = *framework.CycleState
	lessFunc         = framework.LessFunc
	nodeInfo         = *framework.NodeInfo
	nodePluginScores = framework.NodePluginScores
	nominatingInfo   = framework.NominatingInfo
	podInfo          = *framework.PodInfo
	preBindPlugin    = framework.PreBindPlugin
	preFilterResult  = framework.PreFilterResult
	status           = framework.Status
)

const (
	codeSuccess       = framework.Success
	codeUnschedulable = framework.Unschedulable
	codeUnresolvable  = framework.UnschedulableAndUnresolvable
	modeOverride      = framework.ModeOverride
)

var (
	asStatus  = framework.AsStatus
	newStatus = framework.NewStatus
)

func podOf(info podInfo) *v1.Pod { return info.Pod }

// gateOf says that a PreEnqueue plugin keeps the pod out of the queue; this version does not note which.
func gateOf(info *framework.QueuedPodInfo) string {
	if info.Gated {
		return "unknown"
	}
	return ""
}

// countsOf is zero: this version counts attempts only.
func countsOf(*framework.QueuedPodInfo) (rejections, failures int) { return 0, 0 }

// resourceKinds is empty: dynamic resource allocation is off in this version.
var resourceKinds []runtime.Object
