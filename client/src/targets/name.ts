/** A name for a destination, as one would choose it: the host without its domain. */
export function nameFor(destination: string, taken: readonly string[]): string {
  const host = destination.replace(/^ssh:\/\//i, '').replace(/^.*@/, '').replace(/^\[|\].*$/g, '').replace(/\/$/, '');
  const isAddress = /^[\d.]+(?::\d*)?$/.test(host) || host.split(':').length > 2;
  const short = isAddress ? host.replace(/^([\d.]+):\d*$/, '$1') : (host.split(/[.:]/)[0] ?? '');
  const name = short.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'host';
  const free = [name, ...Array.from({ length: taken.length + 1 }, (_, n) => `${name}-${n + 2}`)];
  return free.find((one) => !taken.includes(one)) ?? name;
}
