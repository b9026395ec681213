import { KIND, type Btf } from '../btf/btf.ts';
import type { Steps } from '../turns.ts';
import { Declarations } from './declare.ts';
import { kfuncPrototypes } from './kfuncs.ts';
import { Names } from './names.ts';
import { needsBefore, standsAlone } from './order.ts';
import { TypeSpace } from './type-space.ts';

/** Pieces of text written in one step: a few milliseconds. */
const PIECES_A_STEP = 150;
/** Types that are passed over in one step. */
const LOOKED_AT_A_STEP = 2000;

const BEGIN = `#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

`;
const END = `
#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`;

/**
 * The types of a kernel, and of modules upon it, as a header for BPF C: everything with a name, in an order that C
 * takes, each where the kernel has it to the bit. Throws UserError when the BTF is damaged in a way that shows.
 */
export function* writeVmlinuxHeader(kernel: Btf, modules: readonly Btf[] = []): Steps<string> {
  const space = new TypeSpace(kernel, modules);
  const names = yield* Names.of(space);
  const writer = new Writer(space, names);
  yield* writer.enums();
  yield* writer.types();
  yield* writer.remainingEnums();
  const kfuncs = yield* kfuncPrototypes(space, names, (proto, name) => writer.declareExtern(proto, name));
  return `${BEGIN}${writer.text()}${kfuncs}${END}`;
}

/** What became a word of the language: the newest compilers do not take a definition of it. */
function beforeC23(text: string): string {
  return `#if __STDC_VERSION__ < 202311L\n${text}#endif\n`;
}

const ENTERED = 1;
const DONE = 2;

class Writer {
  readonly #space: TypeSpace;
  readonly #names: Names;
  readonly #declarations: Declarations;
  /** Definitions since the last turn, and the text before them. */
  #parts: string[] = [];
  readonly #chunks: string[] = [];
  readonly #states: Uint8Array;
  /** Structs and unions that were declared or defined already. */
  readonly #declared = new Set<string>();
  /** Those the definition that is being written names, and that were not. */
  #mentioned: string[] = [];

  constructor(space: TypeSpace, names: Names) {
    this.#space = space;
    this.#names = names;
    this.#states = new Uint8Array(space.end);
    this.#declarations = new Declarations(space, names, (tag) => this.#mention(tag));
  }

  text(): string {
    this.#join();
    return this.#chunks.join('');
  }

  /** Ends a step. Joining all at once would take longer than a turn. */
  #join(): undefined {
    this.#chunks.push(this.#parts.join(''));
    this.#parts = [];
  }

  /** Those with a name need nothing before them and come first. */
  *enums(): Steps<undefined> {
    for (let type = 1; type < this.#space.end; type++) {
      if (type % LOOKED_AT_A_STEP === 0) yield this.#join();
      if (this.#isEnum(type) && this.#space.name(type) !== '') this.#parts.push(`${this.#declarations.definition(type)};\n\n`);
    }
    return undefined;
  }

  *types(): Steps<undefined> {
    for (let type = 1; type < this.#space.end; type++) {
      if (type % LOOKED_AT_A_STEP === 0) yield this.#join();
      if (standsAlone(this.#space, type) && this.#states[type] !== DONE) yield* this.#withWhatItNeeds(type);
    }
    return undefined;
  }

  *remainingEnums(): Steps<undefined> {
    for (let type = 1; type < this.#space.end; type++) {
      if (type % LOOKED_AT_A_STEP === 0) yield this.#join();
      if (!this.#isEnum(type) || this.#space.name(type) !== '' || this.#declarations.written.has(type)) continue;
      const text = `${this.#declarations.anonymousEnum(type)};\n`;
      this.#parts.push(/^\t(?:true|false)\b/m.test(text) ? beforeC23(text) : text, '\n');
    }
    return undefined;
  }

  /** With the forward declarations it needs before it. */
  declareExtern(type: number, name: string): string {
    const declared = this.#declarations.declare(type, name);
    return `${this.#forwards()}extern ${declared}`;
  }

  /** Depth first, with a stack of its own: chains may be long. */
  *#withWhatItNeeds(root: number): Steps<undefined> {
    const waiting = [root];
    for (let type = root; waiting.length > 0; type = waiting.at(-1) ?? 0) {
      if (this.#states[type] === 0) {
        this.#states[type] = ENTERED;
        for (const needed of needsBefore(this.#space, type).reverse()) if (this.#states[needed] === 0 && standsAlone(this.#space, needed)) waiting.push(needed);
        continue;
      }
      waiting.pop();
      if (this.#states[type] === DONE) continue;
      this.#states[type] = DONE;
      this.#write(type);
      if (this.#parts.length > PIECES_A_STEP) yield this.#join();
    }
    return undefined;
  }

  #write(type: number): void {
    const isTypedef = this.#space.kind(type) === KIND.typedef;
    // Inside its own definition it is declared.
    if (!isTypedef) this.#declared.add(this.#names.tag(type));
    const text = isTypedef ? `typedef ${this.#declarations.declare(this.#space.target(type), this.#names.typedef(type))}` : this.#declarations.definition(type);
    const isBool = isTypedef && this.#names.typedef(type) === 'bool';
    this.#parts.push(this.#forwards(), isBool ? beforeC23(`${text};\n`) : `${text};\n`, '\n');
  }

  #mention(tag: string): void {
    if (this.#declared.has(tag)) return;
    this.#declared.add(tag);
    this.#mentioned.push(tag);
  }

  #forwards(): string {
    const text = this.#mentioned.map((tag) => `${tag};\n\n`).join('');
    this.#mentioned = [];
    return text;
  }

  #isEnum(type: number): boolean {
    const kind = this.#space.kind(type);
    return kind === KIND.enum || kind === KIND.enum64;
  }
}
