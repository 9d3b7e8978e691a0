package main

import "runtime/debug"

// kubernetesVersion is the version of the module k8s.io/kubernetes this program is built with, as v1.36.3.
func kubernetesVersion() string {
	information, _ := debug.ReadBuildInfo()
	for _, module := range information.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return module.Version
		}
	}
	return "unknown"
}
