import type { Problem } from '../problem.ts';
import { idOf, type Id } from './id-keys.ts';
import type { MapUse } from './maps.ts';
import type { View } from './view.ts';

/** `mixed-keys`: a map written by thread and read by process, or the other way round. */
export function mixedKeys(view: View): readonly Problem[] {
  return [...view.maps].flatMap(([name, uses]) => {
    const writes = uses.filter((u) => (u.role === 'write' || u.role === 'count') && idOf(u) !== undefined);
    const [first] = writes;
    const written = first && idOf(first);
    if (!first || written === undefined || writes.some((u) => idOf(u) !== written)) return [];
    return uses.filter((u) => ['read', 'delete', 'ask'].includes(u.role) && idOf(u) === other(written)).map((u) => mixed(name, u, first, written));
  });
}

function mixed(name: string, u: MapUse, first: MapUse, written: Id): Problem {
  const [key] = u.keys;
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
