import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { Span } from '../../../base/span.ts';

/** A node of tree-sitter's tree as plain data, in offsets of the item as the user wrote it. */
export interface Cst extends Span {
  /** `ERROR` for text that could not be parsed; a token of the grammar is called as it is written. */
  readonly type: string;
  /** The role in its parent. */
  readonly field: string | undefined;
  /** Stands for a token that is not there. */
  readonly missing: boolean;
  readonly children: readonly Cst[];
}

/** Deeper nodes are left out: no consumer recurses further than this. */
const MAX_TREE_DEPTH = 600;

export interface CstResult {
  readonly root: Cst;
  /** Something was left out. */
  readonly cut: boolean;
}

/**
 * Copies a tree out of WebAssembly's memory with one walk: each look at it from here costs a call.
 * `original` maps offsets of the parsed text to those of the item.
 */
export function readTree(tree: Tree, original: (offset: number) => number): CstResult {
  const cursor = tree.walk();
  try {
    return walk(cursor, original, namesOf(tree));
  } finally {
    cursor.delete();
  }
}

interface Names {
  readonly type: (id: number) => string;
  readonly field: (id: number) => string | undefined;
}

function namesOf({ language }: Tree): Names {
  // Ids beyond the table are ERROR and those of the library.
  return { type: (id) => language.types[id] ?? 'ERROR', field: (id) => (id === 0 ? undefined : (language.fields[id] ?? undefined)) };
}

interface Open {
  readonly node: Cst;
  readonly children: Cst[];
}

function walk(cursor: TreeCursor, original: (offset: number) => number, names: Names): CstResult {
  const open = (): Open => {
    const children: Cst[] = [];
    const { startIndex, endIndex } = cursor;
    const node: Cst = {
      type: names.type(cursor.nodeTypeId),
      field: names.field(cursor.currentFieldId),
      start: original(startIndex),
      end: original(endIndex),
      missing: startIndex === endIndex && cursor.nodeIsMissing,
      children,
    };
    return { node, children };
  };
  const root = open();
  const path: Open[] = [root];
  let cut = false;
  for (;;) {
    if (path.length < MAX_TREE_DEPTH ? cursor.gotoFirstChild() : false) {
      enter(path, open());
      continue;
    }
    if (path.length >= MAX_TREE_DEPTH) cut = true;
    while (path.length > 1 && !cursor.gotoNextSibling()) {
      cursor.gotoParent();
      path.pop();
    }
    if (path.length <= 1) return { root: root.node, cut };
    path.pop();
    enter(path, open());
  }
}

function enter(path: Open[], node: Open): void {
  path.at(-1)?.children.push(node.node);
  path.push(node);
}

/** The first child in this role. */
export function child(node: Cst, field: string): Cst | undefined {
  return node.children.find((c) => c.field === field);
}
