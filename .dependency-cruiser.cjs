/**
 * The arrows of docs/architecture.md: every folder may import only what is below it. Packages are fenced, too.
 * `npm run arrows` checks them; test/architecture.test.ts plants violations to see that the rules bite.
 */
const ORDER = [
  'model',
  'catalog',
  'flink',
  'workloads',
  'sources',
  'simulator',
  'planner',
  'results',
  'validator',
  'server',
  'web',
  'cli',
];

/** What each folder may import, beside itself. */
const MAY_IMPORT = {
  model: [],
  catalog: ['model'],
  flink: ['model'],
  workloads: ['model', 'flink'],
  sources: ['model', 'catalog', 'flink', 'workloads'],
  simulator: ['model', 'catalog', 'flink', 'workloads'],
  planner: ['model', 'catalog', 'flink', 'workloads', 'simulator'],
  results: ['model', 'catalog', 'flink', 'workloads', 'simulator', 'planner'],
  validator: ['model', 'catalog', 'flink', 'workloads', 'sources', 'simulator', 'planner', 'results'],
  web: ['model', 'catalog', 'flink', 'workloads', 'sources', 'simulator', 'planner', 'results', 'validator', 'server'],
};

const arrows = Object.entries(MAY_IMPORT).map(([from, allowed]) => ({
  name: `arrow-${from}`,
  comment: `${from}/ may import ${allowed.length === 0 ? 'no other folder' : `${allowed.join('/, ')}/`}: a scenario goes one way through the house (docs/architecture.md)`,
  severity: 'error',
  from: {path: `^${from}/`},
  to: {path: `^(${ORDER.filter((folder) => folder !== from && !allowed.includes(folder)).join('|')})/`},
}));

const fence = (name, packages, allowed, reason) => ({
  name: `fence-${name}`,
  comment: `${packages} only in ${allowed}: ${reason}`,
  severity: 'error',
  from: {path: `^(${ORDER.join('|')})/`, pathNot: allowed},
  to: {path: `^node_modules/(${packages})/`},
});

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'pure-core',
      comment:
        'outside node/ folders, validator/, server/ and cli/ the code knows no file, clock, process or promise, so it gives the same bytes in Node and in a browser',
      severity: 'error',
      from: {path: '^(model|catalog|flink|workloads|sources|simulator|planner|results)/', pathNot: '/node/'},
      to: {dependencyTypes: ['core']},
    },
    {
      name: 'node-parts-stay-outside',
      comment:
        'only node/ parts, validator/, server/ and cli/ may import a node/ part: it would tie the pure core to Node',
      severity: 'error',
      from: {path: '^(model|catalog|flink|workloads|sources|simulator|planner|results|web)/', pathNot: '/node/'},
      to: {path: '^[a-z]+/node/'},
    },
    fence(
      'kubernetes-client',
      '@kubernetes/client-node',
      '^(sources/node|validator)/',
      'it costs half a second and 130 MB to import',
    ),
    fence(
      'yaml',
      'js-yaml|yaml',
      '^(sources|results/node|cli/output|cli/commands)/',
      'YAML is read at the edge and written by reports',
    ),
    fence('solver', 'highs|piscina', '^planner/node/', 'the solver and the worker pool are injected'),
    fence('vega', 'vega|vega-lite', '^(results/node|results/charts|web)/', 'charts are data everywhere else'),
    fence('commander', 'commander', '^cli/', 'only the command line knows flags'),
    {
      name: 'no-cycles',
      comment: 'modules that import each other cannot be read one after the other',
      severity: 'error',
      from: {},
      to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}},
    },
    {
      name: 'no-development-dependencies',
      comment: 'the npm package installs only dependencies',
      severity: 'error',
      from: {path: `^(${ORDER.join('|')})/`},
      to: {dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/'},
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
