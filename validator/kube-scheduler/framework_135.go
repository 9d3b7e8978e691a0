//go:build !kube133 && !kube134

package main

import (
	fwk "k8s.io/kube-scheduler/framework"
)

// The types of the scheduling framework, which moved between packages from version to version.
type (
	cycleState       = fwk.CycleState
	lessFunc         = fwk.LessFunc
	nodeInfo         = fwk.NodeInfo
	nodePluginScores = fwk.NodePluginScores
	nominatingInfo   = fwk.NominatingInfo
	podInfo          = fwk.PodInfo
	preBindPlugin    = fwk.PreBindPlugin
	preFilterResult  = fwk.PreFilterResult
	status           = fwk.Status
)

const (
	codeSuccess       = fwk.Success
	codeUnschedulable = fwk.Unschedulable
	codeUnresolvable  = fwk.UnschedulableAndUnresolvable
	modeOverride      = fwk.ModeOverride
)

var (
	asStatus  = fwk.AsStatus
	newStatus = fwk.NewStatus
)
