import { describe, expect, it } from 'vitest';
import { isRootRefused, needsRoot, SudoWantsPassword } from './root-failures.ts';

describe('why root could not be had', () => {
  // What sudo 1.9.13 and opendoas 6.8.2 print on standard error, without a terminal.
  it.each([
    ['sudo: a password is required\n', 'sudo wants a password, and none was given (sudo: a password is required). Connect where Kgent can ask for it, connect as root, or allow the user to run sudo without a password.'],
    ['KGENT-PASSWORD:Sorry, try again.\nKGENT-PASSWORD:\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n', 'the password for sudo was wrong (sudo: no password was provided sudo: 1 incorrect password attempt). Try again with the right one.'],
    ['sudo: unable to resolve host vm: Name or service not known\nKGENT-PASSWORD:dev is not in the sudoers file.\n', 'sudo does not let this user become root (dev is not in the sudoers file.). Connect as root or as a user who may, or allow it on the host: visudo'],
    ["KGENT-PASSWORD:Sorry, user dev is not allowed to execute '/bin/sh -c x' as root on vm.\n", "sudo does not let this user become root (Sorry, user dev is not allowed to execute '/bin/sh -c x' as root on vm.). Connect as root or as a user who may, or allow it on the host: visudo"],
    ['Sorry, user dev may not run sudo on vm.\n', 'sudo does not let this user become root (Sorry, user dev may not run sudo on vm.). Connect as root or as a user who may, or allow it on the host: visudo'],
    ['sudo: sorry, you must have a tty to run sudo\n', "sudo wants a terminal there (sudo: sorry, you must have a tty to run sudo). Take 'requiretty' out of the host's sudoers for this user, or connect as root."],
    ['doas: Authentication required\n', "doas wants a password, which it takes from a terminal only (doas: Authentication required). Give the user 'nopass' in the host's doas.conf, or connect as root."],
    ['doas: Operation not permitted\n', "doas does not let this user become root (doas: Operation not permitted). Allow it in the host's doas.conf with nopass, or connect as root."],
    ['kgent: neither sudo nor doas\n', 'the host has neither sudo nor doas. Connect as root, or install one of them and allow the user to run it without a password.'],
    ['sudo: error initializing audit plugin sudoers_audit\n', 'sudo refused (sudo: error initializing audit plugin sudoers_audit). Connect as root, or allow the user to run sudo without a password.'],
  ])('%j', (said, meaning) => {
    expect(isRootRefused(said)).toBe(true);
    expect(needsRoot(said, true)).toEqual({ kind: 'failed', reason: 'needs-root', message: `This needs root, and ${meaning}` });
  });
  it('a password may help only where none was tried', () => {
    expect(needsRoot('sudo: a password is required\n', false).cause).toBeInstanceOf(SudoWantsPassword);
    expect(needsRoot('dev is not in the sudoers file.\n', false).cause).toBeUndefined();
  });
  it('what a host says is made fit for a terminal', () => expect(needsRoot('sudo: \u001b[31mred\u0007\n', true).message).toContain('(sudo: \\x1b[31mred\\x07)'));
});
