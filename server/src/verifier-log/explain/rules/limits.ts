import type { Draft, Rule } from '../rule.ts';
import { noteAt, plainRule } from '../rule.ts';
import { bare, literal } from '../c/text.ts';
import { lineAt, placeOfLine, type Situation } from '../situation.ts';
import type { SourcePlace } from '../source.ts';
import { returnDraft } from './returns.ts';

/** The head of the loop the path's end goes round in. */
function loopPlace(s: Situation, from?: number, to?: number): SourcePlace | undefined {
  const lines = new Set<number>();
  for (let p = s.at; p > Math.max(-1, s.at - 400); p--) {
    const number = s.flow.number(p);
    if (from !== undefined && to !== undefined && (number < Math.min(from, to) || number > Math.max(from, to))) continue;
    const line = lineAt(s, p);
    if (line !== undefined) lines.add(line);
  }
  const jump = jumpsBack(s, [...lines]);
  if (jump !== undefined) return placeOfLine(s, jump);
  const largest = from === undefined ? largestLoop(s) : undefined;
  if (largest !== undefined) return placeOfLine(s, largest);
  const sorted = [...lines].sort((a, b) => a - b);
  const found = sorted.find((line) => isLoopHead(s, line));
  const head = (found === undefined ? undefined : s.source.code.doOf(found)) ?? found ?? headAbove(s, sorted);
  return head === undefined ? undefined : placeOfLine(s, head);
}

/** Of the loops around the last step the one that goes round most often, by its own words; the inner one of equals. */
function largestLoop(s: Situation): number | undefined {
  const line = lineAt(s, s.at);
  const loops = line === undefined ? [] : s.source.code.around(line).filter((each) => each.kind === 'loop' || each.kind === 'do');
  if (loops.length < 2) return undefined;
  const turns = loops.map((each) => Number(s.source.numberOf(/[<>]=?\s*(\w+)|\bbpf_(?:for|repeat)\s*\((?:[^,]*,[^,]*,)?\s*(\w+)/.exec(each.text)?.slice(1).find((n) => n !== undefined) ?? '') ?? Number.POSITIVE_INFINITY));
  return loops[turns.indexOf(Math.max(...turns))]?.line;
}

/** Where a `goto` goes up the program it makes a loop; the condition it stands under is what should end it. */
function jumpsBack(s: Situation, lines: readonly number[]): number | undefined {
  const { code } = s.source;
  const visited = lines.at(0);
  const all = visited === undefined ? [] : code.statements(code.functionAt(visited));
  const jump = all.find((each) => each.kind === 'goto' && all.some((l) => l.kind === 'label' && l.line < each.line && new RegExp(`^goto\\s+${/^\w+/.exec(l.text)?.[0] ?? ''}\\s*;`).test(each.text) && lines.some((line) => line >= l.line && line <= each.line)));
  if (!jump || lines.some((line) => code.around(line).some((each) => each.kind === 'loop' || each.kind === 'do'))) return undefined;
  return code.around(jump.line).find((each) => each.kind === 'if')?.line ?? jump.line;
}

function isLoopHead(s: Situation, line: number): boolean {
  return /\b(?:for|while|do|bpf_for|bpf_repeat)\b\s*[({]?/.test(bare(s.source.text(line)));
}

/** `do {` and heads the compiler turned round carry no instruction of their own. */
function headAbove(s: Situation, lines: readonly number[]): number | undefined {
  const [first, last] = [lines[0], lines.at(-1)];
  return first === undefined || last === undefined ? undefined : s.source.code.loopAround(first, last);
}

function anyLoop(s: Situation): SourcePlace | undefined {
  const line = s.source.code.firstLoop();
  return line === undefined ? undefined : placeOfLine(s, line);
}

/** Where a function calls itself, and nothing else goes round there: clang makes a loop of it. */
function selfCall(s: Situation): number | undefined {
  const line = lineAt(s, s.at);
  const of = line === undefined ? undefined : s.source.code.functionAt(line);
  if (line === undefined || !of || of.name === '' || s.source.code.around(line).some((each) => each.kind === 'loop' || each.kind === 'do')) return undefined;
  return s.source.code.statements(of).find((each) => new RegExp(`\\b${literal(of.name)}\\s*\\(`).test(each.text))?.line;
}

function recursionDraft(s: Situation): Draft | undefined {
  const line = selfCall(s);
  return line === undefined ? undefined : { class: 'subprogram', message: subprogramMessage('recursive'), need: { kind: 'other' }, cause: placeOfLine(s, line) };
}

function loopDraft(s: Situation, message: string, from?: number, to?: number): Draft {
  const recursion = recursionDraft(s);
  if (recursion) return recursion;
  const place = loopPlace(s, from, to) ?? anyLoop(s);
  return { class: 'loop', message, need: { kind: 'bounded-loop' }, ...(place ? { cause: place } : {}) };
}

function complexDraft(s: Situation, what: string): Draft {
  const recursion = recursionDraft(s);
  if (recursion) return recursion;
  const place = loopPlace(s) ?? anyLoop(s);
  return {
    class: 'too-complex',
    message: `The verifier gave up: ${what}. Make loops shorter or give them to bpf_loop() or bpf_for(), and move parts into global functions, which are looked at once.`,
    need: { kind: 'bounded-loop' },
    ...(place ? { cause: place } : {}),
  };
}

/** The largest array or structure the function keeps on its stack; of all functions, where their frames are too large together. */
function bigVariable(s: Situation, line: number | undefined): SourcePlace | undefined {
  const { code } = s.source;
  const functions = line === undefined ? code.functions : code.functions.filter((f) => f === code.functionAt(line));
  let best: { line: number; size: number } | undefined;
  const declared = functions.flatMap((f) => code.statements(f)).filter((each) => each.kind === 'simple' && s.source.sizeOf(each.text) > 0);
  // A buffer is moved out of the frame more easily than a structure.
  const buffers = declared.filter((each) => !/^\s*(?:volatile\s+|const\s+)*(?:struct|union)\b/.test(each.text));
  for (const each of buffers.length > 0 ? buffers : declared) {
    const size = s.source.sizeOf(each.text);
    if (!best || size > best.size || (size === best.size && isProgram(s, each.line))) best = { line: each.line, size };
  }
  return best ? placeOfLine(s, best.line) : undefined;
}

/** Whether a line stands in the program itself, not in a function it calls. */
function isProgram(s: Situation, line: number): boolean {
  return s.log.program !== undefined && s.source.code.functionAt(line)?.name === s.log.program;
}

function stackDraft(s: Situation, bytes: number | undefined, combined = false): Draft {
  const place = bigVariable(s, combined ? undefined : lineAt(s, s.at));
  return {
    class: 'stack-limit',
    message: `The program needs ${bytes === undefined ? 'more than' : `${bytes} bytes of stack, more than`} the 512 bytes there are for it and the functions it calls. Keep large buffers in a per-CPU array map.`,
    need: { kind: 'smaller-stack', limit: 512, ...(bytes === undefined ? {} : { bytes }) },
    ...(place ? { cause: place } : {}),
  };
}

export const limitRules: readonly Rule[] = [
  // infinite loop detected at insn 5   |   back-edge from insn 5 to 2
  { pattern: /infinite loop detected at insn (\d+)/, explain: (s) => loopDraft(s, 'The loop never ends for the verifier: going round changes nothing it knows of. Give the loop a counter with a constant limit, or use bpf_for() or bpf_loop().') },
  { pattern: /back-edge from insn (\d+) to (\d+)/, explain: (s, m) => loopDraft(s, 'There is a loop here that this kernel does not allow. Unroll it with a constant limit, or use bpf_loop().', Number(m[1]), Number(m[2])) },
  // The sequence of 8193 jumps is too complex.   |   BPF program is too large. Processed 1000001 insn   |   BPF program is too complex   |   too many states
  { pattern: /sequence of (\d+) jumps is too complex/, explain: (s, m) => complexDraft(s, `${m[1] ?? ''} jumps one after the other on one path are more than it follows`) },
  { pattern: /program is too large\. Processed (\d+) insn/, explain: (s, m) => complexDraft(s, `it looked at ${m[1] ?? ''} instructions on all paths together, more than it may`) },
  { pattern: /too many states|too complex|program too large/i, explain: (s) => complexDraft(s, 'there are too many paths through the program') },
  // combined stack size of 2 calls is 544. Too large   |   stack depth 520 exceeds   |   invalid stack off=-520
  { pattern: /combined stack size of \d+ calls is (\d+)\. Too large/, explain: (s, m) => stackDraft(s, Number(m[1]), true) },
  { pattern: /stack (?:depth|size) (?:of )?(\d+)?.*(?:exceed|too large)|Looks like the BPF stack limit/i, explain: (s, m) => stackDraft(s, m[1] === undefined ? undefined : Number(m[1])) },
  // the call stack of 9 frames is too deep !   |   tail_calls are not allowed …   |   recursive call from main() to main()   |   Caller passes invalid args into func#1
  plainRule(/call stack of \d+ frames is too deep|recursive call|tail_calls? (?:is|are) not allowed|tail_call (?:would|abusing)|Caller passes invalid args into func#?(\d+)|callback function not static|cannot return stack pointer to the caller|At subprogram exit the register R0|Global function \w+\(\) (?:doesn't return scalar|return)|Func#\d+ .*(?:rejected|invalid)|function calls? (?:nesting|to itself)|arg#\d+ reference type\(|too many subprograms|call to invalid destination|R0 not a scalar value|functions? with more than 5|Invalid arg(?:ument)?s? of global|subprog/i, (m, s) => ({
    class: 'subprogram',
    message: subprogramMessage(m.input),
    ...subprogramPlace(s, m.input),
  })),
  // At program exit the register R0 has smin=5 smax=5 should have been in [0, 1]   |   … has value (0x5; 0x0) should have been in (0x0; 0x1)
  { pattern: /At (?:program exit|async callback|callback return|BPF_EXIT|\w+ exit) the register R0|register R0 is not a known value|In (?:async )?callback.* the register R0|register R0 has .*should have been in|The program must return|R0 has (?:value|unknown scalar value).*should have been/i, explain: returnDraft },
  // unreachable insn 5   |   jump out of range from insn 3 to 100   |   last insn is not an exit or jmp   |   invalid insn idx
  plainRule(/unreachable insn (\d+)|jump out of range|last insn is not an exit or jmp|invalid insn idx|jump into the middle|subprog.*last insn|no exit/i, (m, s) => ({
    class: 'unreachable-code',
    message: /last insn|no exit/.test(m.input) ? 'The function does not end with a return on every path: the compiler took its end to be never reached. Return a value at its end, and look for what is undefined before it.' : 'Some instructions can never be reached, or a jump leaves the function. Look for code behind a return or an endless loop, and rebuild.',
    ...(s.at < 0 ? {} : { established: noteAt(s, s.at, 'the last instruction looked at') }),
  })),
  plainRule(/div(?:ision)? by zero|invalid shift|uses reserved fields|unknown opcode (?!00)|invalid BPF_|BPF_LD_\[?(?:ABS|IND)|same insn cannot be used with different pointers/i, (m) => ({
    class: 'unreachable-code',
    message: `The instruction itself is not valid (${m[0]}). Rebuild with a current clang, and look at inline assembly.`,
  })),
];

/** A function whose parameter says nothing that could be checked is wrong at its head, a large frame at its variable. */
function subprogramPlace(s: Situation, words: string): Pick<Draft, 'cause'> {
  if (/tail_calls? (?:is|are) not allowed when call stack/.test(words)) {
    const head = s.log.program === undefined ? undefined : s.source.code.named(s.log.program)?.line;
    const big = bigVariable(s, head ?? lineAt(s, s.at));
    return big ? { cause: big } : {};
  }
  const recursive = /recursive call from (\w+)\(\)(?: to (\w+)\(\))?/.exec(words);
  const from = s.source.code.named(recursive?.[1] ?? '');
  const call = s.source.code.statements(from).find((each) => new RegExp(`\\b${recursive?.[2] ?? recursive?.[1] ?? ''}\\s*\\(`).test(each.text));
  if (call) return { cause: placeOfLine(s, call.line) };
  const returning = s.source.code.named(/Global function (\w+)\(\) (?:doesn't return|return)/.exec(words)?.[1] ?? '');
  if (returning) return { cause: placeOfLine(s, returning.line) };
  const of = s.source.code.named(/\('(\w+)'\)/.exec(words)?.[1] ?? '');
  const untyped = of?.parameters.some((p) => /\bvoid\s*\*/.test(p.text) || (p.text.match(/\*/g) ?? []).length > 1);
  return of && untyped === true ? { cause: placeOfLine(s, of.line) } : {};
}

function subprogramMessage(text: string): string {
  if (/recursive|nesting|itself|too deep/i.test(text)) return 'Functions call each other deeper than 8 calls, or themselves, which a program cannot. Write a loop, or make the functions inline.';
  if (/tail_call/.test(text)) return 'Tail calls and functions of the program cannot be mixed like this. Call the tail call from the program itself, or make the functions inline with less stack.';
  if (/Caller passes invalid args|Invalid arg/.test(text)) return 'A global function of the program is called with an argument it cannot take: for the verifier it must be a number, the context, or a pointer to initialised memory of the size of its type. Make the function `static __always_inline`, or hand over such a value.';
  if (/R0 not a scalar|doesn't return scalar|subprogram exit|return stack pointer/.test(text)) return 'A function of the program that is not inlined must return a number, and none of its own stack. Return a number, or make the function `static __always_inline`.';
  return 'A function of the program does not follow the rules for functions that are not inlined. Make it `static __always_inline`, or simplify its arguments.';
}
