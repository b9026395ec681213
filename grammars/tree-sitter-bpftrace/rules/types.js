import { PREC } from './precedence.js';

/** Types that the language knows by itself. */
const TYPES = [
  'void', 'bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'string', 'inet', 'buffer',
  'timestamp', 'macaddr_t', 'cgroup_path_t', 'strerror_t', 'min_t', 'max_t', 'sum_t', 'count_t', 'avg_t', 'stats_t',
  'umin_t', 'umax_t', 'usum_t', 'ucount_t', 'uavg_t', 'ustats_t',
];

/** Types as casts, declarations and `sizeof` name them. */
export default {
  _type: ($) =>
    choice($.primitive_type, alias($.identifier, $.type_identifier), $.struct_type, $.pointer_type, $.array_type, $.typeof_type),

  /** A type that cannot be taken for an expression: a name alone is one. */
  _certain_type: ($) => choice($.primitive_type, $.struct_type, $.pointer_type, $.array_type, $.typeof_type),

  _type_or_value: ($) => choice(field('type', $._certain_type), field('value', $._expression)),

  primitive_type: () => choice(...TYPES),

  struct_type: ($) =>
    seq(field('kind', choice('struct', 'union', 'enum')), field('name', alias($.identifier, $.type_identifier))),

  pointer_type: ($) => prec(PREC.postfix, seq(field('type', $._type), '*')),

  array_type: ($) => prec(PREC.postfix, seq(field('type', $._type), '[', optional(field('size', $.integer)), ']')),

  typeof_type: ($) => seq('typeof', '(', $._type_or_value, ')'),
};
