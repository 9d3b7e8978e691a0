import type {Pod, PodClass} from '../../model/pod.ts';
import {perClass} from '../framework/perClass.ts';
import {type FilterPlugin, type Handle, type PreFilterResult, SKIP, success} from '../framework/plugin.ts';
import {type Status, unresolvable} from '../framework/status.ts';
import {isAtLeast} from '../simulation.ts';

/** Whether the kubelet of a node has declared (status.declaredFeatures) the features that the pod cannot do without. */
export class NodeDeclaredFeatures implements FilterPlugin<readonly string[]> {
  readonly name = 'NodeDeclaredFeatures';
  readonly filterScope = 'static';
  readonly #declared: readonly ReadonlySet<string>[];
  /** The plugin can be configured in 1.35, but its feature is off there. */
  readonly #isEnabled: boolean;
  readonly #status = unresolvable(this.name, "node(s) didn't match Pod's required features");
  readonly #required = perClass(requiredFeatures);

  constructor({nodes, kubernetesVersion}: Handle) {
    this.#declared = nodes.map(({declaredFeatures}) => new Set(declaredFeatures));
    this.#isEnabled = isAtLeast(kubernetesVersion, '1.36');
  }

  preFilter(pod: Pod): PreFilterResult<readonly string[]> {
    const required = this.#isEnabled ? this.#required(pod.class) : [];
    return required.length === 0 ? SKIP : success(required);
  }

  filter(required: readonly string[], node: number): Status | null {
    return required.every((feature) => this.#declared[node]!.has(feature)) ? null : this.#status;
  }
}

interface RestartPolicyRule {
  readonly action?: string;
}

/** The features that kube-scheduler knows to look for (component-helpers/nodedeclaredfeatures). */
function requiredFeatures({spec}: PodClass): readonly string[] {
  const required: string[] = [];
  const rules = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(
    ({restartPolicyRules}) => (restartPolicyRules ?? []) as readonly RestartPolicyRule[],
  );
  if (rules.some(({action}) => action === 'RestartAllContainers')) {
    required.push('RestartAllContainersOnContainerExits');
  }
  if (spec.hostNetwork === true && spec.hostUsers === false) required.push('UserNamespacesHostNetworkSupport');
  return required;
}
