package main

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// directInformer is an informer without a cluster behind it: what is written to it is in its store, and
// known to every handler, when the call returns. Methods of the interface that nothing here needs are left
// to the embedded nil value.
type directInformer struct {
	cache.SharedIndexInformer
	indexer  cache.Indexer
	handlers []cache.ResourceEventHandler
}

// registration is a handler's receipt; there is no first list to wait for.
type registration struct {
	cache.ResourceEventHandlerRegistration
}

func (registration) HasSynced() bool { return true }

func newDirectInformer() *directInformer {
	return &directInformer{indexer: cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})}
}

func (d *directInformer) AddEventHandler(handler cache.ResourceEventHandler) (cache.ResourceEventHandlerRegistration, error) {
	d.handlers = append(d.handlers, handler)
	return registration{}, nil
}

func (d *directInformer) AddEventHandlerWithResyncPeriod(handler cache.ResourceEventHandler, _ time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	return d.AddEventHandler(handler)
}

func (d *directInformer) AddEventHandlerWithOptions(handler cache.ResourceEventHandler, _ cache.HandlerOptions) (cache.ResourceEventHandlerRegistration, error) {
	return d.AddEventHandler(handler)
}

func (d *directInformer) RemoveEventHandler(cache.ResourceEventHandlerRegistration) error { return nil }
func (d *directInformer) GetStore() cache.Store                                           { return d.indexer }
func (d *directInformer) GetIndexer() cache.Indexer                                       { return d.indexer }
func (d *directInformer) AddIndexers(indexers cache.Indexers) error {
	return d.indexer.AddIndexers(indexers)
}
func (d *directInformer) HasSynced() bool                        { return true }
func (d *directInformer) SetTransform(cache.TransformFunc) error { return nil }

// set adds the object, or replaces the one of the same name, and tells the handlers.
func (d *directInformer) set(object runtime.Object) {
	old, exists, _ := d.indexer.Get(object)
	must(d.indexer.Update(object))
	for _, handler := range d.handlers {
		if exists {
			handler.OnUpdate(old, object)
		} else {
			handler.OnAdd(object, false)
		}
	}
}

// remove deletes the object of the same name, if there is one, and tells the handlers.
func (d *directInformer) remove(object runtime.Object) {
	old, exists, _ := d.indexer.Get(object)
	if !exists {
		return
	}
	must(d.indexer.Delete(object))
	for _, handler := range d.handlers {
		handler.OnDelete(old)
	}
}

// directFactory is a real informer factory whose informers for all kinds in use are direct ones.
type directFactory struct {
	informers.SharedInformerFactory
	byType          map[reflect.Type]*directInformer
	resourceVersion int
}

// kindsInUse are the kinds that kube-scheduler and its plugins watch, besides those of resourceKinds.
var kindsInUse = []runtime.Object{
	&corev1.Namespace{}, &corev1.Node{}, &corev1.PersistentVolume{}, &corev1.PersistentVolumeClaim{}, &corev1.Pod{},
	&corev1.ReplicationController{}, &corev1.Service{}, &appsv1.ReplicaSet{}, &appsv1.StatefulSet{},
	&policyv1.PodDisruptionBudget{}, &schedulingv1.PriorityClass{}, &storagev1.CSIDriver{}, &storagev1.CSINode{},
	&storagev1.CSIStorageCapacity{}, &storagev1.StorageClass{}, &storagev1.VolumeAttachment{},
}

func newDirectFactory(client kubernetes.Interface) *directFactory {
	factory := &directFactory{SharedInformerFactory: informers.NewSharedInformerFactory(client, 0), byType: map[reflect.Type]*directInformer{}}
	for _, kinds := range [][]runtime.Object{kindsInUse, resourceKinds} {
		for _, kind := range kinds {
			informer := newDirectInformer()
			factory.byType[reflect.TypeOf(kind)] = informer
			factory.InformerFor(kind, func(kubernetes.Interface, time.Duration) cache.SharedIndexInformer { return informer })
		}
	}
	return factory
}

// informerOf returns the informer for the object's kind, nil if nothing watches it.
func (f *directFactory) informerOf(object runtime.Object) *directInformer {
	return f.byType[reflect.TypeOf(object)]
}

// nextResourceVersion stamps the object with a version above all earlier ones.
func (f *directFactory) nextResourceVersion(object metav1.Object) {
	f.resourceVersion++
	object.SetResourceVersion(strconv.Itoa(f.resourceVersion))
}

// set stamps the object and hands it to its informer.
func (f *directFactory) set(object runtime.Object) error {
	informer := f.informerOf(object)
	if informer == nil {
		return fmt.Errorf("nothing in kube-scheduler watches %T", object)
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	f.nextResourceVersion(accessor)
	informer.set(object)
	return nil
}

// must is for errors that only a mistake in this program can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
