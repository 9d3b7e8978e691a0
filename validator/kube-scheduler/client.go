package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
)

// emptyClient is a clientset that reaches nothing; reactors may be added to it.
func emptyClient() *fake.Clientset { return &fake.Clientset{} }

// silent is an event recorder that drops everything.
type silent struct{}

func (silent) Eventf(runtime.Object, runtime.Object, string, string, string, string, ...any) {}
func (s silent) WithLogger(klog.Logger) events.EventRecorderLogger                           { return s }
