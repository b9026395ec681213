import { parametersOf } from './parameters.ts';
import type { SharedArgument, Spec } from './schema.ts';

/** The specs with a meaning for each parameter that they leave out and whose type is well known. Their own words come first, in the order of the prototype. */
export function withSharedArguments(specs: readonly Spec[], shared: readonly SharedArgument[]): Spec[] {
  const known = new Map(shared.map(({ type, name, ...value }) => [keyOf(type, name), value]));
  return specs.map((spec) => {
    const own = new Map(spec.args.map((arg) => [arg.name, arg]));
    const given = parametersOf(spec.proto).flatMap(({ type, name }) => {
      const said = own.get(name);
      if (said) return [said];
      const value = known.get(keyOf(type, name)) ?? known.get(keyOf(type, undefined));
      return value && name !== '' ? [{ name, ...value }] : [];
    });
    const listed = new Set(given.map((arg) => arg.name));
    return { ...spec, args: [...given, ...spec.args.filter((arg) => !listed.has(arg.name))] };
  });
}

function keyOf(type: string, name: string | undefined): string {
  return `${type}\0${name ?? ''}`;
}
