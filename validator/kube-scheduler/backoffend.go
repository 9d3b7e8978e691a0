package main

import (
	"reflect"
	"time"
	"unsafe"

	internalqueue "k8s.io/kubernetes/pkg/scheduler/backend/queue"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

//go:linkname getBackoffTime k8s.io/kubernetes/pkg/scheduler/backend/queue.(*backoffQueue).getBackoffTime
func getBackoffTime(queue unsafe.Pointer, info *framework.QueuedPodInfo) time.Time

// backoffEnd is when the pod's backoff ends, by the queue's own reckoning.
func backoffEnd(queue *internalqueue.PriorityQueue, info *framework.QueuedPodInfo) time.Time {
	backoff := reflect.ValueOf(queue).Elem().FieldByName("backoffQ").Elem()
	return getBackoffTime(backoff.UnsafePointer(), info)
}
