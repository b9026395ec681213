/**
 * The bpftrace language, versions 0.17 to 0.27: the union of what they read. Which version has what is a question for
 * the analysis, not for the grammar.
 *
 * Three things need the scanner (src/scanner.c): the parts of an attach point, the `/` that ends a predicate, and what
 * stands in for something that is missing, so that the rest of the file is understood. A program with one of the nodes
 * `missing_*`, `unterminated_*` or `invalid_*` is no more valid than one with an ERROR node.
 */

import expressions from './rules/expressions.js';
import items from './rules/items.js';
import literals from './rules/literals.js';
import preamble from './rules/preamble.js';
import statements from './rules/statements.js';
import types from './rules/types.js';

export default grammar({
  name: 'bpftrace',

  word: ($) => $.identifier,

  extras: ($) => [/[\s\uFEFF]/, $.line_comment, $.block_comment, $.contract_comment, $.unterminated_comment],

  externals: ($) => [
    $.attach_point_part,
    $._predicate_end,
    $._trailing_comma,
    $.unterminated_string,
    $.unterminated_comment,
    $._missing_start,
    $._missing_end,
    $._missing_semicolon,
    $._missing_paren,
    $._missing_bracket,
    $.missing_expression,
    $.missing_name,
    $._item_start,
    $._attach_point_start,
    $._in_string,
    $._error_sentinel,
  ],

  conflicts: ($) => [
    // `(name) …` may be a cast, `(name * …` and `(name[ …` may begin one.
    [$._primary, $._type],
    // `DECLARE(…` and `int (*…`
    [$._c_type, $.macro_invocation],
  ],

  supertypes: ($) => [$._expression, $._type],

  inline: ($) => [$._name, $._value, $._close_paren, $._close_bracket],

  rules: { ...items, ...statements, ...expressions, ...types, ...literals, ...preamble },
});
