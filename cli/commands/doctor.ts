import {spawnSync} from 'node:child_process';
import {accessSync, constants, existsSync} from 'node:fs';
import {join} from 'node:path';
import {CATALOG_NAMES, findCatalog} from '../../catalog/catalogs.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {type Style, styleOf} from '../output/style.ts';
import {NODE_RANGE, PACKAGE_ROOT} from '../package.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Whether Stowage works without it, but for what `remedy` says. */
  readonly optional: boolean;
  readonly found: string;
  readonly remedy: string | null;
}

/** Looks at everything Stowage needs or can use. Fails when something needed is missing. */
export async function doctorCommand({output}: {readonly output: string}, io: Io): Promise<ExitCode> {
  if (output !== 'text' && output !== 'json') throw new UsageError(`-o ${output}: expected text or json`);
  const checks = [
    checkNode(),
    checkCatalogs(),
    checkScenarios(),
    await checkRenderer(),
    ...checkKubectl(),
    checkKubeconfig(io),
  ];
  if (output === 'json') io.stdout.write(`${JSON.stringify({checks}, null, 2)}\n`);
  else for (const check of checks) io.stdout.write(checkText(check, styleOf(io.stdout)));
  return checks.every(({ok, optional}) => ok || optional) ? ExitCode.Ok : ExitCode.Failure;
}

function checkText({name, ok, optional, found, remedy}: Check, style: Style): string {
  const mark = ok ? style.green('✓') : optional ? style.yellow('!') : style.red('✗');
  const line = `${mark} ${name.padEnd(11)} ${found}\n`;
  return remedy === null ? line : `${line}  ${' '.repeat(11)} ${style.dim(remedy)}\n`;
}

function checkNode(): Check {
  const {node} = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [, wantedMajor = 0, wantedMinor = 0] = /(\d+)\.(\d+)/.exec(NODE_RANGE)?.map(Number) ?? [];
  const ok = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return {name: 'node', ok, optional: false, found: node, remedy: ok ? null : `install Node ${NODE_RANGE}`};
}

function checkCatalogs(): Check {
  const texts = CATALOG_NAMES.map((name) => {
    const catalog = findCatalog(name);
    const types = [...(catalog?.instanceTypes.values() ?? [])];
    const priced = types.filter(({pricePerHour}) => pricePerHour !== null).length;
    return `${name} (${types.length} types, ${priced === 0 ? 'no prices' : `prices of ${catalog?.asOf}`})`;
  });
  return {name: 'catalogues', ok: true, optional: false, found: texts.join(', '), remedy: null};
}

function checkScenarios(): Check {
  const ok = existsSync(join(PACKAGE_ROOT, 'scenarios'));
  return {
    name: 'scenarios',
    ok,
    optional: false,
    found: ok ? 'bundled scenarios are there' : 'bundled scenarios are missing',
    remedy: ok ? null : 'install the package anew',
  };
}

async function checkRenderer(): Promise<Check> {
  const base = {name: 'charts', optional: false};
  try {
    const {renderSvg} = await import('../../results/node/renderSvg.ts');
    const svg = await renderSvg({
      data: {values: [{x: 1}]},
      mark: 'point',
      encoding: {x: {field: 'x', type: 'quantitative'}},
    });
    return {...base, ok: svg.startsWith('<svg'), found: 'Vega-Lite renders to SVG', remedy: null};
  } catch (error) {
    return {...base, ok: false, found: (error as Error).message, remedy: 'install the package anew'};
  }
}

function checkKubectl(): Check[] {
  return ['kubectl', 'helm', 'kind'].map((tool) => {
    const args = tool === 'kubectl' ? ['version', '--client', '-o', 'json'] : ['version'];
    const {status, stdout} = spawnSync(tool, args, {encoding: 'utf8', timeout: 10_000});
    const version = /v\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
    const ok = status === 0;
    return {
      name: tool,
      ok,
      optional: true,
      found: ok ? (version ?? 'found') : 'not found',
      remedy: ok ? null : `only needed ${PURPOSES[tool]}`,
    };
  });
}

const PURPOSES: Readonly<Record<string, string>> = {
  kubectl: 'to take dumps of a cluster; manifests and scenarios work without it',
  helm: 'to render charts yourself; manifests work without it',
  kind: 'to compare with a real cluster; simulation works without it',
};

function checkKubeconfig({env}: Io): Check {
  const path = env.KUBECONFIG ?? join(env.HOME ?? '', '.kube', 'config');
  let ok = true;
  try {
    accessSync(path.split(':')[0]!, constants.R_OK);
  } catch {
    ok = false;
  }
  return {
    name: 'kubeconfig',
    ok,
    optional: true,
    found: ok ? 'readable' : 'none',
    remedy: ok ? null : 'only needed to read a live cluster',
  };
}
