import { PREC } from './precedence.js';

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='];

/** Blocks and what stands in them. */
export default {
  block: ($) => seq('{', $._block_rest),

  /** A probe's block without its first brace. */
  _open_block: ($) => seq(alias($._missing_start, $.missing_open_brace), $._block_rest),

  _block_rest: ($) =>
    seq(repeat($._statement), optional($._simple_statement), choice('}', alias($._missing_end, $.missing_brace))),

  _statement: ($) =>
    choice(seq($._simple_statement, choice(';', alias($._missing_semicolon, $.missing_semicolon))), $._compound_statement),

  _simple_statement: ($) =>
    choice(
      $.assignment,
      $.variable_declaration,
      $.discard_statement,
      $.break_statement,
      $.continue_statement,
      $.return_statement,
      $.expression_statement,
    ),

  _compound_statement: ($) =>
    choice(
      prec(PREC.statement, alias($.if_expression, $.if_statement)),
      prec(PREC.statement, $.block),
      $.while_statement,
      $.unroll_statement,
      $.for_statement,
      $.import_statement,
      $.empty_statement,
    ),

  empty_statement: () => ';',

  expression_statement: ($) => $._expression,

  assignment: ($) =>
    seq(field('left', $._target), field('operator', choice(...ASSIGNMENTS)), field('right', $._value)),

  _target: ($) => choice($.variable, $.map, $.map_access, $.field_expression, $.tuple_access, $.index_expression),

  discard_statement: ($) => seq('_', '=', field('value', $._value)),

  variable_declaration: ($) =>
    seq(
      'let',
      field('name', $.variable),
      optional(seq(':', field('type', $._type))),
      optional(seq('=', field('value', $._value))),
    ),

  break_statement: () => 'break',
  continue_statement: () => 'continue',
  return_statement: ($) => prec.right(seq('return', optional(field('value', $._expression)))),

  while_statement: ($) => seq('while', field('condition', $._operand), field('body', $.block)),

  unroll_statement: ($) => seq('unroll', field('count', $._operand), field('body', $.block)),

  for_statement: ($) => seq('for', choice(seq('(', $._for_head, $._close_paren), $._for_head), field('body', $.block)),

  _for_head: ($) => seq(field('variable', $.variable), ':', field('iterable', choice($.range, $._primary))),

  range: ($) => seq(field('start', $._primary), '..', field('end', choice($._primary, $.missing_expression))),
};
