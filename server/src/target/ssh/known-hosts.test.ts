import { describe, expect, it } from 'vitest';
import { authoritiesFor, fingerprint, hostKeyName, judgeHostKey, knownHostLine, knownKeyTypes, parseKnownHosts, typeOfKey } from './known-hosts.ts';

// Made with ssh-keygen; the fingerprints and the hashed lines are what it printed (OpenSSH 9.2).
const ED = 'AAAAC3NzaC1lZDI1NTE5AAAAIDQcMQ9taU8GAqS8B6M76vb03hHOlmzXdVmkcAhypt0M';
const ED2 = 'AAAAC3NzaC1lZDI1NTE5AAAAID2vToj5LDhtScqsIhaavEV5+7461h7xTkL1wLe4bx34';
const EC = 'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBE1SkhxGHtjRRTAU9tnEgCs09mXrMMApEKGqe+YDKdWehSSIC5bxxKDe1iejL02GRl5Zo1bM1GiXiK6nsu5LHJI=';
const HASHED = `|1|UkdvE59CaiK97HTy6jcxsksy2yQ=|LnaLyFlVvgfnG7tuPcYsxPLjJeM= ssh-ed25519 ${ED}
|1|IQDhCK9BsZk5yB7VII0KOCluSAA=|aovGkFVdbtVPAEUccX3u8cjUjyo= ssh-ed25519 ${ED}
`;

const blob = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** The verdict for a key of `name` under a known_hosts text; `changed` and `revoked` with their line. */
function check(text: string, name: string, key: string): string {
  const verdict = judgeHostKey(parseKnownHosts(text, '/kh'), name, blob(key));
  return verdict.kind === 'changed' || verdict.kind === 'revoked' ? `${verdict.kind} ${verdict.entry.file}:${verdict.entry.line}` : verdict.kind;
}

describe('keys', () => {
  it('knows a type and a fingerprint as ssh-keygen prints it', () => {
    expect([ED, ED2, EC].map((key) => [typeOfKey(blob(key)), fingerprint(blob(key))])).toEqual([
      ['ssh-ed25519', 'SHA256:eqhb8tWj1gvzQwAaDY3Lbt6FsFp9atmko9EPlmuMtI0'],
      ['ssh-ed25519', 'SHA256:H2NPp4W0gOurUJNGcAC2rrA6/ql9FoBchbgAogIFH68'],
      ['ecdsa-sha2-nistp256', 'SHA256:X/LeDQW3OGPOLwae73KNaRwg5SKIu39qPvq27UvZ0fM'],
    ]);
  });
  it('a broken blob has no type', () => {
    expect(typeOfKey(Buffer.from(''))).toBe('');
    expect(typeOfKey(Buffer.from([255, 255, 255, 255, 65]))).toBe('A');
  });
});

describe('names', () => {
  it.each([
    ['plain', `web ssh-ed25519 ${ED}`, 'web', 'known'],
    ['plain, comment behind', `web ssh-ed25519 ${ED} root@web, the old one`, 'web', 'known'],
    ['tabs and leading blanks', `  \tweb\tssh-ed25519\t${ED}`, 'web', 'known'],
    ['CRLF', `web ssh-ed25519 ${ED}\r\n`, 'web', 'known'],
    ['another host', `web ssh-ed25519 ${ED}`, 'db', 'unknown'],
    ['one of several', `web,192.0.2.7,web.example.com ssh-ed25519 ${ED}`, '192.0.2.7', 'known'],
    ['upper case in the file', `WEB.Example.com ssh-ed25519 ${ED}`, 'web.example.com', 'known'],
    ['star', `*.example.com ssh-ed25519 ${ED}`, 'web.example.com', 'known'],
    ['star does not match the bare domain', `*.example.com ssh-ed25519 ${ED}`, 'example.com', 'unknown'],
    ['question mark is one character', `web? ssh-ed25519 ${ED}`, 'web1', 'known'],
    ['question mark is not none', `web? ssh-ed25519 ${ED}`, 'web', 'unknown'],
    ['dot is a dot', `a.b ssh-ed25519 ${ED}`, 'axb', 'unknown'],
    ['negated', `*.example.com,!bad.example.com ssh-ed25519 ${ED}`, 'bad.example.com', 'unknown'],
    ['negated alone matches nothing', `!bad ssh-ed25519 ${ED}`, 'web', 'unknown'],
    ['port belongs to the name', `[web]:2222 ssh-ed25519 ${ED}`, '[web]:2222', 'known'],
    ['another port', `[web]:2222 ssh-ed25519 ${ED}`, '[web]:2223', 'unknown'],
    ['port, but asked without', `[web]:2222 ssh-ed25519 ${ED}`, 'web', 'unknown'],
    ['star with port', `[*.example.com]:2222 ssh-ed25519 ${ED}`, '[web.example.com]:2222', 'known'],
    ['IPv6', `2001:db8::7 ssh-ed25519 ${ED}`, '2001:db8::7', 'known'],
    ['hashed', HASHED, 'example.com', 'known'],
    ['hashed with port', HASHED, '[example.com]:2222', 'known'],
    ['hashed, another', HASHED, 'example.org', 'unknown'],
    ['hashed, broken salt', `|1|x ssh-ed25519 ${ED}`, 'example.com', 'unknown'],
    ['hashed, unknown scheme', HASHED.replaceAll('|1|', '|2|'), 'example.com', 'unknown'],
    ['commented out', `# web ssh-ed25519 ${ED}`, 'web', 'unknown'],
    ['empty', '', 'web', 'unknown'],
  ])('%s', (_what, text, name, expected) => expect(check(text, name, ED)).toBe(expected));

  it('has the name for a port', () => {
    expect([hostKeyName('Web', 22), hostKeyName('Web', 2222), hostKeyName('::1', 22), hostKeyName('::1', 2222)]).toEqual(['web', '[web]:2222', '::1', '[::1]:2222']);
  });
});

describe('verdicts', () => {
  it.each([
    ['same type, other key', `# first\n\nweb ssh-ed25519 ${ED2}`, ED, 'changed /kh:3'],
    ['other type only', `web ecdsa-sha2-nistp256 ${EC}`, ED, 'changed /kh:1'],
    ['names the line of the same type', `web ecdsa-sha2-nistp256 ${EC}\nweb ssh-ed25519 ${ED2}`, ED, 'changed /kh:2'],
    ['one of several keys', `web ssh-ed25519 ${ED2}\nweb ssh-ed25519 ${ED}`, ED, 'known'],
    ['revoked', `@revoked web ssh-ed25519 ${ED}`, ED, 'revoked /kh:1'],
    ['revoked beats known', `web ssh-ed25519 ${ED}\n@revoked * ssh-ed25519 ${ED}`, ED, 'revoked /kh:2'],
    ['another key revoked', `@revoked web ssh-ed25519 ${ED2}`, ED, 'unknown'],
    ['revoked for another host', `@revoked db ssh-ed25519 ${ED}`, ED, 'unknown'],
    ['a certificate authority is no host key', `@cert-authority web ssh-ed25519 ${ED}`, ED, 'unknown'],
    ['a certificate authority does not make a change', `@cert-authority web ssh-ed25519 ${ED2}`, ED, 'unknown'],
    ['an unknown marker', `@trusted web ssh-ed25519 ${ED}`, ED, 'unknown'],
    ['the type must be the key’s', `web ssh-rsa ${ED}`, ED, 'unknown'],
    ['a broken key', 'web ssh-ed25519 AAAA', ED, 'unknown'],
    ['too few words', 'web ssh-ed25519', ED, 'unknown'],
    ['RSA of protocol 1', 'web 1024 35 1234567890', ED, 'unknown'],
    ['binary rubbish', '\u0000\u0001\ufffd web', ED, 'unknown'],
  ])('%s', (_what, text, key, expected) => expect(check(text, 'web', key)).toBe(expected));

  it('tells of the authorities for a host, but not of revoked ones', () => {
    const entries = parseKnownHosts(`@cert-authority *.corp ssh-ed25519 ${ED2}\n@cert-authority web.corp ssh-ed25519 ${ED}\n@revoked web.corp ssh-ed25519 ${ED}`, '/kh');
    expect(authoritiesFor(entries, ['web.corp', 'web'])).toMatchObject([{ file: '/kh', line: 1 }]);
    expect(authoritiesFor(entries, ['db'])).toEqual([]);
  });
  it('tells which types are known', () => {
    const text = `web ecdsa-sha2-nistp256 ${EC}\nweb ssh-ed25519 ${ED}\nweb ssh-ed25519 ${ED2}\n@revoked web ssh-ed25519 ${ED2}\ndb ssh-ed25519 ${ED}`;
    const entries = parseKnownHosts(text, '/kh');
    expect([knownKeyTypes(entries, 'web'), knownKeyTypes(entries, 'db'), knownKeyTypes(entries, 'x')]).toEqual([['ecdsa-sha2-nistp256', 'ssh-ed25519'], ['ssh-ed25519'], []]);
  });
});

describe('recording', () => {
  it.each([false, true])('what is written is known afterwards (hashed: %s)', (hashed) => {
    const line = knownHostLine('[web]:2222', blob(ED), hashed);
    expect(line.endsWith('\n')).toBe(true);
    expect(line.includes('web')).toBe(!hashed);
    expect([check(line, '[web]:2222', ED), check(line, 'web', ED)]).toEqual(['known', 'unknown']);
  });
});
