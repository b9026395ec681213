/** One or more of a rule, with something between them. */
export const list = (rule, separator = ',') => seq(rule, repeat(seq(separator, rule)));
