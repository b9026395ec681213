import { list } from './list.js';
import { PREC } from './precedence.js';

const BINARY = [
  ['||', PREC.or],
  ['&&', PREC.and],
  ['|', PREC.bitOr],
  ['^', PREC.bitXor],
  ['&', PREC.bitAnd],
  ['==', PREC.equality],
  ['!=', PREC.equality],
  ['<', PREC.relation],
  ['>', PREC.relation],
  ['<=', PREC.relation],
  ['>=', PREC.relation],
  ['<<', PREC.shift],
  ['>>', PREC.shift],
  ['+', PREC.sum],
  ['-', PREC.sum],
  ['*', PREC.product],
  ['/', PREC.product],
  ['%', PREC.product],
];

/** Expressions, and what closes what is open in them. */
export default {
  /** An expression where one must stand. */
  _value: ($) => choice($._expression, $.missing_expression),

  _close_paren: ($) => choice(')', alias($._missing_paren, $.missing_paren)),

  _close_bracket: ($) => choice(']', alias($._missing_bracket, $.missing_bracket)),

  _expression: ($) => choice($._operand, $.block, $.binary_expression, $.conditional_expression),

  /** What may stand before a block: a condition without parentheses. */
  _operand: ($) =>
    choice($._primary, $.field_expression, $.tuple_access, $.index_expression, $.unary_expression, $.update_expression),

  /** What may stand at either end of a range. */
  _primary: ($) =>
    choice(
      $.identifier,
      $.builtin,
      $.variable,
      $.map,
      $.map_access,
      $.positional_parameter,
      $.positional_count,
      $.integer,
      $.duration,
      $.invalid_number,
      $.boolean,
      $._string,
      $.call_expression,
      $.parenthesized_expression,
      $.tuple,
      $.record,
      $.cast_expression,
      $.sizeof_expression,
      $.offsetof_expression,
      $.typeinfo_expression,
      $.comptime_expression,
      $.if_expression,
    ),

  binary_expression: ($) =>
    choice(
      ...BINARY.map(([operator, precedence]) =>
        prec.left(precedence, seq(field('left', $._expression), field('operator', operator), field('right', $._value))),
      ),
    ),

  conditional_expression: ($) =>
    prec.right(
      PREC.conditional,
      seq(
        field('condition', $._expression),
        '?',
        optional(field('consequence', $._expression)),
        ':',
        field('alternative', $._value),
      ),
    ),

  unary_expression: ($) =>
    prec.right(PREC.unary, seq(field('operator', choice('!', '~', '-', '*', '&')), field('argument', $._operand))),

  update_expression: ($) =>
    choice(
      prec.right(PREC.unary, seq(field('operator', choice('++', '--')), field('argument', $._operand))),
      prec.left(PREC.postfix, seq(field('argument', $._operand), field('operator', choice('++', '--')))),
    ),

  comptime_expression: ($) => prec.right(PREC.unary, seq('comptime', field('value', choice($._operand, $.block)))),

  cast_expression: ($) =>
    prec.dynamic(1, prec(PREC.unary, seq('(', field('type', $._type), ')', field('value', $._operand)))),

  field_expression: ($) =>
    prec(
      PREC.postfix,
      seq(
        field('argument', $._operand),
        field('operator', choice('.', '->')),
        field('field', choice(alias($.identifier, $.field_identifier), $.missing_name)),
      ),
    ),

  tuple_access: ($) => prec(PREC.postfix, seq(field('argument', $._operand), '.', field('index', $.integer))),

  index_expression: ($) =>
    prec(PREC.postfix, seq(field('argument', $._operand), '[', field('index', $._value), $._close_bracket)),

  map_access: ($) =>
    prec(PREC.postfix + 1, seq(field('map', $.map), '[', field('key', list($._value)), $._close_bracket)),

  call_expression: ($) => prec(PREC.postfix, seq(field('function', $._name), field('arguments', $.argument_list))),

  argument_list: ($) =>
    seq('(', optional(seq($._argument, repeat(seq(',', choice($._argument, $.missing_expression))))), $._close_paren),

  _argument: ($) => choice($._expression, $.primitive_type, $.typeof_type),

  parenthesized_expression: ($) => seq('(', $._expression, $._close_paren),

  tuple: ($) =>
    choice(seq('(', ')'), seq('(', $._expression, ',', optional(seq(list($._expression), optional(','))), ')')),

  record: ($) => seq('(', list($.record_field), ')'),

  record_field: ($) => seq(field('name', $._name), '=', field('value', $._value)),

  sizeof_expression: ($) => seq('sizeof', '(', $._type_or_value, ')'),

  typeinfo_expression: ($) => seq('typeinfo', '(', $._type_or_value, ')'),

  offsetof_expression: ($) =>
    seq('offsetof', '(', $._type_or_value, ',', field('member', list(alias($.identifier, $.field_identifier), '.')), ')'),

  if_expression: ($) =>
    prec.right(
      seq(
        'if',
        field('condition', $._operand),
        field('consequence', $.block),
        optional(seq('else', field('alternative', choice($.block, $.if_expression)))),
      ),
    ),
};
