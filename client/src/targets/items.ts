/** The tree of targets, made from what the server tells of them. Pure; `view.ts` shows it. */
import type { Capability, TargetFact, TargetRow } from '../../../server/src/protocol.ts';

export type ItemIcon =
  | 'connecting' | 'connected' | 'limited' | 'current' | 'new' | 'offline' | 'unusable' | 'none'
  | 'missing' | 'why' | 'remedy' | 'command' | 'copy' | 'connect' | 'retry' | 'add'
  | TargetFact['name'];

/** What Enter or a click does. */
export type ItemAction = 'add' | 'connect' | 'copy' | 'copy-bpftrace';

export interface Item {
  /** Stable as long as it means the same: the editor keeps what is folded and chosen. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: ItemIcon;
  /** Words by which the manifest's menus know it: `target ssh saved connected`. */
  readonly context: string;
  readonly children: readonly Item[];
  /** Children show from the beginning. */
  readonly open?: boolean;
  readonly action?: ItemAction;
  /** What a screen reader says. */
  readonly spoken: string;
  /** The target it belongs to. */
  readonly target?: string;
  /** A command for a shell of the target. */
  readonly copies?: string;
}

/** The targets, and what to do while there is none but this machine. */
export function itemsOf(rows: readonly TargetRow[]): readonly Item[] {
  if (rows.length === 0) return [];
  const items = rows.map(targetItem);
  return rows.some(({ saved }) => saved) ? items : [...items, ADD];
}

const ADD: Item = {
  id: 'add',
  label: 'Add a Linux host over SSH…',
  tooltip: 'Programs can be checked and run on any Linux host that you reach with ssh.',
  icon: 'add',
  context: 'add',
  children: [],
  action: 'add',
  spoken: 'Add a Linux host over SSH',
};

function targetItem(row: TargetRow): Item {
  const { name, kind, saved, current, state, detail, summary, missing } = row;
  const description = descriptionOf(row);
  return {
    id: `target/${name}`,
    label: name,
    description: current ? `${description} · current` : description,
    tooltip: [`${name}: ${detail}`, ...(summary === '' ? [] : [summary]), ...missing.map(({ title, reason }) => `${title}: ${reason}`), ...(current ? ['Programs are checked and run here.'] : [])].join('\n'),
    icon: iconOf(row),
    context: ['target', kind, state, ...(saved ? ['saved'] : []), current ? 'current' : 'other'].join(' '),
    children: childrenOf(row),
    ...(current ? { open: true } : {}),
    spoken: [name, ...(current ? ['current target'] : []), ...(state === 'connecting' || state === 'new' ? [] : [state]), description].join(', '),
    target: name,
  };
}

function descriptionOf({ state, kind, detail, release, progress, missing }: TargetRow): string {
  if (progress) return progressText(progress);
  if (kind === 'none') return release === undefined ? detail : `${detail}, kernel ${versionOf(release)}`;
  switch (state) {
    case 'new':
      return detail;
    case 'connecting':
      return 'connecting…';
    case 'unusable':
      return 'cannot be used';
    case 'offline':
      return `offline, was ${release ?? ''}`;
    case 'connected':
      return [release ?? '', ...lackText(missing)].join(' · ');
  }
}

/** What nothing runs without is named; how much else there is missing is counted. */
function lackText(missing: readonly Capability[]): string[] {
  const [first] = missing.filter(({ blocks }) => blocks);
  if (first) return [first.title];
  return missing.length > 0 ? [`${missing.length} missing`] : [];
}

/** `reading the kernel, 40 %`. */
export function progressText({ phase, percent }: NonNullable<TargetRow['progress']>): string {
  return percent === undefined ? `${phase}…` : `${phase}, ${percent} %`;
}

function versionOf(release: string): string {
  return /^[\d.]+/.exec(release)?.[0].replace(/\.$/, '') ?? release;
}

function iconOf({ kind, state, current, missing }: TargetRow): ItemIcon {
  if (kind === 'none') return 'none';
  if (state === 'connected' && missing.some(({ blocks }) => blocks)) return 'limited';
  if (state === 'connected') return current ? 'current' : 'connected';
  return state;
}

function childrenOf(row: TargetRow): readonly Item[] {
  const { name, state, summary, about, missing } = row;
  const known = [...missing.map((one) => missingItem(row, one)), ...about.map((fact, n) => factItem(name, fact, String(n)))];
  switch (state) {
    case 'new':
      return [leaf(name, 'connect', 'connect', 'Connect', { action: 'connect' })];
    case 'connecting':
      return known.length > 0 ? known : [leaf(name, 'waiting', 'connecting', row.progress ? progressText(row.progress) : 'connecting…')];
    case 'unusable':
    case 'offline':
      return [
        leaf(name, 'why', 'why', summary, { context: 'why' }),
        leaf(name, 'retry', 'retry', 'Try Again', { action: 'connect' }),
        ...known,
      ];
    case 'connected':
      return known;
  }
}

function factItem(target: string, { name, label, value, parts = [] }: TargetFact, path: string): Item {
  const children = parts.map((part, n) => factItem(target, part, `${path}.${n}`));
  return { ...leaf(target, `about.${path}`, name, label, { description: value }), children };
}

function missingItem({ name, kind }: TargetRow, { name: capability, title, reason, remedy }: Capability): Item {
  const id = `missing.${capability}`;
  const command = remedy?.command;
  const children = [
    ...(remedy ? [leaf(name, `${id}.remedy`, 'remedy', remedy.text)] : []),
    ...(command === undefined ? [] : [leaf(name, `${id}.command`, 'command', command, { description: 'copy', tooltip: `Copies the command: ${command}`, action: 'copy', copies: command, context: 'remedy' })]),
    ...(capability === 'bpftrace' && kind !== 'none' ? [leaf(name, `${id}.copy`, 'copy', 'Copy a bpftrace binary to it…', { action: 'copy-bpftrace' })] : []),
  ];
  const said = [`${title}: ${reason}.`, ...(remedy ? [remedy.text] : []), ...(command === undefined ? [] : [command])];
  return {
    ...leaf(name, id, 'missing', title, { description: reason, tooltip: said.join('\n'), context: command === undefined ? 'missing' : 'missing remedy' }),
    children,
    ...(command === undefined ? {} : { copies: command }),
    spoken: `Missing: ${said.join(' ')}`,
  };
}

type More = Partial<Pick<Item, 'description' | 'tooltip' | 'action' | 'context' | 'copies'>>;

function leaf(target: string, id: string, icon: ItemIcon, label: string, more: More = {}): Item {
  const spoken = more.description === undefined ? label : `${label}: ${more.description}`;
  return { id: `target/${target}/${id}`, label, icon, tooltip: spoken, context: icon, children: [], spoken, target, ...more };
}
