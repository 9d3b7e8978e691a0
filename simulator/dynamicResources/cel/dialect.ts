/**
 * Where the CEL library falls short of what selectors of devices need: expressions are rewritten a little before it
 * sees them.
 */
import type {Environment} from '@marcbachmann/cel-js';

/**
 * Stands for `has(e.f)`. The library's own macro takes only plain chains of fields, but selectors nearly always have an
 * index in theirs: `has(device.attributes["gpu.example.com"].memory)`.
 */
const PRESENCE = 'isPresent';

/** After `attributes` or `capacity`: the same without a default for domains that have no values, as `in` needs it. */
export const DOMAINS = 'Domains';

/** Literals and comments, which are left alone; calls of `has`; and the right side of `in` where that has a default. */
const TOKENS =
  /[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*|(?<![\w.])has(?=\s*\()|(?<![\w.])in\s+device\s*\.\s*(?:attributes|capacity)\b(?!\s*[[.?])/g;

export function toLibraryDialect(expression: string): string {
  return expression.replace(TOKENS, (token) => {
    if (token === 'has') return PRESENCE;
    return /^in\s/.test(token) ? `${token}${DOMAINS}` : token;
  });
}

interface AstNode {
  readonly op: string;
  readonly args: readonly [receiver: AstNode, field: string];
}

interface Macro {
  readonly args: readonly [AstNode];
}

interface Checker {
  check(node: AstNode, context: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: AstNode): Error;
}

interface Evaluator {
  run(node: AstNode, context: unknown): unknown;
  debugType(value: unknown): {fieldLazy(value: unknown, field: string, node: AstNode, evaluator: Evaluator): unknown};
}

export function addPresenceMacro(environment: Environment): Environment {
  return environment.registerFunction(`${PRESENCE}(ast): bool`, ({args}: Macro) => ({
    args,
    async: false,
    typeCheck(checker: Checker, macro: Macro, context: unknown) {
      const [node] = macro.args;
      if (node.op !== '.') throw checker.createError('invalid_macro_argument', 'invalid argument to has() macro', node);
      checker.check(node.args[0], context);
      return checker.getType('bool');
    },
    evaluate(evaluator: Evaluator, macro: Macro, context: unknown) {
      const [node] = macro.args;
      const [receiver, field] = node.args;
      const value = evaluator.run(receiver, context);
      return evaluator.debugType(value).fieldLazy(value, field, node, evaluator) !== undefined;
    },
  }));
}
