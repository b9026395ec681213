import type { LogMark } from '../messages.ts';

/** A role's sign and name: colour alone tells not everybody. */
export const ROLES: Readonly<Record<LogMark['role'], { readonly sign: string; readonly name: string }>> = {
  established: { sign: '✓', name: 'Established' },
  passed: { sign: '→', name: 'On the way' },
  lost: { sign: '✗', name: 'Lost' },
  cause: { sign: '◆', name: 'Missing' },
  needed: { sign: '!', name: 'Needed' },
};
