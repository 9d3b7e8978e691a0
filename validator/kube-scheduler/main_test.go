package main

import (
	"os"
	"testing"
)

func TestDecideRefusesWhatItCannotRun(t *testing.T) {
	for name, text := range map[string]string{
		"no scenario":       `[]`,
		"unknown kind":      `{"objects":[{"apiVersion":"example.com/v1","kind":"Thing"}]}`,
		"no such class":     `{"pending":[{"metadata":{"name":"a"},"spec":{"priorityClassName":"none"}}]}`,
		"bad configuration": `{"config":{"apiVersion":"kubescheduler.config.k8s.io/v1","kind":"KubeSchedulerConfiguration","parallelism":-1}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := decide([]byte(text), true); err == nil {
				t.Error("decided")
			}
		})
	}
}

func TestMain(m *testing.M) {
	setUp()
	os.Exit(m.Run())
}
