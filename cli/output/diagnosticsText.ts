import type {Diagnostic} from '../../model/diagnostic.ts';
import {DIAGNOSTIC_CODES} from '../../model/diagnosticCodes.ts';
import {formatPlural, printable} from '../../results/format.ts';
import type {Style} from './style.ts';

/** Warnings of one code beyond these are counted, not shown; the result file has all of them. */
const SHOWN_PER_CODE = 5;

/**
 * Diagnostics for people: errors all and in full, warnings by code with the first few of each.
 *
 *     error STW-1004: "8 cores" is not a Kubernetes quantity
 *       scenario.yaml:14:12  spec.nodePools[0].allocatable.cpu
 *       write 8 or 8000m
 */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: Style): string {
  const errors = diagnostics.filter(({severity}) => severity === 'error');
  const warnings = diagnostics.filter(({severity}) => severity === 'warning');
  const lines = errors.flatMap((error) => block(error, style));
  const byCode = Map.groupBy(warnings, ({code}) => code);
  for (const [code, group] of byCode) {
    lines.push(...group.slice(0, SHOWN_PER_CODE).flatMap((warning) => block(warning, style)));
    const more = group.length - SHOWN_PER_CODE;
    if (more > 0) lines.push(style.dim(`  and ${more} more of ${code}; all of them are in the result file`));
  }
  if (errors.length > 0) lines.push('', summary(errors, warnings));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** All findings of lint, code by code, with a count of each. */
export function findingsText(findings: readonly Diagnostic[], style: Style): string {
  if (findings.length === 0) return `${style.green('✓ nothing found')}\n`;
  const lines: string[] = [];
  const byCode = [...Map.groupBy(findings, ({code}) => code)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [code, group] of byCode) {
    lines.push(style.bold(`${code}: ${DIAGNOSTIC_CODES[code].title}  (${group.length})`));
    for (const {message, place, object, hint} of group) {
      const where = place === undefined ? '' : `${printable(place.file)}:${place.line}:${place.column}`;
      const subject = [object, place?.field].find((text) => text !== undefined);
      const head = [where, subject === undefined ? '' : printable(subject)].filter((text) => text !== '').join('  ');
      lines.push(`  ${head === '' ? printable(message) : `${head}\n    ${printable(message)}`}`);
      if (hint !== undefined) lines.push(`    ${printable(hint)}`);
    }
    lines.push(style.dim(`  ${DIAGNOSTIC_CODES[code].remedy}`), '');
  }
  return `${lines.join('\n')}${formatPlural(findings.length, 'finding')}; more on each: stowage explain ${byCode[0]![0]}\n`;
}

/** The same for programs: one JSON object a line. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({code, severity, message, place, hint, object}) =>
      JSON.stringify({code, severity, message, at: place, hint: remedyOf(severity, code, hint), object}),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function block({code, severity, message, place, hint, object}: Diagnostic, style: Style): string[] {
  const head =
    severity === 'error' ? style.red(style.bold(`error ${code}`)) : style.yellow(style.bold(`warning ${code}`));
  const lines = [`${head}: ${printable(message)}`];
  if (place !== undefined) {
    const at = `${printable(place.file)}:${place.line}:${place.column}`;
    const what = place.field ?? object;
    lines.push(`  ${at}${what === undefined ? '' : `  ${printable(what)}`}`);
  } else if (object !== undefined) lines.push(`  ${printable(object)}`);
  const remedy = remedyOf(severity, code, hint);
  if (remedy !== undefined) lines.push(style.dim(`  ${printable(remedy)}`));
  return lines;
}

/** What to do: said of this very finding, or else of every error of its code. */
function remedyOf(
  severity: Diagnostic['severity'],
  code: Diagnostic['code'],
  hint: string | undefined,
): string | undefined {
  if (hint !== undefined || severity === 'warning') return hint;
  const {remedy} = DIAGNOSTIC_CODES[code];
  return remedy.charAt(0).toLowerCase() + remedy.slice(1).replace(/\.$/, '');
}

function summary(errors: readonly Diagnostic[], warnings: readonly Diagnostic[]): string {
  const files = new Set(errors.map(({place}) => place?.file).filter((file) => file !== undefined)).size;
  const where = files === 0 ? '' : ` in ${formatPlural(files, 'file')}`;
  const beside = warnings.length === 0 ? '' : ` and ${formatPlural(warnings.length, 'warning')}`;
  return `${formatPlural(errors.length, 'error')}${beside}${where}; more on each: stowage explain ${errors[0]!.code}`;
}
