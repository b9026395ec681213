import type { Accepts, Param } from '../../catalogue.ts';

/** Makers of the parameters that recur in the tables. */
export function param(name: string, ...accepts: Accepts[]): Param {
  return { name, accepts };
}
export function literal(name: string, ...accepts: Accepts[]): Param {
  return { name, accepts, literal: true };
}
export function optional(of: Param): Param {
  return { ...of, optional: true };
}

export const format = literal('format', 'string');
export const map = param('map', 'map');
export const key = param('key', 'key');
