import { printable, shorten } from '../base/text.ts';
import { NO_ROOT_TOOL, PASSWORD_PROMPT } from './supervisor.ts';
import type { Failed } from './target.ts';

/** Cause of a failure that a password may help against. */
export class SudoWantsPassword extends Error {}

/** What sudo 1.9 and doas 6.8 say, and what it means. `{}` stands for their own words. */
const SAYINGS: readonly (readonly [RegExp, string])[] = [
  [/not in the sudoers file|may not run sudo|is not allowed to (execute|run)/, 'sudo does not let this user become root ({}). Connect as root or as a user who may, or allow it on the host: visudo'],
  [/incorrect password attempt|Authentication fail/i, 'the password for sudo was wrong ({}). Try again with the right one.'],
  [/a password is required|no password was provided/, 'sudo wants a password, and none was given ({}). Connect where Kgent can ask for it, connect as root, or allow the user to run sudo without a password.'],
  [/must have a tty|a terminal is required/, "sudo wants a terminal there ({}). Take 'requiretty' out of the host's sudoers for this user, or connect as root."],
  [/no answer within/, 'sudo did not answer ({}). It may be waiting for a directory server (LDAP, SSSD); connect as root, or try again.'],
  [/doas: Authentication required|doas: a tty is required/i, "doas wants a password, which it takes from a terminal only ({}). Give the user 'nopass' in the host's doas.conf, or connect as root."],
  [/\bdoas: /, 'doas does not let this user become root ({}). Allow it in the host\'s doas.conf with nopass, or connect as root.'],
  [new RegExp(NO_ROOT_TOOL), 'the host has neither sudo nor doas. Connect as root, or install one of them and allow the user to run it without a password.'],
];

/** A line of sudo or doas. */
const OWN_WORDS = /\b(sudo|sudoers|doas)\b|\bSorry, user /;

/** Root was needed and could not be had; `said` is what the host printed. */
export function needsRoot(said: string, asked: boolean): Failed {
  const lines = said.replaceAll(PASSWORD_PROMPT, '').split('\n').map((line) => line.trim());
  // What login scripts print may stand before it, and sudo's remark on a host name that it cannot look up.
  const words = printable(shorten(lines.filter((line) => OWN_WORDS.test(line) && !/unable to resolve host/.test(line)).slice(-2).join(' '), 300));
  const meaning = SAYINGS.find(([pattern]) => pattern.test(said))?.[1] ?? 'sudo refused ({}). Connect as root, or allow the user to run sudo without a password.';
  const wantsPassword = !asked && /a password is required/.test(said);
  return {
    kind: 'failed',
    reason: 'needs-root',
    message: `This needs root, and ${meaning.replace('{}', () => words || 'it said nothing')}`,
    ...(wantsPassword ? { cause: new SudoWantsPassword(words) } : {}),
  };
}

/** True when the words before the supervisor's start are those of a refused root. */
export function isRootRefused(said: string): boolean {
  return OWN_WORDS.test(said);
}
