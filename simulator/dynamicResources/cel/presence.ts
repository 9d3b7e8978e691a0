/**
 * The macro `has(e.f)`. The CEL library has one, but only for plain chains of fields; selectors of devices nearly always
 * have an index in theirs: `has(device.attributes["gpu.example.com"].memory)`.
 */
import type {Environment} from '@marcbachmann/cel-js';

const NAME = 'isPresent';

/** Literals and comments, which are left alone, and calls of the macro. */
const TOKENS =
  /[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/[^\n]*|(?<![\w.])has(?=\s*\()/g;

/** The expression with the library's macro replaced by the one registered here, which has a longer name. */
export function withPresenceMacro(expression: string): string {
  return expression.replace(TOKENS, (token) => (token === 'has' ? NAME : token));
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
  return environment.registerFunction(`${NAME}(ast): bool`, ({args}: Macro) => ({
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
