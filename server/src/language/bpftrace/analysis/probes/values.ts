import { nearest } from '../../../../base/near.ts';
import { has, type ProbeKind } from '../../catalogue.ts';
import type { AttachPointInfo } from '../analysis.ts';
import { fault, replacement, type State } from '../check/state.ts';
import { either } from '../check/words.ts';

const DURATION = /^(\d+)(ns|us|ms|s|m|h|d)?$/;
const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86400e9 };
/** The shortest time between two rounds of a timer, in ns. */
const SHORTEST = 1000;

/** `interval:s:1`, and since 0.24 `interval:1s`. */
export function checkRate(state: State, point: AttachPointInfo, kind: ProbeKind): void {
  const [first = '', second] = point.parts;
  const [unit, count] = point.node.parts;
  if (second === undefined) return checkDuration(state, point, kind, first);
  const units = kind.values?.of ?? [];
  if (!units.includes(first) && unit) {
    const near = nearest(first, units)[0];
    return fault(state, 'bad-attach-point', unit, `${first} is no unit of time here: ${either(units)}.`, near === undefined ? {} : { repairs: [replacement(state, unit, near)] });
  }
  if (!/^(?:\d[\d_]*(?:e\d+)?|0x[\da-fA-F]+|\$\d+|\$#)$/.test(second) && count) fault(state, 'bad-attach-point', count, `${second} is no number: ${kind.form}.`);
  // Measured: 0.17 takes an interval of 0, and no profile.
  else if (/^0+$/.test(second) && count && (kind.name === 'profile' || has({ since: [0, 19] }, state.rules.version))) fault(state, 'bad-attach-point', count, `The rate of ${kind.name} must be positive.`);
}

function checkDuration(state: State, point: AttachPointInfo, kind: ProbeKind, text: string): void {
  const match = DURATION.exec(text);
  const at = point.node.parts[0] ?? point.node;
  if (/^\$/.test(text)) return;
  if (!match) return fault(state, 'bad-attach-point', at, `${text} is no duration: write ${kind.form}, or a number with its unit such as ${kind.name}:100ms.`);
  const ns = Number(match[1]) * (NANOSECONDS[match[2] ?? 'ns'] ?? 1);
  if (ns < SHORTEST) fault(state, 'bad-attach-point', at, `A number without a unit counts nanoseconds; the shortest time is ${SHORTEST} ns. Write ${kind.name}:${match[1] ?? ''}s, ${kind.name}:${match[1] ?? ''}ms, …`);
}

/** `watchpoint:0x10000000:8:rw` */
export function checkWatchpoint(state: State, point: AttachPointInfo): void {
  const [, length = '', mode = ''] = point.parts;
  const [, lengthNode, modeNode] = point.node.parts;
  if (lengthNode && /^\d+$/.test(length) && !['1', '2', '4', '8'].includes(length)) fault(state, 'bad-attach-point', lengthNode, `A watchpoint covers 1, 2, 4 or 8 bytes, not ${length}.`);
  if (modeNode && (!/^[rwx]+$/.test(mode) || new Set(mode).size !== mode.length)) fault(state, 'bad-attach-point', modeNode, `The mode of a watchpoint is r, w, x or a combination, each once; ${mode} is none.`);
}
