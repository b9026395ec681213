/** What a number counts: one step of it is `num / den` of its dimension's base (nanoseconds, bytes, hertz, or the thing itself). */
export interface Unit {
  readonly dimension: string;
  readonly num: bigint;
  readonly den: bigint;
}

const SIZE: Readonly<Record<string, bigint>> = { 'bytes': 1n, 'sectors': 512n, 'pages': 4096n, 'KiB': 1n << 10n, 'MiB': 1n << 20n, 'GiB': 1n << 30n, 'TiB': 1n << 40n, 'kB': 1_000n, 'MB': 1_000_000n, 'GB': 1_000_000_000n };
const TIME: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, minutes: 60_000_000_000n };
const FREQUENCY: Readonly<Record<string, bigint>> = { Hz: 1n, kHz: 1_000n, MHz: 1_000_000n, GHz: 1_000_000_000n };

/** Units that have a name; a number in any other is told nothing of. */
const NAMED: ReadonlyMap<string, Unit> = new Map([
  ...Object.entries(TIME).map(([name, num]): [string, Unit] => [name, { dimension: 'time', num, den: 1n }]),
  ...Object.entries(SIZE).map(([name, num]): [string, Unit] => [name, { dimension: 'size', num, den: 1n }]),
  ...Object.entries(FREQUENCY).map(([name, num]): [string, Unit] => [name, { dimension: 'frequency', num, den: 1n }]),
  ['jiffies', { dimension: 'jiffies', num: 1n, den: 1n }],
]);

/** Throws for a name that is none: a defect of who asks. */
export function unit(name: string): Unit {
  const found = NAMED.get(name);
  if (!found) throw new TypeError(`there is no unit ${name}`);
  return found;
}

/** How the knowledge base writes units beyond their names. */
const WRITTEN: Readonly<Record<string, Unit>> = {
  'ns since boot': unit('ns'), 's since 1970': unit('s'), 'us times 8': { dimension: 'time', num: 125n, den: 1n }, '1/8 us': { dimension: 'time', num: 125n, den: 1n }, 'us times 4': { dimension: 'time', num: 250n, den: 1n },
  'units of 32 us': { dimension: 'time', num: 32_000n, den: 1n }, 'units of 1024 us': { dimension: 'time', num: 1_024_000n, den: 1n }, 'ticks of 1/100 s': { dimension: 'time', num: 10_000_000n, den: 1n },
  'bytes from head': unit('bytes'), 'bytes from skb->head': unit('bytes'), 'sectors (512 bytes)': unit('sectors'), '512-byte sectors': unit('sectors'), 'pages (4096 bytes)': unit('pages'),
};

/** The unit that a spec's text means; undefined for what is no measure (`count`, `percent`) or differs from system to system (`blocks`). */
export function readUnit(text: string): Unit | undefined {
  return (Object.hasOwn(WRITTEN, text) ? WRITTEN[text] : undefined) ?? (MEASURES.has(text) ? NAMED.get(text) : undefined);
}

const MEASURES = new Set(['ns', 'us', 'ms', 's', 'bytes', 'pages', 'KiB', 'MiB', 'Hz', 'kHz', 'MHz', 'jiffies']);

export function sameUnit(a: Unit, b: Unit): boolean {
  return a.dimension === b.dimension && a.num * b.den === b.num * a.den;
}

/** What a number counts after it was multiplied by a constant; undefined where that has no name: `2 * us`. */
export function multiplied(of: Unit, by: bigint): Unit | undefined {
  return by > 0n ? ifNamed({ ...of, den: of.den * by }) : undefined;
}

/** The same for a division: ns / 1000 are us, us times 8 divided by 8 are us. */
export function divided(of: Unit, by: bigint): Unit | undefined {
  return by > 0n ? ifNamed({ ...of, num: of.num * by }) : undefined;
}

function ifNamed(of: Unit): Unit | undefined {
  return [...NAMED.values()].find((named) => sameUnit(named, of));
}

/** `ns`, `sectors`; `1/8 us` for what has no name of its own. */
export function nameOf(of: Unit): string {
  for (const [name, named] of NAMED) if (sameUnit(named, of)) return name;
  for (const [text, written] of Object.entries(WRITTEN)) if (sameUnit(written, of)) return text;
  return `${of.num}/${of.den} of ${of.dimension}`;
}
