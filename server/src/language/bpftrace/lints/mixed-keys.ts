import type { Span } from '../../../base/span.ts';
import type { Problem, SpanRepair } from '../problem.ts';
import { valueOf } from './fields.ts';
import { idAt, type Id } from './id-keys.ts';
import type { MapUse } from './maps.ts';
import type { View } from './view.ts';

/** `mixed-keys`: a map written by thread and read by process, or the other way round. */
export function mixedKeys(view: View): readonly Problem[] {
  return [...view.maps].flatMap(([name, uses]) => {
    const writes = uses.filter((u) => u.role === 'write' || u.role === 'count');
    const width = Math.max(0, ...writes.map((u) => u.keys.length));
    return Array.from({ length: width }, (_, position) => position).flatMap((position) => atPosition(name, uses, writes, position));
  });
}

/** Of one part of the key: what it is written by, and where it is looked up by the other. */
function atPosition(name: string, uses: readonly MapUse[], all: readonly MapUse[], position: number): Problem[] {
  const writes = all.filter((u) => idAt(u, position) !== undefined);
  const [first] = writes;
  const written = first && idAt(first, position);
  if (!first || written === undefined || writes.some((u) => idAt(u, position) !== written)) return [];
  const lookups = uses.filter((u) => ['read', 'delete', 'ask'].includes(u.role) && u.keys.length === first.keys.length && idAt(u, position) !== undefined);
  // Threads of a process overwrite each other's entries: where every lookup is by thread, the writes are what is wrong.
  const wrongWrites = written === 'pid' && lookups.every((u) => idAt(u, position) === 'tid');
  return lookups.filter((u) => idAt(u, position) === other(written)).map((u) => ({
    code: 'mixed-keys', severity: 'warning', span: keySpan(u, position),
    message: `\`${name}\` is written by \`${written}\` and looked up by \`${other(written)}\` here: they are the same number only for a process's first thread.`,
    evidence: [{ span: first.probe.at(first.access), message: `It is written by \`${written}\` here.` }],
    repairs: [wrongWrites ? keyedBy('Write it by tid', writes, position, 'tid') : keyedBy(`Look it up by ${written}`, [u], position, written)],
  }));
}

function keyedBy(title: string, uses: readonly MapUse[], position: number, id: Id): SpanRepair {
  return { title, sure: false, edits: uses.map((u) => ({ span: keySpan(u, position), newText: id })) };
}

/** Inside a cast, so that the key keeps its type. */
function keySpan(u: MapUse, position: number): Span {
  const key = u.keys[position];
  return u.probe.at(key ? valueOf(key) : u.access);
}

function other(id: Id): Id {
  return id === 'pid' ? 'tid' : 'pid';
}
