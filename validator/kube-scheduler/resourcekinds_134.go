//go:build !kube133

package main

import (
	resourcev1 "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// resourceKinds are the kinds of dynamic resource allocation that kube-scheduler watches.
var resourceKinds = []runtime.Object{&resourcev1.DeviceClass{}, &resourcev1.ResourceClaim{}, &resourcev1.ResourceSlice{}}
