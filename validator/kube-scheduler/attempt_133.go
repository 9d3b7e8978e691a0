//go:build kube133 || kube134 || kube135

package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/events"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

// scheduleQueued runs the scheduler's own algorithm for a pod out of its queue.
func scheduleQueued(ctx context.Context, sched *scheduler.Scheduler, profile framework.Framework, state cycleState, info *framework.QueuedPodInfo) (scheduler.ScheduleResult, error) {
	return sched.SchedulePod(ctx, profile, state, info.Pod)
}

// schedulePod does the same for any pod.
func schedulePod(ctx context.Context, sched *scheduler.Scheduler, profile framework.Framework, state cycleState, pod *v1.Pod) (scheduler.ScheduleResult, error) {
	return sched.SchedulePod(ctx, profile, state, pod)
}

// onPreempt replaces the API calls that would delete a victim.
func onPreempt(plugin *defaultpreemption.DefaultPreemption, do func(victim *v1.Pod)) {
	plugin.Evaluator.PreemptPod = func(_ context.Context, _ preemption.Candidate, _, victim *v1.Pod, _ string) error {
		do(victim)
		return nil
	}
}

func silentRecorder(string) events.EventRecorder { return silent{} }
