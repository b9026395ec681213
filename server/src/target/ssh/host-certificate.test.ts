import { describe, expect, it } from 'vitest';
import { certificateAlgorithms, objection, parseCertificate } from './host-certificate.ts';

// ssh-keygen -s ca -I 'the host' -h -n web.example,*.corp -V 20260101:20270101 host.pub, with throw-away keys.
const CERTIFICATE = Buffer.from('AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIC77bNpYwJg/b9XWtFB76F2Lv7VQ1JQ8kG3iwufmBsGEAAAAIGv2YnT0mlsBrdc548q5YADOCVtHcfdApm4Dp4xc7ZJuAAAAAAAAAAAAAAACAAAACHRoZSBob3N0AAAAGQAAAAt3ZWIuZXhhbXBsZQAAAAYqLmNvcnAAAAAAaVW5AAAAAABrNuyAAAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDwuN4Mf8JdR4grhxs+CZ2WM8A3qHEJ0gv+mcseHVEf8gAAAFMAAAALc3NoLWVkMjU1MTkAAABA2fPOlnqGEnItUbehMVRpzp6ET7S/iqimk/PLExIGddeBM4ZPdXF6LddKQCxQuDZ4DldkzndH4AN7vb//2ZbxCw==', 'base64');
const KEY = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIGv2YnT0mlsBrdc548q5YADOCVtHcfdApm4Dp4xc7ZJu', 'base64');
const AUTHORITY = 'AAAAC3NzaC1lZDI1NTE5AAAAIPC43gx/wl1HiCuHGz4JnZYzwDeocQnSC/6Zyx4dUR/y';
const expected = { key: KEY, host: 'web.example', now: Date.UTC(2026, 5, 1) / 1000, authorities: [AUTHORITY] };
const judge = (blob: Buffer, more: Partial<typeof expected> = {}): string | undefined => {
  const certificate = parseCertificate(blob);
  return certificate ? objection(certificate, { ...expected, ...more }) : 'no certificate';
};

describe('a certificate of a host key', () => {
  it('vouches for its key, its names and its time', () => {
    expect(judge(CERTIFICATE)).toBeUndefined();
    expect(judge(CERTIFICATE, { host: 'a.corp' })).toBeUndefined();
    expect(judge(CERTIFICATE, { host: 'web' })).toBe('it is for other names (the host: web.example, *.corp)');
    expect(judge(CERTIFICATE, { now: Date.UTC(2025, 5, 1) / 1000 })).toBe('it is not valid yet');
    expect(judge(CERTIFICATE, { now: Date.UTC(2027, 5, 1) / 1000 })).toBe('it is no longer valid');
    expect(judge(CERTIFICATE, { key: Buffer.from(AUTHORITY, 'base64') })).toBe('it is for another key');
    expect(judge(CERTIFICATE, { authorities: [] })).toBe('another authority signed it');
  });
  it('with any one bit changed, or cut off anywhere, vouches for nothing and never throws', () => {
    for (let bit = 0; bit < CERTIFICATE.length * 8; bit++) {
      const changed = Buffer.from(CERTIFICATE);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(judge(changed), `bit ${bit}`).toBeDefined();
    }
    for (let length = 0; length < CERTIFICATE.length; length++) expect(judge(CERTIFICATE.subarray(0, length)), `${length} bytes`).toBeDefined();
  });
  it('is asked for in the ways that suit the key', () => {
    expect(certificateAlgorithms('ssh-rsa')).toEqual(['rsa-sha2-512-cert-v01@openssh.com', 'rsa-sha2-256-cert-v01@openssh.com']);
    expect(certificateAlgorithms('ssh-ed25519')).toEqual(['ssh-ed25519-cert-v01@openssh.com']);
    expect(certificateAlgorithms('ssh-dss')).toEqual([]);
  });
});
