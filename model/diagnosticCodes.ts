/**
 * Every diagnostic Stowage can print, in one table: the CLI's `stowage explain CODE` and docs/errors.md come from it.
 * 1xxx: the input cannot be read or is not valid; 2xxx: the input is used, with a remark; 3xxx: limits of the model;
 * 4xxx: findings of `stowage lint`.
 */
export const DIAGNOSTIC_CODES = {
  'STW-1001': {
    title: 'the file is not YAML or JSON that kubectl would accept',
    explanation:
      'The text could not be parsed. YAML forbids tabs in indentation, needs a blank after a colon, and wants every bracket and quote closed.',
    remedy: 'Open the file at the line and column given; the text before it is usually at fault.',
  },
  'STW-1002': {
    title: 'unknown field',
    explanation:
      'The field does not exist in the schema of this kind. In a Scenario this is an error; in a Kubernetes object it is a warning, or an error with --validate=strict, as in kubectl.',
    remedy: 'Correct the spelling (a suggestion is given when one is near) or remove the field.',
  },
  'STW-1003': {
    title: 'the value has the wrong type or is not one of those allowed',
    explanation: 'The schema of the kind asks for another type, or for one of a fixed set of values.',
    remedy: 'Write a value of the type named in the message.',
  },
  'STW-1004': {
    title: 'not a Kubernetes quantity',
    explanation:
      'A quantity is a number with an optional suffix: m, k, M, G, T, P, E, their binary forms Ki … Ei, or an exponent such as e3. There is no unit name and no blank: 8 or 8000m, 64Gi, 500M.',
    remedy: 'Write the number with one of these suffixes.',
  },
  'STW-1005': {
    title: 'two nodes have the same name',
    explanation:
      'A cluster has one node of a name, so the number of machines would not be what the input seems to say.',
    remedy: 'Rename or remove one of them.',
  },
  'STW-1006': {
    title: 'the value is outside the range that Kubernetes accepts',
    explanation:
      'The API server refuses the object: a request or replica count below zero, a request above its limit, a name too long.',
    remedy: 'Write a value in the range named in the message.',
  },
  'STW-1007': {
    title: 'the file or directory cannot be read',
    explanation: 'It does not exist, is not readable, is empty of manifests, or is not text in UTF-8.',
    remedy: 'Check the path; give -R to descend into subdirectories.',
  },
  'STW-1008': {
    title: 'a required field is missing',
    explanation: 'The object cannot be used without it.',
    remedy: 'Add the field.',
  },
  'STW-1009': {
    title: 'unknown instance type or catalogue',
    explanation: 'The catalogue in use has no machine of this name, or there is no catalogue of this name.',
    remedy:
      'Correct the name, choose another catalogue with --catalog (a name or a NodeCatalog file), or give the nodes explicitly in the scenario.',
  },
  'STW-1010': {
    title: 'an overlay of the scenario matches nothing',
    explanation:
      'An overlay that changes nothing is a mistake in its name, namespace or kind, so it is refused instead of ignored.',
    remedy: 'Correct the target; kinds and names are compared exactly.',
  },
  'STW-1011': {
    title: 'the scheduler configuration is not valid',
    explanation: 'The KubeSchedulerConfiguration names a field, plugin or value that kube-scheduler refuses.',
    remedy: 'Correct it as the message says.',
  },
  'STW-1012': {
    title: 'the Flink resource is refused',
    explanation: 'The operator or Flink itself would refuse this FlinkDeployment or FlinkCluster.',
    remedy: 'Correct the field named in the message. Flink memory sizes are binary and written 2048m or 2g, not 2Gi.',
  },
  'STW-1013': {
    title: 'there is nothing to place the pods on',
    explanation: 'The input has no Node objects, the scenario no node pools, and no --node-pool was given.',
    remedy:
      'Give machines: --node-pool m6i.2xlarge=10, node pools in a scenario, or the nodes of a cluster (kubectl get nodes -o json).',
  },
  'STW-1014': {
    title: 'there is nothing to place',
    explanation: 'No object of the input makes a pod.',
    remedy: 'Give manifests of workloads with -f; a directory with subdirectories needs -R.',
  },
  'STW-1015': {
    title: 'the result file cannot be read',
    explanation: 'The file is not a SimulationResult, or not a Plan, of a version this program knows.',
    remedy: 'Write it anew with stowage simulate --out FILE, or stowage plan --out FILE.',
  },
  'STW-1016': {
    title: 'how much of the machine pods can use is not known',
    explanation:
      'The provider does not publish how much memory it keeps for itself on nodes of this Kubernetes version, so a plan made from the advertised memory would promise what the nodes do not have.',
    remedy:
      'State allocatable of the node pool, or of the instance type in a NodeCatalog, as kubectl get nodes shows it of one such node; or name an older rule there with allocatableRule.',
  },
  'STW-1017': {
    title: 'one document too many',
    explanation:
      'A run has one scenario and one catalogue, and a scenario includes manifests, not scenarios; to vary one, another starts from it with base.',
    remedy: 'Give one at a time.',
  },
  'STW-1018': {
    title: 'no machine can take the pods',
    explanation:
      'What the pods ask for contradicts itself or the machines to choose from: the message names the smallest set of wishes that no machine satisfies together, and the machine that comes nearest with what it lacks.',
    remedy:
      'Change one of the wishes that are named, or offer other machines (--instance-types, --architectures, --catalog).',
  },
  'STW-1019': {
    title: 'there is no machine to choose from',
    explanation:
      'A plan buys machines of the catalogue that have a price and whose memory for pods is known. None is left, or a pattern of --instance-types matches none.',
    remedy: 'Correct the patterns, or state the prices in a NodeCatalog file (--catalog FILE, docs/catalog.md).',
  },
  'STW-1020': {
    title: 'no plan keeps to the limits',
    explanation:
      'The pods need more nodes or more instance types than --max-nodes and --max-instance-types allow. The message names the smallest set of flags that contradict each other, and how much is needed; where it says that no plan was found, there may be one.',
    remedy: 'Raise one of the limits that are named, or change what else is named.',
  },
  'STW-2001': {
    title: 'the YAML is irregular',
    explanation:
      'kubectl accepts this YAML though a strict parser does not: a duplicate key (the last one wins) or indentation that is too shallow. It was read as kubectl reads it.',
    remedy: 'Correct the place so that every tool reads the same.',
  },
  'STW-2002': {
    title: 'objects of a kind that makes no pods here',
    explanation:
      'Stowage has no rule that turns objects of this kind into pods, so any pods they cause are missing from the result.',
    remedy:
      'If the kind runs pods, add the workloads it makes to the input, or a rule that says which they are (docs/custom-resources.md).',
  },
  'STW-2003': {
    title: 'the namespace is not in the input',
    explanation:
      'Objects use a namespace that no Namespace object defines; it is assumed to exist, without LimitRange or ResourceQuota.',
    remedy: 'Add the Namespace with its LimitRange and ResourceQuota if the cluster has them.',
  },
  'STW-2004': {
    title: 'the API server would refuse pods of this workload',
    explanation:
      'An admission plugin (LimitRanger, ResourceQuota, Priority, RuntimeClass) rejects the pods; they are listed as rejected and placed nowhere.',
    remedy: 'Read the message: it is the API server’s own.',
  },
  'STW-2005': {
    title: 'the instance type has no known price',
    explanation:
      'The cost of the nodes of this type is unknown, so the total is unknown, too; it is not taken as zero.',
    remedy: 'Give the price in the scenario (pricePerHour of the node pool) or in a NodeCatalog file (--catalog FILE).',
  },
  'STW-2006': {
    title: 'the CronJob runs no pods at the moment of the simulation',
    explanation: 'A static placement is the moment t = 0, at which a CronJob has not started a Job.',
    remedy: 'To include one run of every CronJob, set cronJobs: OneRun in the scenario.',
  },
  'STW-2007': {
    title: 'the document is not a Kubernetes object',
    explanation: 'It lacks apiVersion, kind or metadata.name, so kubectl would not apply it.',
    remedy: 'Leave the file out, or complete the object.',
  },
  'STW-2008': {
    title: 'the object uses a reference that is not in the input',
    explanation: 'It names an object that is not in the input, so what that object would add is not known.',
    remedy: 'Add the object named in the message.',
  },
  'STW-2009': {
    title: 'the Flink resource has a property worth knowing',
    explanation:
      'The number of TaskManagers, the operator or a default was chosen by Stowage because the resource leaves it open.',
    remedy: 'State it in the resource or in the scenario if another value is meant.',
  },
  'STW-2010': {
    title: 'an object is given more than once',
    explanation:
      'Two objects have the same kind, namespace and name. The last one counts, as when kubectl applies both.',
    remedy: 'Remove one of them.',
  },
  'STW-2011': {
    title: 'the apiVersion is no longer served',
    explanation:
      'Current API servers do not know this version of the kind any more. The object was read as the version that replaced it, without the fields that do not exist there.',
    remedy: 'Write the apiVersion named in the message and adapt the fields that moved.',
  },
  'STW-2012': {
    title: 'the object runs no pods at the moment',
    explanation:
      'A pod that has succeeded or failed, a paused Deployment without pods, a suspended or finished Job: the cluster runs nothing for it, so nothing is placed.',
    remedy: 'Resume the object, or leave it out of the input.',
  },
  'STW-2013': {
    title: 'the input says nothing about storage',
    explanation:
      'There are claims on volumes, but no StorageClass, PersistentVolume or CSINode. The claims are taken to get a volume in the zone of whatever node their first pod goes to, without a limit on the number of volumes of a node.',
    remedy:
      'Add the storage of the cluster: kubectl get storageclasses,persistentvolumes,persistentvolumeclaims,csinodes,csidrivers,csistoragecapacities,volumeattachments -A -o yaml. Once one StorageClass is there, a claim of any other stays unbound, as in the cluster.',
  },
  'STW-2014': {
    title: 'pods of another scheduler are simulated as the default scheduler’s',
    explanation:
      'The pods belong to a PodGroup, which Volcano schedules. Stowage places them as kube-scheduler would, and on top of that starts the group only as a whole: when its minResources are to be had in the cluster and in its queue, and at least minMember of its pods find a node. Pods whose PodGroup is not in the input start each by itself. Volcano may choose other nodes.',
    remedy:
      'Take the nodes as an estimate; whether the group starts depends on its pods and the room there is, not on which node each of them gets.',
  },
  'STW-2015': {
    title: 'the Flink job does not start',
    explanation:
      'The API server accepts the resource, but the operator or Flink itself fails when it comes to be deployed, so that the job is Refused. Where a process of Flink refuses its memory, the pods are there all the same: their containers fail again and again and hold their room. The message is the one of the operator, or Flink’s own.',
    remedy:
      'stowage flink objects -f FILE shows what the operator makes of the resource; stowage flink memory -f FILE shows the memory, and the smallest size that starts.',
  },
  'STW-2016': {
    title: 'the solver failed',
    explanation:
      'The linear programs of a plan are solved by HiGHS. It could not be started or broke off, so that the planner’s own method took its place: the plan and its bound are checked all the same, but may be further apart.',
    remedy: 'Run it again, or give it more time (--time-limit).',
  },
  'STW-4001': {
    title: 'containers without a request',
    explanation:
      'A container that asks for no CPU or no memory counts as nothing where the scheduler looks for room, so nodes fill up beyond what they have, and the kubelet kills such containers first when memory runs out.',
    remedy: 'State requests, or give the namespace a LimitRange with defaults.',
  },
  'STW-4002': {
    title: 'limits far above requests',
    explanation:
      'The scheduler reserves the request; the container may use up to the limit. Memory cannot be taken back, so a memory limit of more than twice the request (CPU: ten times) is a promise that a full node cannot keep.',
    remedy: 'Raise the request towards what is used, or lower the limit; for memory, request and limit are best equal.',
  },
  'STW-4003': {
    title: 'a quota is nearly full',
    explanation:
      'At least 90 % of a ResourceQuota is used, so the next replica, or a rolling update with its surge, is refused.',
    remedy: 'Raise the quota, or lower the requests of the namespace.',
  },
  'STW-4004': {
    title: 'a request that fits no node, however empty',
    explanation: 'No node of the input, taken as empty, has room for such a pod, so it stays pending for ever.',
    remedy: 'Add larger machines, or ask for less.',
  },
  'STW-4005': {
    title: 'an image without a fixed tag',
    explanation:
      'Nodes of the input say which images they hold, and ImageLocality prefers them; an image without a tag, or with "latest", is pulled anew in any case and may differ from node to node.',
    remedy: 'Name a tag or a digest.',
  },
  'STW-4006': {
    title: 'a LimitRange refuses pods that state nothing',
    explanation:
      'Its minimum is above the request it gives by default, or the default above its maximum, so that every pod that leaves the value out is refused.',
    remedy: 'Bring default, defaultRequest, min and max of the LimitRange into line.',
  },
  'STW-4101': {
    title: 'a Flink process does not start with its memory',
    explanation:
      'The operator makes the pods and the scheduler places them, but Flink refuses the memory configuration when the process starts, so that the containers fail again and again and hold their room. The message is Flink’s own; what would help has been tried on Flink’s memory model.',
    remedy: 'stowage flink memory -f FILE shows how the memory is divided.',
  },
  'STW-4102': {
    title: 'a Flink process may outgrow its container',
    explanation:
      'What Flink counts with as total process memory is more than the memory limit of the container. Nothing in the JVM keeps to the whole of it, so that the process runs until it uses what it was promised, and is then killed. The GoogleCloudPlatform operator does this to every JobManager of Flink 1.11 and later with a limit below about 3.3 GiB.',
    remedy: 'Make the process smaller or the limit larger; both fields are looked for with Flink’s memory model.',
  },
  'STW-4103': {
    title: 'less is reserved than a Flink process may use',
    explanation:
      'The scheduler sees the request, but the operator sizes the process from the limit. Nodes fill up by the smaller number, and when the processes grow into theirs the kubelet evicts them, the largest excess first.',
    remedy: 'Request what the process may use; request and limit of memory are best equal.',
  },
  'STW-4104': {
    title: 'task slots that no job uses',
    explanation:
      'A job takes as many slots as its parallelism. Slots beyond that hold their share of managed memory, and whole TaskManagers beyond it hold all they request. Spare ones make a restart faster after a loss; then they are there on purpose.',
    remedy: 'Ask for fewer TaskManagers or slots, or raise the parallelism.',
  },
  'STW-4105': {
    title: 'a TaskManager size that wastes a slot on every node',
    explanation:
      'The TaskManagers that fit a machine leave so much memory that, with at most a tenth less each, one more would fit; or another number of them fits by the gap between advertised and real memory that is taken. Machines are taken empty but for DaemonSets.',
    remedy:
      'Choose a size that tiles the machine; with memoryOverheadPercent in the scenario the gap can be the one that was measured.',
  },
  'STW-4106': {
    title: 'memory per core of TaskManagers and machines differ',
    explanation:
      'A machine full of these TaskManagers has a quarter or more of its CPU or memory left that none of them can use, because the other resource has run out.',
    remedy: 'Take machines of another shape, or let pods of the opposite shape share them.',
  },
  'STW-4107': {
    title: 'TaskManagers outlive a job that fails',
    explanation:
      'Under cleanupPolicy.afterJobFails: KeepCluster, the default, the operators leave all pods of a failed job, which hold their requests until somebody deletes the FlinkCluster. Jobs that are lost or could not be submitted count as failed.',
    remedy: 'Let the operator delete the TaskManagers; the JobManager stays for a look at what went wrong.',
  },
  'STW-4108': {
    title: 'a size in the units of the other system',
    explanation:
      'Flink’s sizes are binary and m is a mebibyte; in a Kubernetes quantity m is a thousandth and Mi is a mebibyte. The text is valid where it stands, but means another size.',
    remedy: 'Write the size as the message says.',
  },
  'STW-3001': {
    title: 'a part of the scheduler configuration is not simulated',
    explanation:
      'Extenders are programs of their own, and plugins from elsewhere are known to their makers only: the simulator does without them, so pods may be placed where that scheduler would not place them.',
    remedy: 'Take placements as those of a scheduler without them.',
  },
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
