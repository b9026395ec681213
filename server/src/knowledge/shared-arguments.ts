import { parametersOf, type Parameter } from './parameters.ts';
import type { SharedArgument, Spec } from './schema.ts';

/** The specs with a meaning for each parameter that they leave out and that is well known. Their own words come first, in the order of the prototype. */
export function withSharedArguments(specs: readonly Spec[], shared: readonly SharedArgument[]): Spec[] {
  const known = new Map<string, Known[]>();
  for (const { in: within = '', type, name, ...value } of shared) {
    const key = keyOf(type, name);
    known.set(key, [...(known.get(key) ?? []), { within, value }]);
  }
  return specs.map((spec) => {
    const own = new Map(spec.args.map((arg) => [arg.name, arg]));
    const given = parametersOf(spec.proto).flatMap((parameter) => {
      const said = own.get(parameter.name);
      if (said) return [said];
      const value = valueOf(parameter, spec.id, known);
      return value ? [{ name: parameter.name, ...value }] : [];
    });
    const listed = new Set(given.map((arg) => arg.name));
    return { ...spec, args: [...given, ...spec.args.filter((arg) => !listed.has(arg.name))] };
  });
}

interface Known {
  /** Ids begin so. */
  readonly within: string;
  readonly value: Omit<SharedArgument, 'in' | 'type' | 'name'>;
}

/** The most particular: of the narrowest circle of ids, then by type and name, by name, by type. */
function valueOf({ type, name }: Parameter, id: string, known: ReadonlyMap<string, readonly Known[]>): Known['value'] | undefined {
  if (name === '') return undefined;
  const keys = [keyOf(type, name), keyOf(undefined, name), keyOf(type, undefined)];
  const fitting = keys.flatMap((key) => known.get(key) ?? []).filter(({ within }) => id.startsWith(within));
  return fitting.reduce<Known | undefined>((best, other) => (other.within.length > (best?.within.length ?? -1) ? other : best), undefined)?.value;
}

function keyOf(type: string | undefined, name: string | undefined): string {
  return `${type ?? ''}\0${name ?? ''}`;
}
