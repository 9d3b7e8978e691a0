package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/klog/v2"
	configv1 "k8s.io/kube-scheduler/config/v1"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/validation"
)

const configurationUsage = `
Reads lines {"id":…,"config":"text of a KubeSchedulerConfiguration, YAML or JSON"} and does with each what
kube-scheduler does when it starts: strict decoding, defaults, validation, building of the profiles.
Writes a line for each: {"id":…,"errors":["text",…]}, or {"id":…,"profiles":[…],"configuration":{…}} where
profiles are kubescheduler.config.k8s.io/v1 with defaults, plugins expanded by extension point in their order
with weights, and the arguments of every plugin; configuration holds the other fields.`

type configurationCase struct {
	ID     json.RawMessage `json:"id"`
	Config string          `json:"config"`
}

type configurationAnswer struct {
	ID            json.RawMessage `json:"id,omitempty"`
	Errors        []string        `json:"errors,omitempty"`
	Profiles      any             `json:"profiles,omitempty"`
	Configuration map[string]any  `json:"configuration,omitempty"`
}

func runConfiguration(arguments []string) error {
	set := flags("configuration", configurationUsage)
	if err := set.Parse(arguments); err != nil {
		return err
	}
	input, err := open(set.Arg(0))
	if err != nil {
		return err
	}
	defer input.Close()
	encoder := newEncoder()
	return eachLine(input, func(line []byte) error {
		var given configurationCase
		if err := json.Unmarshal(line, &given); err != nil {
			return err
		}
		answer := configurationAnswer{ID: given.ID}
		if completed, err := completeConfiguration(given.Config); err != nil {
			answer.Errors = errorTexts(err)
		} else {
			answer.Profiles = completed["profiles"]
			delete(completed, "profiles")
			answer.Configuration = completed
		}
		return encoder.Encode(answer)
	})
}

// loadConfiguration decodes with defaults and validates, as kube-scheduler does with its --config file.
func loadConfiguration(text []byte) (*config.KubeSchedulerConfiguration, error) {
	object, kind, err := scheme.Codecs.UniversalDecoder().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	configuration, isConfiguration := object.(*config.KubeSchedulerConfiguration)
	if !isConfiguration {
		return nil, fmt.Errorf("couldn't decode as KubeSchedulerConfiguration, got %s: ", kind)
	}
	// Conversion clears the version, which the validation looks at.
	configuration.TypeMeta.APIVersion = kind.GroupVersion().String()
	if err := validation.ValidateKubeSchedulerConfiguration(configuration); err != nil {
		return nil, err
	}
	return configuration, nil
}

// completeConfiguration returns the configuration as kube-scheduler would write it with --write-config-to.
func completeConfiguration(text string) (map[string]any, error) {
	configuration, err := loadConfiguration([]byte(text))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), logr.Discard()))
	defer cancel()
	var completed []config.KubeSchedulerProfile
	client := emptyClient()
	built, err := scheduler.New(ctx, client, newDirectFactory(client), nil, silentRecorder,
		append(schedulerOptions(configuration), scheduler.WithBuildFrameworkCapturer(func(profile config.KubeSchedulerProfile) {
			completed = append(completed, profile)
		}))...)
	if err != nil {
		return nil, err
	}
	for i := range completed {
		// The captured profile still has the plugins as they were given.
		completed[i].Plugins = built.Profiles[completed[i].SchedulerName].ListPlugins()
	}
	configuration.Profiles = inOrderOf(configuration.Profiles, completed)
	return encodeConfiguration(configuration)
}

// schedulerOptions are what kube-scheduler passes on from its configuration.
func schedulerOptions(configuration *config.KubeSchedulerConfiguration) []scheduler.Option {
	return []scheduler.Option{
		scheduler.WithComponentConfigVersion(configuration.TypeMeta.APIVersion),
		scheduler.WithProfiles(configuration.Profiles...),
		scheduler.WithPercentageOfNodesToScore(configuration.PercentageOfNodesToScore),
		scheduler.WithPodMaxBackoffSeconds(configuration.PodMaxBackoffSeconds),
		scheduler.WithPodInitialBackoffSeconds(configuration.PodInitialBackoffSeconds),
		scheduler.WithExtenders(configuration.Extenders...),
		scheduler.WithParallelism(configuration.Parallelism),
	}
}

func inOrderOf(given, completed []config.KubeSchedulerProfile) []config.KubeSchedulerProfile {
	byName := map[string]config.KubeSchedulerProfile{}
	for _, profile := range completed {
		byName[profile.SchedulerName] = profile
	}
	ordered := make([]config.KubeSchedulerProfile, 0, len(given))
	for _, profile := range given {
		ordered = append(ordered, byName[profile.SchedulerName])
	}
	return ordered
}

func encodeConfiguration(configuration *config.KubeSchedulerConfiguration) (map[string]any, error) {
	media, _ := runtime.SerializerInfoForMediaType(scheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	text, err := runtime.Encode(scheme.Codecs.EncoderForVersion(media.Serializer, configv1.SchemeGroupVersion), configuration)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	return fields, json.Unmarshal(text, &fields)
}

// errorTexts splits an aggregate into its parts; any other error is one text.
func errorTexts(err error) []string {
	aggregate, isAggregate := err.(utilerrors.Aggregate)
	if !isAggregate {
		return []string{err.Error()}
	}
	texts := []string{}
	for _, part := range utilerrors.Flatten(aggregate).Errors() {
		texts = append(texts, part.Error())
	}
	return texts
}
