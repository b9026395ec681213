import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzed } from '../../../test/support/analyzed.ts';
import { parseBpfC } from '../../../test/support/bpfc.ts';
import { bundled } from '../../../test/support/inventory.ts';
import { parse } from '../../../test/support/marked.ts';
import { analyzeC } from '../../language/bpfc/analysis/analyze.ts';
import type { Expr, Item } from '../../language/bpftrace/syntax/ast.ts';
import type { Cst } from '../../language/bpftrace/syntax/cst.ts';
import { walk } from '../../language/bpftrace/syntax/walk.ts';
import { bpftraceContracts } from './check/bpftrace.ts';
import { cContracts } from './check/c.ts';

const root = join(import.meta.dirname, '../../../..');

/** Programs of a folder of the project, with their texts. */
function programs(folder: string, ending: string): { readonly file: string; readonly text: string }[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending)).toSorted();
  return files.map((file) => ({ file, text: readFileSync(join(root, folder, file), 'utf8') }));
}

interface Insert {
  readonly at: number;
  readonly clause: string;
}

function withClauses(text: string, inserts: readonly Insert[]): string {
  return inserts.toSorted((a, b) => b.at - a.at).reduce((result, { at, clause }) => `${result.slice(0, at)}\n//@ ${clause}\n${result.slice(at)}`, text);
}

const wrong = (text: string, clauses: ReturnType<typeof bpftraceContracts> | ReturnType<typeof cContracts>): string[] => clauses.flatMap(({ clause, problems }) => problems.map((p) => `${text.slice(clause.start, clause.end)}: ${p.message}`));

/** The conditions that a probe asks itself, as contracts before they are asked. */
function conditionsOf(item: Item, start: number, text: string): Insert[] {
  const found: Insert[] = [];
  const add = (at: number, keyword: string, expr: Expr): void => {
    const written = text.slice(start + expr.start, start + expr.end);
    // A condition that changes something is none for a contract; nor are macros.
    if (!/[\n{]|\+\+|--/.test(written)) found.push({ at: start + at, clause: `${keyword} ${written}` });
  };
  if (item.kind !== 'probe') return [];
  if (item.predicate) add(0, 'requires', item.predicate);
  walk(item.body, (node) => {
    if (node.kind === 'block') for (const statement of node.statements) if (statement.kind === 'if') add(statement.start, 'assert', statement.condition);
  });
  return found;
}

function conditionsOfC(tree: Cst | undefined, start: number, text: string): Insert[] {
  const found: Insert[] = [];
  const visit = (node: Cst): void => {
    for (const inner of node.children) {
      const condition = node.type === 'compound_statement' && inner.type === 'if_statement' ? inner.children.find(({ field }) => field === 'condition') : undefined;
      const written = condition ? text.slice(start + condition.start, start + condition.end) : '';
      if (written !== '' && !/[\n"]|[^=!<>]=[^=]|\+\+|--|\w\(/.test(written)) found.push({ at: start + inner.start, clause: `assert ${written}` });
      visit(inner);
    }
  };
  if (tree) visit(tree);
  return found;
}

describe('conditions that programs ask themselves are right as contracts', () => {
  it('in bpftrace', () => {
    let count = 0;
    const { options } = analyzed('BEGIN { }').analysis;
    for (const { file, text } of programs('knowledge/examples', '.bt')) {
      const inserts = parse(text).items.flatMap(({ item, start }) => conditionsOf(item, start, text));
      if (inserts.length === 0) continue;
      const { analysis } = analyzed(withClauses(text, inserts), options.version);
      expect(wrong(analysis.document.text, bpftraceContracts(analysis)), file).toEqual([]);
      count += inserts.length;
    }
    expect(count).toBeGreaterThan(100);
  });

  it('in C', () => {
    let count = 0;
    for (const { file, text } of programs('knowledge/examples', '.bpf.c')) {
      const inserts = parseBpfC(text).items.flatMap(({ item, start }) => (item.declaration.kind === 'function' ? conditionsOfC(item.tree, start, text) : []));
      if (inserts.length === 0) continue;
      const analysis = analyzeC(parseBpfC(withClauses(text, inserts)), { inventory: bundled });
      expect(wrong(analysis.document.text, cContracts(analysis)), file).toEqual([]);
      count += inserts.length;
    }
    expect(count).toBeGreaterThan(100);
  });
});

describe('the contracts of the benchmark', () => {
  it('are understood', () => {
    let count = 0;
    for (const { file, text } of programs('test-fixtures/contracts', '.bt')) {
      if (!text.includes('//@')) continue;
      const clauses = bpftraceContracts(analyzed(text).analysis);
      expect(wrong(text, clauses), file).toEqual([]);
      count += clauses.length;
    }
    for (const { file, text } of programs('test-fixtures/contracts', '.c')) {
      const clauses = cContracts(analyzeC(parseBpfC(text), { inventory: bundled }));
      expect(wrong(text, clauses), file).toEqual([]);
      count += clauses.length;
    }
    expect(count).toBeGreaterThan(300);
  });
});
