package main

import (
	"io"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/utils/ptr"
)

const benchUsage = `
Reads a scenario as decide does and schedules its pending pods with the scheduler's own cycle (pop, snapshot, filters,
scores, assume, reserve; PostFilter for pods that do not fit), looking at all nodes. Writes
{"pods":N,"scheduled":S,"seconds":T,"podsPerSecond":R}.
  --seconds N      stops after that long (default 60)
  --parallelism N  goroutines of a cycle (default: the configuration's, 16 if it does not say)`

type benchResult struct {
	Pods          int     `json:"pods"`
	Scheduled     int     `json:"scheduled"`
	Seconds       float64 `json:"seconds"`
	PodsPerSecond float64 `json:"podsPerSecond"`
}

func runBench(arguments []string) error {
	set := flags("bench", benchUsage)
	seconds := set.Float64("seconds", 60, "time limit")
	parallelism := set.Int("parallelism", 0, "goroutines of a cycle")
	if err := set.Parse(arguments); err != nil {
		return err
	}
	input, err := open(set.Arg(0))
	if err != nil {
		return err
	}
	defer input.Close()
	text, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	given, err := decodeScenario(text)
	if err != nil {
		return err
	}
	c, err := newCluster(given, settings{parallelism: int32(*parallelism), options: []scheduler.Option{scheduler.WithPercentageOfNodesToScore(ptr.To[int32](100))}})
	if err != nil {
		return err
	}
	defer c.close()
	result, err := c.bench(given.Pending, time.Duration(*seconds*float64(time.Second)))
	if err != nil {
		return err
	}
	return newEncoder().Encode(result)
}

func (c *cluster) bench(pending []*corev1.Pod, limit time.Duration) (benchResult, error) {
	for _, pod := range pending {
		if err := c.addPod(pod); err != nil {
			return benchResult{}, err
		}
	}
	result := benchResult{}
	waiting := len(c.scheduler.SchedulingQueue.PodsInActiveQ())
	start := time.Now()
	for result.Pods < waiting && time.Since(start) < limit {
		info, err := c.scheduler.NextPod(c.logger())
		if err != nil {
			return result, err
		}
		scheduled, err := c.cycle(info)
		if err != nil {
			return result, err
		}
		if scheduled {
			result.Scheduled++
		}
		result.Pods++
		c.scheduler.SchedulingQueue.Done(info.Pod.UID)
	}
	result.Seconds = time.Since(start).Seconds()
	result.PodsPerSecond = float64(result.Pods) / result.Seconds
	return result, nil
}

// cycle is a scheduling cycle without an observer: the profile is the scheduler's own.
func (c *cluster) cycle(info *framework.QueuedPodInfo) (bool, error) {
	profile := c.scheduler.Profiles[info.Pod.Spec.SchedulerName]
	if err := c.snapshot(profile); err != nil {
		return false, err
	}
	state := framework.NewCycleState()
	found, err := scheduleQueued(c.ctx, c.scheduler, profile, state, info)
	if unfit, isFit := err.(*framework.FitError); isFit {
		if profile.HasPostFilterPlugins() {
			profile.RunPostFilterPlugins(c.ctx, state, info.Pod, unfit.Diagnosis.NodeToStatus)
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	assumed := info.DeepCopy()
	assumed.Pod.Spec.NodeName = found.SuggestedHost
	if err := c.scheduler.Cache.AssumePod(c.logger(), assumed.Pod); err != nil {
		return false, err
	}
	if reserved := profile.RunReservePluginsReserve(c.ctx, state, assumed.Pod, found.SuggestedHost); !reserved.IsSuccess() {
		return false, reserved.AsError()
	}
	return true, nil
}
