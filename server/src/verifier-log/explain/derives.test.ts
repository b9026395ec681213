import { expect, it } from 'vitest';
import { Code } from './c/code.ts';
import { derivesFrom, rightSide } from './derives.ts';

const source = `static int parse(void *payload, struct q *q)
{
	__u8 *b = payload;
	return b[3] + q->n;
}
int main(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	struct udphdr *udp = data + 34;
	struct q q;
	return parse(udp + 1, &q);
}
`;
const code = new Code(new Map(source.split('\n').map((text, i) => [i + 1, text])), source);

it.each([
  ['b', true],
  ['payload', true],
  ['q', false],
])('%s of line 4 is made from data: %s', (name, expected) => expect(derivesFrom(code, name, 4, new Set(['data']))).toBe(expected));
it('what a variable is given', () => expect(['u64 *v = f(1);', 'v->a = 2;', 'if (v == 3)', 'v += 4'].map((text) => rightSide(text, 'v').trim())).toEqual(['f(1)', '', '', '4']));
