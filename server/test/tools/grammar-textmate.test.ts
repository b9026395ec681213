import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { asserted } from '../grammar/assertions.ts';
import { examples, stock } from '../grammar/files.ts';
import { inRoot } from '../grammar/native.ts';

const file = inRoot('grammars/bpftrace.tmLanguage.json');
await oniguruma.loadWASM(readFileSync(inRoot('node_modules/vscode-oniguruma/release/onig.wasm')));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (text) => new oniguruma.OnigString(text) }),
  loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(file, 'utf8'), file)),
});
const grammar = await registry.loadGrammar('source.bpftrace');
if (!grammar) throw new Error('The grammar could not be loaded');

/** The scopes at each column of each line, the outermost first. */
function scopes(program: string): (readonly string[])[][] {
  let state = textmate.INITIAL;
  return program.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar!.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.flatMap((token) => Array.from({ length: token.endIndex - token.startIndex }, () => token.scopes));
  });
}

const folder = inRoot('grammars/test/textmate');

describe.each(readdirSync(folder))('%s', (name) => {
  const { program, assertions } = asserted(readFileSync(`${folder}/${name}`, 'utf8'));
  const all = scopes(program);
  it('asserts something', () => {
    expect(assertions.length).toBeGreaterThan(50);
  });
  it('colours what it says', () => {
    const other = assertions.filter(({ row, column, expected }) => !all[row]?.[column]?.includes(`${expected}.bpftrace`));
    expect(other.map(({ row, column, expected }) => `${row + 1}:${column + 1} ${expected}, but ${all[row]?.[column]?.join(' ') ?? 'nothing'}`)).toEqual([]);
  });
});

describe('whole programs', () => {
  it.each([...stock(), ...examples()])('$path: nothing is taken for invalid, and its last line is outside of all', ({ text }) => {
    const all = scopes(`${text}\nkprobe:after { }`);
    expect(all.flat(2).filter((scope) => scope.startsWith('invalid'))).toEqual([]);
    expect(all.at(-1)?.[0]).toEqual(['source.bpftrace', 'meta.probe.bpftrace', 'keyword.control.probe.bpftrace']);
  });
  it('CRLF colours nothing else', () => {
    for (const { text } of examples()) {
      const plain = scopes(text);
      scopes(text.replaceAll('\n', '\r\n')).forEach((line, row) => expect(line.slice(0, plain[row]?.length)).toEqual(plain[row]));
    }
  });
});

describe('contracts in comments of C', () => {
  /** Of an editor's grammar of C only what matters here. */
  const C = { scopeName: 'source.c', patterns: [{ begin: '//', end: '(?=\\n)|$', name: 'comment.line.double-slash.cpp' }], repository: {} };
  const injection = inRoot('grammars/contracts.injection.tmLanguage.json');
  const ofC = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: (name) => Promise.resolve(textmate.parseRawGrammar(name === 'source.c' ? JSON.stringify(C) : readFileSync(injection, 'utf8'), 'x.json')),
    getInjections: (name) => (name === 'source.c' ? ['kgent.contracts.c'] : []),
  });
  it('are coloured like code, other comments are not', async () => {
    const c = await ofC.loadGrammar('source.c');
    const colours = (line: string): string[] => (c?.tokenizeLine(line, textmate.INITIAL).tokens ?? []).flatMap(({ startIndex, endIndex, scopes: all }) => (line.slice(startIndex, endIndex).trim() === '' ? [] : [`${line.slice(startIndex, endIndex)} ${all.at(-1) ?? ''}`]));
    expect(colours('\t//@ ensures retval == XDP_PASS // why')).toEqual(['// comment.line.double-slash.cpp', '@ punctuation.definition.contract.c', 'ensures keyword.control.contract.c', 'retval variable.language.c', '== keyword.operator.c', 'XDP_PASS variable.other.enummember.c', '// why comment.line.double-slash.remark.c']);
    expect(colours('// assert 1')).toEqual(['// comment.line.double-slash.cpp', ' assert 1 comment.line.double-slash.cpp']);
  });
});
