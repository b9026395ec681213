/**
 * C types as the kernel's BTF, tracepoint formats and a program's own C preamble describe them. Sizes are in bytes.
 * Struct members are read lazily: a kernel has 150,000 types and a program uses ten.
 */
export type CType = CInt | CFloat | CVoid | CPointer | CArray | CStruct | CEnum | CTypedef | CFunction | CForward;

export interface CInt { readonly kind: 'int'; /** `unsigned int`, `char`, `_Bool`. */ readonly name: string; readonly size: number; readonly signed: boolean; readonly encoding?: 'char' | 'bool' }
export interface CFloat { readonly kind: 'float'; readonly name: string; readonly size: number }
export interface CVoid { readonly kind: 'void' }
export interface CPointer { readonly kind: 'pointer'; /** `const`, `volatile` and type tags are dropped; `__user` and `__percpu` tags are kept as `tag`. */ to(): CType; readonly tag?: 'user' | 'percpu' | 'rcu' }
export interface CArray { readonly kind: 'array'; of(): CType; readonly length: number; /** `__data_loc` of a tracepoint: the bytes are elsewhere in the record. */ readonly dataLoc?: boolean }
export interface CStruct { readonly kind: 'struct' | 'union'; /** Without the keyword; empty when anonymous. */ readonly name: string; readonly size: number; fields(): readonly CField[] }
export interface CField { /** Empty for an anonymous struct or union. */ readonly name: string; type(): CType; /** Offset in bits from the start of the struct. */ readonly bitOffset: number; /** Set for bit fields. */ readonly bits?: number }
export interface CEnum { readonly kind: 'enum'; readonly name: string; readonly size: number; readonly signed: boolean; values(): readonly { readonly name: string; readonly value: bigint }[] }
export interface CTypedef { readonly kind: 'typedef'; readonly name: string; to(): CType }
export interface CFunction { readonly kind: 'function'; readonly params: readonly { readonly name: string; type(): CType }[]; returns(): CType; readonly variadic: boolean }
export interface CForward { readonly kind: 'forward'; readonly tag: 'struct' | 'union' | 'enum'; readonly name: string }

/** Through typedefs to the type itself. */
export function resolve(type: CType): CType {
  let at = type;
  for (let depth = 0; at.kind === 'typedef' && depth < 32; depth++) at = at.to();
  return at;
}

/** Deepest nesting that is followed; damaged bytes may hold a type that is made of itself. */
const MAX_DEPTH = 16;
/** Anonymous structs one search looks into, and types one text names. Real ones have some ten. */
const MAX_VISITS = 1000;

/** Finds a field by name, looking into anonymous structs and unions. Its offset counts from the outer struct. */
export function findField(struct: CStruct, name: string): CField | undefined {
  return findWithin(struct, name, 0, { visits: 0 });
}

function findWithin(struct: CStruct, name: string, depth: number, budget: { visits: number }): CField | undefined {
  if (depth > MAX_DEPTH || ++budget.visits > MAX_VISITS) return undefined;
  for (const field of struct.fields()) {
    if (field.name === name) return field;
    if (field.name !== '') continue;
    const inner = resolve(field.type());
    const found = inner.kind === 'struct' || inner.kind === 'union' ? findWithin(inner, name, depth + 1, budget) : undefined;
    if (found) return { ...found, type: () => found.type(), bitOffset: found.bitOffset + field.bitOffset };
  }
  return undefined;
}

/** As one would write it in C: `struct sock *`, `char[16]`, `int (*)(struct page *)`. */
export function printCType(type: CType): string {
  return print(type, { visits: 0 });
}

function print(type: CType, budget: { visits: number }): string {
  if (++budget.visits > MAX_VISITS) return '…';
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'int':
    case 'float':
    case 'typedef':
      return type.name;
    case 'struct':
    case 'union':
    case 'enum':
      return `${type.kind} ${type.name || '(anonymous)'}`;
    case 'forward':
      return `${type.tag} ${type.name}`;
    case 'array':
      return printArray(type, budget);
    case 'pointer': {
      const to = type.to();
      return to.kind === 'function' ? printFunction(to, '(*)', budget) : `${print(to, budget)}${to.kind === 'pointer' ? '' : ' '}*`;
    }
    case 'function':
      return printFunction(type, '', budget);
  }
}

/** The outermost dimension stands first: `int[2][3]` is two times three. */
function printArray(type: CArray, budget: { visits: number }): string {
  let of: CType = type;
  let dimensions = '';
  for (let i = 0; of.kind === 'array' && i < MAX_DEPTH; i++) {
    dimensions += `[${of.length || ''}]`;
    of = of.of();
  }
  return `${print(of, budget)}${dimensions}`;
}

function printFunction(type: CFunction, name: string, budget: { visits: number }): string {
  const params = [...type.params.map((p) => print(p.type(), budget)), ...(type.variadic ? ['...'] : [])];
  return `${print(type.returns(), budget)} ${name}(${params.join(', ') || 'void'})`;
}

/** As C declares a name of that type: `char buf[16]`, `int (*fn)(struct page *)`, `struct file *file`. */
export function declareName(type: CType, name: string): string {
  const text = printCType(type);
  if (text.includes('(*)')) return text.replace('(*)', `(*${name})`);
  const array = /^(.*?)((?:\[\d*\])+)$/.exec(text);
  return array ? `${beside(array[1] ?? '', name)}${array[2] ?? ''}` : beside(text, name);
}

/** On one line: `ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)`. */
export function declareFunction(type: CFunction, name: string): string {
  const params = [...type.params.map((param, i) => declareName(param.type(), param.name || `arg${i}`)), ...(type.variadic ? ['...'] : [])];
  return `${beside(printCType(type.returns()), name)}(${params.join(', ') || 'void'})`;
}

function beside(type: string, name: string): string {
  return `${type}${type.endsWith('*') ? '' : ' '}${name}`;
}
