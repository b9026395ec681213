import type { BtFunction } from '../../catalogue.ts';
import { literal, optional, param } from './params.ts';

const n = param('value', 'integer');

/** What is assigned to a map and keeps something of all values assigned so far. */
export const aggregations: readonly BtFunction[] = [
  { name: 'count', use: 'map-value', overloads: [{ params: [], returns: 'count' }], example: '@ = count();', summary: 'Counts how often it is reached. Kept per CPU: exact and cheap, unlike `++`, which loses counts between CPUs.' },
  { name: 'sum', use: 'map-value', overloads: [{ params: [n], returns: 'sum' }], example: '@ = sum(1);', summary: 'Adds values up. Signed or unsigned as the value is; a negative error number spoils the total.' },
  { name: 'avg', use: 'map-value', overloads: [{ params: [n], returns: 'avg' }], example: '@ = avg(1);', summary: 'Average of values, as a whole number. Says little about skewed values such as latencies: see `hist`.' },
  { name: 'min', use: 'map-value', overloads: [{ params: [n], returns: 'min' }], example: '@ = min(1);', summary: 'Smallest value so far.' },
  { name: 'max', use: 'map-value', overloads: [{ params: [n], returns: 'max' }], example: '@ = max(1);', summary: 'Largest value so far: the cheapest way to see outliers.' },
  { name: 'stats', use: 'map-value', overloads: [{ params: [n], returns: 'stats' }], example: '@ = stats(1);', summary: 'Count, average and total of values at once.' },
  {
    name: 'hist', use: 'map-value', example: '@ = hist(1);',
    overloads: [{ params: [n], returns: 'hist' }, { params: [n, optional(literal('bits', 'integer'))], since: [0, 20], returns: 'hist' }],
    summary: 'Histogram whose steps double: for latencies and sizes over many orders of magnitude. `bits` (0 to 5) divides each step further.',
    caveat: 'All negative values fall into one bucket.',
  },
  {
    name: 'lhist', use: 'map-value', example: '@ = lhist(1, 0, 100, 10);',
    overloads: [{ params: [n, literal('min', 'integer'), literal('max', 'integer'), literal('step', 'integer')], returns: 'lhist' }],
    summary: 'Histogram with steps of equal size between `min` and `max`; what lies outside is counted at the ends.',
    caveat: 'At most 1000 steps.',
  },
  {
    name: 'tseries', use: 'map-value', since: [0, 24], instead: 'print(@map) in an interval probe', example: '@ = tseries(1, 1s, 10);',
    overloads: [{ params: [n, literal('interval', 'integer'), literal('intervals', 'integer'), optional(literal('aggregation', 'string'))], returns: 'tseries' }],
    summary: 'Series of values over time: one per interval of the length given, keeping the last `intervals`; in each interval the last value, or the "avg", "max", "min" or "sum".',
    caveat: 'Unstable: warns unless `unstable_tseries=enable` is set.',
  },
];
