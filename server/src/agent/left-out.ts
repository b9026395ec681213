import { emptyRange } from '../base/range.ts';
import { finding, type Finding } from '../checks/finding.ts';
import type { Language } from '../checks/program.ts';

/**
 * What a draft lacks of the program it should fix: whatever passes because it does less is no fix. Read from the text alone, so
 * only what can be told for sure is: programs or probes, maps and their uses.
 */
export function leftOut(before: string, after: string, language: Language): readonly Finding[] {
  const error = (message: string): Finding => finding('semantics', 'left-out', 'error', message, emptyRange);
  const [was, is] = [partsOf(before, language), partsOf(after, language)];
  const noun = language === 'c' ? 'program' : 'probe';
  const fewer = is.programs < was.programs ? [error(`The program to fix has ${was.programs} ${noun}${was.programs === 1 ? '' : 's'}, this one ${is.programs}. None may be left out.`)] : [];
  const gone = [...was.maps].filter((name) => !is.maps.has(name)).map((name) => error(`The map ${name} is no longer used. What the program keeps in it must not be left out.`));
  return [...fewer, ...gone];
}

interface Parts {
  /** Programs of BPF C, probes of bpftrace. */
  readonly programs: number;
  /** Maps that are used, by name. */
  readonly maps: ReadonlySet<string>;
}

function partsOf(text: string, language: Language): Parts {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ');
  return language === 'c' ? partsOfC(code) : partsOfBpftrace(code.replace(/"(?:\\.|[^"\\\n])*"/g, '""'));
}

/** Sections that hold no program: `license`, `.maps`, `.rodata`. */
const DATA = /^(?:license|version|\.)/;

function partsOfC(code: string): Parts {
  const programs = [...code.matchAll(/\bSEC\s*\(\s*"([^"]*)"/g)].filter(([, name = '']) => !DATA.test(name)).length;
  const declared = [...code.matchAll(/(\w+)\s+SEC\s*\(\s*"\.maps"/g)].map(([, name = '']) => name);
  const uses = (name: string): number => code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
  return { programs, maps: new Set(declared.filter((name) => uses(name) > 1)) };
}

function partsOfBpftrace(code: string): Parts {
  // A block is a probe's where what stands before it on its line is no statement: `} kprobe:f, kprobe:g /pid/ {`.
  const probes = [...code.matchAll(/(?:^|[\n}])\s*(?:BEGIN|END|[a-z]+:[^\s{;()]+)[^{};]*\{/g)].length;
  return { programs: probes, maps: new Set(code.match(/@\w*/g)) };
}
