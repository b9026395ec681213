import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Access, PacketReads } from '../../src/contracts/bytecode/access.ts';
import { Calls } from '../../src/contracts/bytecode/calls.ts';
import { Cells } from '../../src/contracts/bytecode/cells.ts';
import { Context } from '../../src/contracts/bytecode/context.ts';
import { decode } from '../../src/contracts/bytecode/instruction.ts';
import { Layouts } from '../../src/contracts/bytecode/layout.ts';
import { Machine } from '../../src/contracts/bytecode/machine.ts';
import { Maps } from '../../src/contracts/bytecode/maps.ts';
import { NO_MEMORY } from '../../src/contracts/bytecode/memory.ts';
import { Output } from '../../src/contracts/bytecode/output.ts';
import { number } from '../../src/contracts/bytecode/value.ts';
import { interpret } from '../../src/contracts/ir/interpret.ts';
import { Terms } from '../../src/contracts/terms/terms.ts';
import { Btf } from '../../src/kernel/btf/btf.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { RandomBpf, REGISTERS, together, type RandomProgram } from '../support/random-bpf.ts';

const span = { start: 0, end: 0 };
/** BTF without a type. */
const NO_TYPES = new Btf(Uint8Array.from([0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]));

/** What a program leaves in r0, of the values its registers have in the beginning: as the proof sees it, with values put in. */
function proved({ body, values }: RandomProgram): bigint {
  const out = new Output(new Terms(), span);
  const unsupported = (what: string): never => {
    throw new Error(what);
  };
  const layouts = new Layouts(NO_TYPES);
  const maps = new Maps(out, new Map());
  const context = new Context(out, layouts, new Cells(), { name: 'f', macro: undefined, params: [] }, undefined);
  const access = new Access(out, maps, context, layouts, new PacketReads(out, new Cells(), false, unsupported), unsupported);
  const calls = new Calls(out, maps, access, [], unsupported);
  const program = { layouts, codes: new Map(), functions: [], maps: new Map(), dataAt: () => undefined, prototype: () => undefined };
  const machine = new Machine({ program, out, access, calls, unsupported, spanOf: () => undefined });
  const registers = Array.from({ length: REGISTERS }, (_, i) => number(out.read(`r${i}`, 64)));
  const code = { section: 1, name: 'f', instructions: decode(body), symbols: new Map(), ext: { lines: [], core: new Map() } };
  const left = machine.run(code, 0, { registers, memory: NO_MEMORY, gone: [] }, out.terms.yes);
  const result = left?.state.registers[0];
  if (!result) throw new Error('it never ends');
  const value = out.lower(result.term);
  const ran = interpret({ maps: [], handlers: [{ name: 'f', span, body: [...out.statements, { kind: 'set', name: 'result', value, span }] }] }, [{ handler: 'f', reads: new Map(values.map((one, i) => [`r${i}`, one])) }]);
  return ran.steps.find(({ name }) => name === 'result')?.value ?? -1n;
}

const PROGRAMS = 60;

it('means by instructions what the kernel does', async () => {
  const random = new RandomBpf(7);
  const programs = Array.from({ length: PROGRAMS }, () => random.program(40));
  const room = mkdtempSync(join(tmpdir(), 'kgent-test-'));
  const words = (bytes: Uint8Array): string => Array.from({ length: bytes.length / 8 }, (_, i) => `.8byte 0x${new DataView(bytes.buffer).getBigUint64(i * 8, true).toString(16)}`).join('\n');
  const text = programs.map((program, i) => `.section "socket","ax",@progbits\n.globl f${i}\n.type f${i},@function\nf${i}:\n${words(together([program.prologue, program.body]))}\n.size f${i}, .-f${i}\n`).join('');
  writeFileSync(join(room, 'random.s'), `${text}.section license,"aw",@progbits\n.asciz "GPL"\n`);
  // In mounts of its own: nothing stays.
  const script = `cd "$0" && clang -target bpf -c random.s -o random.o && head -c 64 /dev/zero > input && mount -t bpf bpf /sys/fs/bpf && bpftool prog loadall random.o /sys/fs/bpf/p && for i in $(seq 0 ${PROGRAMS - 1}); do bpftool prog run pinned /sys/fs/bpf/p/f$i data_in input repeat 1; done`;
  const ran = await new LocalTarget().exec({ argv: ['unshare', '-m', 'sh', '-c', script, room], timeoutMs: 60_000 });
  if (ran.kind !== 'ran') throw new Error(ran.kind);
  const returned = [...ran.stdout.matchAll(/^Return value: (\d+),/gm)].map(([, value]) => BigInt(value ?? -1));
  expect(ran.stderr.slice(-2_000)).toBe('');
  expect(returned).toHaveLength(PROGRAMS);
  expect(programs.map((program) => BigInt.asUintN(32, proved(program)))).toEqual(returned);
});
