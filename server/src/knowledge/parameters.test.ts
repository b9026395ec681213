import { expect, it } from 'vitest';
import { parametersOf } from './parameters.ts';

const read = (proto: string): string[] => parametersOf(proto).map(({ type, name }) => `${type} | ${name}`);

it.each([
  ['int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)', ['struct sock * | sk', 'struct sockaddr * | uaddr', 'int | addr_len']],
  ['void synchronize_rcu(void)', []],
  ['int printk(const char *fmt, ...)', ['const char * | fmt']],
  ['int walk(struct page **pages, int (*fn)(struct page *, void *), void *data)', ['struct page ** | pages', 'int (*)(struct page *, void *) | fn', 'void * | data']],
  ['long id; unsigned long args[6]', ['long | id', 'unsigned long[6] | args']],
  ['char comm[16]; pid_t pid;', ['char[16] | comm', 'pid_t | pid']],
  ['unsigned int | x', ['unsigned int | | x']],
  ['', []],
  ['f(', ['f( | ']],
])('%j', (proto, expected) => {
  expect(read(proto)).toEqual(expected);
});
