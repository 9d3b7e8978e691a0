//go:build kube134

package main

import (
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// The types of the scheduling framework, which moved between packages from version to version.
type (
	cycleState       = fwk.CycleState
	lessFunc         = framework.LessFunc
	nodeInfo         = fwk.NodeInfo
	nodePluginScores = framework.NodePluginScores
	nominatingInfo   = framework.NominatingInfo
	podInfo          = fwk.PodInfo
	preBindPlugin    = framework.PreBindPlugin
	preFilterResult  = framework.PreFilterResult
	status           = fwk.Status
)

const (
	codeSuccess       = fwk.Success
	codeUnschedulable = fwk.Unschedulable
	codeUnresolvable  = fwk.UnschedulableAndUnresolvable
	modeOverride      = framework.ModeOverride
)

var (
	asStatus  = fwk.AsStatus
	newStatus = fwk.NewStatus
)
