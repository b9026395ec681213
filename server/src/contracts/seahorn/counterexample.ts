/** `@0 = private constant [2 x i64] [i64 -1, i64 7]`, `… zeroinitializer`, `… [1 x i8] c"\01"`. */
const VALUES = /^@(\d+) = private constant \[(\d+) x i(\d+)\] (zeroinitializer|\[.*\]|c".*")$/gm;
/** Inside `define i16 @nd_port() {`: the call that takes the values out of `@0`. */
const FUNCTION = /^define \S+ @(\w+)\(\) \{\n(?:(?!^\}).*\n)*?.*@__seahorn_get_value_i\d+\([^@]*@(\d+)\b/gm;

/** What each `nd_…` function returns, in the order of its calls. */
export type SeahornInputs = ReadonlyMap<string, readonly bigint[]>;

/** Reads the harness that `--cex=FILE.ll` writes. Values are unsigned numbers of the function's width. Functions that return pointers are left out. */
export function readCounterexample(harness: string): SeahornInputs {
  const arrays = new Map<string, readonly bigint[]>();
  for (const [, name = '', count, width, text = ''] of harness.matchAll(VALUES)) arrays.set(name, valuesOf(text, Number(count), Number(width)));
  const inputs = new Map<string, readonly bigint[]>();
  for (const [, name = '', array = ''] of harness.matchAll(FUNCTION)) {
    const values = arrays.get(array);
    if (values) inputs.set(name, values);
  }
  return inputs;
}

function valuesOf(text: string, count: number, width: number): readonly bigint[] {
  if (text.startsWith('c"')) return bytesOf(text.slice(2, -1));
  if (text === 'zeroinitializer') return Array.from({ length: count }, () => 0n);
  return [...text.matchAll(/i\d+ (true|false|-?\d+)/g)].map(([, value = '0']) => BigInt.asUintN(width, value === 'true' ? 1n : value === 'false' ? 0n : BigInt(value)));
}

/** LLVM writes a byte as a character or as a backslash and two hexadecimal digits. */
function bytesOf(text: string): readonly bigint[] {
  return [...text.matchAll(/\\([0-9A-Fa-f]{2})|([^\\])/g)].map(([, hex, char]) => (hex === undefined ? BigInt(char?.charCodeAt(0) ?? 0) : BigInt(`0x${hex}`)));
}
