import {z} from 'zod';
import {WAYS} from '../../flink/downloads.ts';
import {LIFECYCLE_EVENT_KINDS} from '../../flink/lifecycle/lifecycleEvent.ts';

/** What `flink objects` prints with -o json: a v1 List that kubectl reads, and beside it what is known of each resource. */
const amounts = z.record(z.string(), z.string()).nullable().meta({
  description: 'of one pod, as Kubernetes counts its containers together; null: the API server would not take the pod',
});

const pods = z.strictObject({
  component: z.enum(['jobmanager', 'taskmanager', 'submitter']),
  kind: z.string(),
  name: z.string().meta({description: 'of the object; of single pods the first'}),
  count: z.int().meta({description: 'pods'}),
  requests: amounts,
  limits: amounts,
  slots: z.number().nullable().meta({description: 'of one TaskManager'}),
});

const download = z.strictObject({
  what: z.string().nullable().meta({description: 'a URI or a path; null: only the program that fetches knows'}),
  way: z.enum(WAYS),
  by: z.enum(['jobmanager', 'taskmanager', 'submitter', 'operator', 'node']),
  container: z.string().nullable(),
  variable: z.string().nullable().meta({description: 'the variable that holds the address'}),
  times: z.int().nullable().meta({description: 'when everything starts once; null: more than the resource decides'}),
  when: z.string(),
  bytes: z.null().meta({description: 'no resource tells the size'}),
});

const podCounts = z.strictObject({jobManagers: z.int(), taskManagers: z.int(), submitters: z.int()});

const step = z.strictObject({
  what: z.string(),
  duration: z
    .strictObject({seconds: z.number(), basis: z.enum(['Fixed', 'Configured', 'Assumed']), source: z.string()})
    .nullable()
    .meta({description: 'null: until something else happens'}),
  held: podCounts.meta({description: 'pods that exist, whose requests are taken'}),
  isRunning: z.boolean().meta({description: 'whether the job processes its input'}),
});

const lifecycleEvent = z.strictObject({
  kind: z.enum(LIFECYCLE_EVENT_KINDS),
  mode: z.string().meta({description: 'how it goes with this resource'}),
  steps: z.array(step),
  notes: z.array(z.string()),
  peak: podCounts.meta({description: 'the most pods at one time'}),
  downtimeSeconds: z.number().nullable().meta({description: 'null: it does not end by itself'}),
});

const refused = z.strictObject({
  gate: z.enum(['schema', 'validation', 'deployment']).nullable(),
  message: z.string().meta({description: "the API server's, the operator's or Flink's own words"}),
  field: z.string(),
  at: z.string().meta({description: 'FILE:LINE:COLUMN'}),
});

const resource = z.strictObject({
  object: z.string().meta({description: 'KIND/NAMESPACE/NAME'}),
  operator: z.string(),
  operatorFrom: z.enum(['flag', 'resource']),
  pods: z.array(pods),
  slots: z
    .strictObject({total: z.int(), used: z.int().nullable()})
    .nullable()
    .meta({description: 'of all TaskManagers, and of them those that the job uses'}),
  downloads: z.array(download),
  lifecycle: z.array(lifecycleEvent).meta({description: 'what can happen to the job, and what each event holds'}),
  notes: z.array(z.string()),
  refused: z.array(refused).meta({description: 'empty: the objects are made'}),
});

export const flinkObjectsSchema = z
  .strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('List'),
    items: z.array(z.looseObject({apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({})})),
    resources: z.array(resource),
  })
  .meta({id: 'FlinkObjects', title: 'the objects that Flink operators make'});
