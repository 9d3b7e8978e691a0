import type {Command} from 'commander';
import type {AllocatableFlags, CatalogFlags} from './commands/catalog.ts';
import type {ExitCode} from './exitCode.ts';
import {integer} from './inputFlags.ts';
import type {Io} from './io.ts';

const CATALOG = 'aws/us-east-1, azure/eastus, gcp/us-central1, tencent/ap-guangzhou, or a NodeCatalog file';

/** Adds `catalog` and its three commands. */
export function addCatalogCommand(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const catalog = program
    .command('catalog')
    .summary('show instance types, prices, and what pods can use of a machine')
    .description('Shows instance types and prices with source and date, and the way from capacity to allocatable.')
    .usage('list|allocatable|lint [flags]')
    .addHelpText(
      'after',
      `
Examples
  # machines of a family
  stowage catalog list 'r6i.*'

  # how much of a machine can pods use, and what is the rest for?
  stowage catalog allocatable n2-highmem-8 --catalog gcp/us-central1

  # are these prices plausible?
  stowage catalog lint --catalog prices.yaml`,
    );

  catalog
    .command('list')
    .summary('list instance types')
    .description('Lists instance types with their prices, and the source and date of every figure.')
    .argument('[patterns...]', 'names, with * for any part; all types when left out')
    .option('--catalog <name>', CATALOG, 'aws/us-east-1')
    .option('-o, --output <format>', 'table, json or csv', 'table')
    .addHelpText(
      'after',
      `
Examples
  # memory-optimised machines of two generations
  stowage catalog list 'r6i.*' 'r7i.*'

  # the cheapest GiB first
  stowage catalog list --catalog azure/eastus -o json |
    jq -r '.items[] | select(.pricePerHour) | "\\(.pricePerHour / .memory * 1073741824) \\(.name)"' | sort -n

  # prices of your own
  stowage catalog list --catalog prices.yaml`,
    )
    .action(async (patterns: readonly string[], flags: CatalogFlags) => {
      const {listCommand} = await import('./commands/catalog.ts');
      done(listCommand(patterns, flags, io));
    });

  catalog
    .command('allocatable')
    .summary('show how much of a machine pods can use')
    .description(
      'Shows the way from the advertised machine to what pods can use: capacity, each reservation, allocatable.',
    )
    .argument('<type>', 'an instance type of the catalogue')
    .option('--catalog <name>', CATALOG, 'aws/us-east-1')
    .option('--kubernetes-version <version>', 'some providers changed their rule with a version', '1.36')
    .option('--rule <name>', 'EKS, GKE, AKS, TKE …; that of the provider and version when left out')
    .option('--max-pods <count>', 'most rules keep memory for every pod', integer(0, 10_000))
    .option('--memory-overhead-percent <percent>', 'the gap between advertised and real memory')
    .option('-o, --output <format>', 'table or json', 'table')
    .addHelpText(
      'after',
      `
Examples
  # with the gap that was measured instead of the one assumed
  stowage catalog allocatable r5.4xlarge --memory-overhead-percent 2.9

  # before and after AKS changed its rule
  stowage catalog allocatable Standard_E8s_v5 --catalog azure/eastus --kubernetes-version 1.28
  stowage catalog allocatable Standard_E8s_v5 --catalog azure/eastus --max-pods 110`,
    )
    .action(async (type: string, flags: AllocatableFlags) => {
      const {allocatableCommand} = await import('./commands/catalog.ts');
      done(allocatableCommand(type, flags, io));
    });

  catalog
    .command('lint')
    .summary('find figures to doubt')
    .description(
      'Finds what tables of prices are known for: Windows prices among those of Linux, unknown prices, GB for GiB.',
    )
    .option('--catalog <name>', CATALOG, 'aws/us-east-1')
    .option('-o, --output <format>', 'table or json', 'table')
    .addHelpText(
      'after',
      `
Examples
  # of the bundled prices
  stowage catalog lint --catalog azure/eastus

  # of prices of your own; each finding with its instance type
  stowage catalog lint --catalog prices.yaml -o json`,
    )
    .action(async (flags: CatalogFlags) => {
      const {lintCommand} = await import('./commands/catalog.ts');
      done(lintCommand(flags, io));
    });
}
