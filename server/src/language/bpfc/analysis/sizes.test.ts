import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { analyzeC } from './analyze.ts';
import { numberOf, sizeOfType } from './sizes.ts';

const DECLARED = `#define SLOTS 27
#define PAGE (1 << 12)
#define TWICE 1
#define TWICE 2
struct small { __u8 a; __u32 b; char c[3]; };
struct big { struct small s[4]; __u64 slots[SLOTS]; char *name; };
union either { __u64 x; char text[20]; };
struct nested { struct { int a; int b; } pair; union { __u8 x; __u16 y; }; };
struct bits { int a : 3; };
struct packed { char a; int b; } __attribute__((packed));
typedef struct small small_t;
`;
const { shared } = analyzeC(parseBpfC(DECLARED), { inventory: bundled });

describe('sizes', () => {
  it.each([
    ['int', 4], ['unsigned long long', 8], ['const __u16', 2], ['struct file *', 8], ['char[16]', 16], ['__u64 [SLOTS]', 216],
    ['struct small', 12], ['struct big', 272], ['union either', 24], ['struct nested', 12], ['struct iphdr', 20],
  ])('%s has %i bytes', (type, bytes) => {
    expect(sizeOfType(type, shared)).toBe(bytes);
  });

  it.each(['struct bits', 'struct packed', 'small_t', 'struct unknown_one', 'char[N]', 'typeof(x)'])('%s is left to the compiler', (type) => {
    expect(sizeOfType(type, shared)).toBeUndefined();
  });

  it.each([['64 * 1024', 65536], ['1 << 14', 16384], ['PAGE * 2', 8192], ['(1UL << 4) + 1', 17], ['0x10', 16], ['sizeof(struct small) * 2', 24], ['10 - 2 - 3', 5]])('%s is %i', (text, value) => {
    expect(numberOf(text, shared)).toBe(value);
  });

  it.each(['TWICE', 'OTHER', 'f(1)', '1 +', '', 'a / b'])('%s is left to the compiler', (text) => {
    expect(numberOf(text, shared)).toBeUndefined();
  });
});
