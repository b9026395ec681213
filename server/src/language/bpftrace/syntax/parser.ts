import { Language, Parser } from 'web-tree-sitter';
import { readTree, type CstResult } from './cst.ts';

/** Reads the text of one item. There is no I/O behind it; one parser serves the whole process. */
export interface BpftraceParser {
  /** The tree of a text, in offsets mapped by `original`; undefined when it takes longer than `limitMs`. */
  parse(text: string, original: (offset: number) => number, limitMs: number): CstResult | undefined;
}

/** Starts tree-sitter. `runtime` is web-tree-sitter's own module, `grammar` the one of bpftrace. */
export async function createParser(runtime: Uint8Array, grammar: Uint8Array): Promise<BpftraceParser> {
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return {
    parse: (text, original, limitMs) => {
      if (limitMs <= 0) return undefined;
      const deadline = performance.now() + limitMs;
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
      if (!tree) {
        // Otherwise the next parse would go on with this one.
        parser.reset();
        return undefined;
      }
      try {
        return readTree(tree, original);
      } finally {
        tree.delete();
      }
    },
  };
}
