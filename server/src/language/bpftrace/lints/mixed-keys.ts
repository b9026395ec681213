import type { Problem } from '../problem.ts';
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
  return uses.filter((u) => ['read', 'delete', 'ask'].includes(u.role) && u.keys.length === first.keys.length && idAt(u, position) === other(written)).map((u) => mixed(name, u, position, first, written));
}

function mixed(name: string, u: MapUse, position: number, first: MapUse, written: Id): Problem {
  const key = u.keys[position];
  const span = u.probe.at(key ?? u.access);
  return {
    code: 'mixed-keys', severity: 'warning', span,
    message: `\`${name}\` is written by \`${written}\` and looked up by \`${other(written)}\` here: they are the same number only for a process's first thread.`,
    evidence: [{ span: first.probe.at(first.access), message: `It is written by \`${written}\` here.` }],
    repairs: [{ title: `Look it up by ${written}`, sure: false, edits: [{ span, newText: written }] }],
  };
}

function other(id: Id): Id {
  return id === 'pid' ? 'tid' : 'pid';
}
