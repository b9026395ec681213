import type { Call, Macro } from '../../language/bpftrace/syntax/ast.ts';
import { bare } from '../../language/bpftrace/syntax/walk.ts';
import type { Cx, Words } from './context.ts';
import { blockValue, evaluate } from './expressions.ts';
import { wordsOfItem } from './names.ts';
import { NoMeaning } from './no-meaning.ts';
import type { Value } from './values.ts';

/** How deep macros may call each other. */
const MAX_DEPTH = 16;

/** A macro of the program: its body with the arguments in place of the parameters. */
export function expand(cx: Cx, node: Call): Value {
  const { words } = cx;
  const depth = (words.depth ?? 0) + 1;
  const placed = cx.program.analysis.document.items.find(({ item }) => item.kind === 'macro' && item.name.text === node.callee.text && item.params.length === node.args.length);
  if (placed?.item.kind !== 'macro' || depth > MAX_DEPTH) throw new NoMeaning(`the macro ${node.callee.text} cannot be expanded`);
  cx.words = { ...bound(cx, words, placed.item, wordsOfItem(cx, placed), node), depth };
  try {
    return blockValue(cx, placed.item.body);
  } finally {
    cx.words = words;
  }
}

/** Parameters mean what the caller wrote, where the caller stands: also variables and maps, which the macro may change. */
function bound(cx: Cx, caller: Words, { params }: Macro, own: Words, { args }: Call): Words {
  const given = new Map(params.map((param, i) => [param.name, args[i]]));
  const maps = new Map([...given].flatMap(([name, arg]) => {
    const at = arg && bare(arg);
    return name.startsWith('@') && at?.kind === 'map' ? [[name, caller.maps?.get(at.name) ?? at.name] as const] : [];
  }));
  return {
    ...own,
    maps,
    word: (node) => {
      const arg = given.get(node.name);
      if (!arg) return own.word(node);
      const { words } = cx;
      cx.words = caller;
      try {
        return evaluate(cx, arg);
      } finally {
        cx.words = words;
      }
    },
    variable: (node) => {
      const arg = given.get(node.name);
      const at = arg && bare(arg);
      return at?.kind === 'variable' ? caller.variable(at) : own.variable(node);
    },
  };
}
