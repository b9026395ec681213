import { Language, Parser } from 'web-tree-sitter';
import { readTree, type Cst } from '../../bpftrace/syntax/cst.ts';

/** Reads a piece of C. There is no I/O behind it; one parser serves the whole process. */
export interface CParser {
  /** The tree of a text; undefined when it takes too long. */
  parse(text: string): Cst | undefined;
}

/** Milliseconds one piece may take: no function that a person wrote needs a tenth. */
const LIMIT_MS = 500;

/**
 * Starts tree-sitter's grammar of C. `runtime` is web-tree-sitter's own module. Not while another parser is being
 * created: tree-sitter's module is one for the process, and starting it twice at once makes two.
 */
export async function createCParser(runtime: Uint8Array, grammar: Uint8Array): Promise<CParser> {
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return {
    parse: (text) => {
      const deadline = performance.now() + LIMIT_MS;
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
      if (!tree) {
        // Otherwise the next parse would go on with this one.
        parser.reset();
        return undefined;
      }
      try {
        return readTree(tree, (offset) => offset).root;
      } finally {
        tree.delete();
      }
    },
  };
}
