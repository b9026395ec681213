import { expect, it } from 'vitest';
import { withProto } from './with-proto.mjs';

const proto = () => 'int f(const char *s)';

it('only the prototype of a line changes', () => {
  const line = '{"id":"kprobe:f",  "kind": "attach-point","proto": "old \\"f\\"" ,"meaning":"the \\"proto\\": \\"x\\" is é"}';
  expect(withProto(line, proto)).toBe('{"id":"kprobe:f",  "kind": "attach-point","proto": "int f(const char *s)" ,"meaning":"the \\"proto\\": \\"x\\" is é"}');
});

it('a prototype that is missing stands behind the kind', () => {
  expect(withProto('{"id": "f", "kind": "kfunc", "summary": "x"}', proto)).toBe('{"id": "f", "kind": "kfunc", "proto": "int f(const char *s)", "summary": "x"}');
});

it('what has its prototype already keeps its bytes', () => {
  const line = '{"id":"tracepoint:a:b","kind":"attach-point","proto":"int\\u0020f(const char *s)"}';
  expect(withProto(line, proto)).toBe(line);
});

it.each(['', 'no JSON', '{"id":"bpf_map_lookup_elem","kind":"helper","proto":"int"}', '{"type":"struct sock *"}'])('%s is left alone', (line) => {
  expect(withProto(line, proto)).toBe(line);
});

it('what no kernel has is told', () => {
  expect(withProto('{"id":"kprobe:f","kind":"attach-point","proto":""}', () => undefined)).toBe('unknown');
});
