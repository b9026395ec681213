// The tokens that need more than a regular expression. No state is kept between them.
#include "tree_sitter/parser.h"

#include <string.h>

// In the order of `externals` in grammar.js.
enum TokenType {
  ATTACH_POINT_PART,
  PREDICATE_END,
  TRAILING_COMMA,
  UNTERMINATED_STRING,
  UNTERMINATED_COMMENT,
  // What stands in for something missing: the `{` of a probe, a closing `}`, a block or the `/` of a predicate, `;`, `)`, `]`, an expression, a field's name.
  MISSING_START,
  MISSING_END,
  MISSING_SEMICOLON,
  MISSING_PAREN,
  MISSING_BRACKET,
  MISSING_EXPRESSION,
  MISSING_NAME,
  // Told where a new item begins in the midst of another: the parser drops what it has of that other one.
  ITEM_START,
  // Valid where an attach point may begin.
  ATTACH_POINT_START,
  // Valid inside a string, where nothing else begins.
  IN_STRING,
  // Valid only after a syntax error, when everything is.
  ERROR_SENTINEL,
};

void *tree_sitter_bpftrace_external_scanner_create(void) { return NULL; }
void tree_sitter_bpftrace_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_bpftrace_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_bpftrace_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool is_space(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xFEFF; }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_name_start(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_name(int32_t c) { return is_name_start(c) || is_digit(c); }
static bool is_line_end(TSLexer *lexer) { return lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->eof(lexer); }

static bool one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (strcmp(word, *words) == 0) return true;
  }
  return false;
}

static bool found(TSLexer *lexer, enum TokenType type) {
  lexer->result_symbol = type;
  return true;
}

static void skip_blanks(TSLexer *lexer) {
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t') advance(lexer);
}

// Past white space and comments. True when it ends behind a `/` that begins no comment.
static bool skip_layout(TSLexer *lexer) {
  for (;;) {
    while (is_space(lexer->lookahead)) advance(lexer);
    if (lexer->lookahead != '/') return false;
    advance(lexer);
    if (lexer->lookahead == '/') {
      while (!is_line_end(lexer)) advance(lexer);
    } else if (lexer->lookahead == '*') {
      advance(lexer);
      int32_t last = 0;
      while (!lexer->eof(lexer) && !(last == '*' && lexer->lookahead == '/')) {
        last = lexer->lookahead;
        advance(lexer);
      }
      advance(lexer);
    } else {
      return true;
    }
  }
}

// -- Attach points and predicates

// What a part of an attach point ends with, when it stands in no quotes.
static bool ends_part(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_space(c) || c == ':' || c == ',' || c == '{' || c == '}' || c == ';' || lexer->eof(lexer);
}

static void scan_quoted(TSLexer *lexer) {
  advance(lexer);
  while (!is_line_end(lexer) && lexer->lookahead != '"') {
    if (lexer->lookahead == '\\') advance(lexer);
    if (!is_line_end(lexer)) advance(lexer);
  }
  if (lexer->lookahead == '"') advance(lexer);
}

// A part goes on to the next space or colon, slashes included. Old versions allow blanks around a `+`.
static bool scan_part(TSLexer *lexer) {
  for (;;) {
    while (!ends_part(lexer)) {
      if (lexer->lookahead == '"') {
        scan_quoted(lexer);
        continue;
      }
      if (lexer->lookahead == '\\') advance(lexer);
      advance(lexer);
    }
    lexer->mark_end(lexer);
    skip_blanks(lexer);
    if (lexer->lookahead != '+') return found(lexer, ATTACH_POINT_PART);
    advance(lexer);
    skip_blanks(lexer);
  }
}

// The comma behind the last attach point, which new versions allow.
static bool scan_trailing_comma(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  return (skip_layout(lexer) || lexer->lookahead == '{') && found(lexer, TRAILING_COMMA);
}

// -- Where a new item begins

static const char *const providers[] = {
    "asyncwatchpoint", "aw",   "bench",        "fentry",      "fexit",     "hardware", "h",          "interval", "i",
    "iter",            "it",   "kfunc",        "f",           "kretfunc",  "fr",       "kprobe",     "k",        "kretprobe",
    "kr",              "profile", "p",         "rawtracepoint", "rt",      "self",     "software",   "s",        "test",
    "tracepoint",      "t",    "uprobe",       "u",           "uretprobe", "ur",       "usdt",       "U",        "watchpoint",
    "w",               NULL};
static const char *const special[] = {"BEGIN", "END", "begin", "end", NULL};
static const char *const definitions[] = {"fn", "macro", NULL};
static const char *const c_types[] = {"struct", "union", "enum", NULL};

static void read_word(TSLexer *lexer, char *word, unsigned size) {
  unsigned length = 0;
  while (is_name(lexer->lookahead)) {
    if (length + 1 < size) word[length++] = (char)lexer->lookahead;
    advance(lexer);
  }
  word[length] = 0;
}

// True when this word and what follows it begin a probe or a definition. A string marks the provider in the midst of an
// expression only when it is known: `a ? b:c` is none.
static bool begins_item(TSLexer *lexer, const char *word, bool any_provider) {
  if (lexer->lookahead == ':') return any_provider || one_of(word, providers);
  bool is_special = one_of(word, special), is_definition = one_of(word, definitions), is_type = one_of(word, c_types);
  if (!is_special && !is_definition && !is_type) return false;
  if (skip_layout(lexer)) return is_special;
  if (is_special) return lexer->lookahead == '{' || lexer->lookahead == ',';
  if (!is_name_start(lexer->lookahead)) return false;
  while (is_name(lexer->lookahead)) advance(lexer);
  skip_layout(lexer);
  return lexer->lookahead == (is_type ? '{' : '(');
}

// True on a new line that begins as statements do, and as nothing else does behind an attach point or a predicate.
static bool begins_statement(TSLexer *lexer, const char *word) {
  static const char *const calls[] = {"printf", "print", "if", "delete", "clear", "time", "unroll", "while", "for", "exit", NULL};
  skip_blanks(lexer);
  return lexer->lookahead == '(' && one_of(word, calls);
}

static bool begins_assignment(TSLexer *lexer) {
  advance(lexer);
  while (is_name(lexer->lookahead)) advance(lexer);
  if (lexer->lookahead == '[') {
    while (lexer->lookahead != ']' && !is_line_end(lexer)) advance(lexer);
    advance(lexer);
  }
  skip_blanks(lexer);
  if (lexer->lookahead != '=') return false;
  advance(lexer);
  return lexer->lookahead != '=';
}

// -- What is missing

static bool scan_missing(TSLexer *lexer, const bool *valid, enum TokenType first, enum TokenType last) {
  static const enum TokenType order[] = {MISSING_EXPRESSION, MISSING_NAME, MISSING_BRACKET, MISSING_PAREN, MISSING_END};
  for (unsigned i = first; i <= last; i++) {
    if (valid[order[i]]) return found(lexer, order[i]);
  }
  return false;
}

enum { EXPRESSION, NAME, BRACKET, PAREN, END };

// Before a character that ends what an expression stands in.
static bool scan_missing_before(TSLexer *lexer, const bool *valid) {
  bool expression_may_begin = valid[UNTERMINATED_STRING];
  switch (lexer->lookahead) {
    case ';':
    case '}':
      return scan_missing(lexer, valid, EXPRESSION, PAREN);
    case ',':
      return scan_missing(lexer, valid, EXPRESSION, NAME);
    case ')':
      return scan_missing(lexer, valid, EXPRESSION, BRACKET);
    case ']':
      return scan_missing(lexer, valid, EXPRESSION, NAME) || (valid[MISSING_PAREN] && !valid[MISSING_BRACKET] && found(lexer, MISSING_PAREN));
    case '{':
      return scan_missing(lexer, valid, NAME, expression_may_begin ? NAME : PAREN);
    default:
      if (lexer->eof(lexer)) return scan_missing(lexer, valid, EXPRESSION, END);
      return !is_digit(lexer->lookahead) && scan_missing(lexer, valid, NAME, NAME);
  }
}

// Before what begins a statement, and goes on with no expression: the one before it has an end.
static bool scan_statement_start(TSLexer *lexer, const bool *valid, bool new_line) {
  bool expression_may_begin = valid[UNTERMINATED_STRING];
  if (expression_may_begin) return false;
  if (new_line && scan_missing(lexer, valid, BRACKET, PAREN)) return true;
  return valid[MISSING_SEMICOLON] && found(lexer, MISSING_SEMICOLON);
}

// Before a word: at the start of a line it may begin an item or a statement, and what came before has then no end.
static bool scan_before_word(TSLexer *lexer, const bool *valid, bool spaced, bool new_line, bool line_start) {
  bool recovering = valid[ERROR_SENTINEL];
  char word[24];
  if (spaced && !new_line) return false;
  read_word(lexer, word, sizeof(word));
  if (valid[MISSING_NAME] && !recovering && new_line && lexer->lookahead == '(') return found(lexer, MISSING_NAME);
  if (valid[MISSING_START] && !recovering && new_line && begins_statement(lexer, word)) return found(lexer, MISSING_START);
  // With nothing between, this is the second thing that is missing here: no value can begin, and no name.
  bool again = !spaced && (valid[MISSING_END] || !valid[UNTERMINATED_STRING]) && !valid[MISSING_NAME];
  if (line_start || again) {
    if (begins_item(lexer, word, valid[MISSING_END])) {
      if (!recovering && scan_missing(lexer, valid, EXPRESSION, END)) return true;
      if (spaced && (recovering || !valid[ATTACH_POINT_START])) return found(lexer, ITEM_START);
    }
  }
  return !recovering && strcmp(word, "else") != 0 && scan_statement_start(lexer, valid, new_line);
}

// -- Strings and comments

// A string that its line does not close. What ends the line like the end of a statement is not taken for its text.
static bool scan_unterminated_string(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  while (!is_line_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '"') return false;
    advance(lexer);
    if (c == '\\' && !is_line_end(lexer)) advance(lexer);
    bool ends_statement = is_space(c) || c == ')' || c == ',' || c == ';' || c == '{' || c == '}';
    if (!ends_statement) lexer->mark_end(lexer);
  }
  return found(lexer, UNTERMINATED_STRING);
}

// A comment without an end, up to the end of the file.
static bool scan_unterminated_comment(TSLexer *lexer) {
  int32_t last = 0;
  advance(lexer);
  while (!lexer->eof(lexer)) {
    if (last == '*' && lexer->lookahead == '/') return false;
    last = lexer->lookahead;
    advance(lexer);
  }
  lexer->mark_end(lexer);
  return found(lexer, UNTERMINATED_COMMENT);
}

// The `/` that ends a predicate is the one before the block; any other divides.
static bool scan_slash(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  if (lexer->lookahead == '*') return valid[UNTERMINATED_COMMENT] && scan_unterminated_comment(lexer);
  if (!valid[PREDICATE_END] || valid[ERROR_SENTINEL] || lexer->lookahead == '=') return false;
  lexer->mark_end(lexer);
  if (skip_layout(lexer)) return false;
  if (lexer->lookahead == '{' || lexer->eof(lexer)) return found(lexer, PREDICATE_END);
  char word[24];
  if (lexer->lookahead == '$' || lexer->lookahead == '@') return begins_assignment(lexer) && found(lexer, PREDICATE_END);
  if (!is_name_start(lexer->lookahead)) return false;
  read_word(lexer, word, sizeof(word));
  return (begins_item(lexer, word, false) || begins_statement(lexer, word)) && found(lexer, PREDICATE_END);
}

bool tree_sitter_bpftrace_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  bool recovering = valid[ERROR_SENTINEL];
  if (valid[IN_STRING] && !recovering) return false;
  bool spaced = false, new_line = false, line_start = false;
  for (; is_space(lexer->lookahead); lexer->advance(lexer, true)) {
    spaced = true;
    line_start = lexer->lookahead == '\n';
    new_line = new_line || line_start;
  }
  if (valid[ATTACH_POINT_PART] && !recovering && !new_line && !ends_part(lexer) && !(spaced && lexer->lookahead == '/')) {
    return scan_part(lexer);
  }
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  if (c == '"') return valid[UNTERMINATED_STRING] && scan_unterminated_string(lexer);
  if (c == '/') return scan_slash(lexer, valid);
  if (is_name_start(c)) return scan_before_word(lexer, valid, spaced, new_line, line_start);
  if (recovering) return false;
  if (c == ',' && valid[TRAILING_COMMA]) return scan_trailing_comma(lexer);
  if (scan_missing_before(lexer, valid)) return true;
  if (c != '$' && c != '@') return false;
  if (valid[MISSING_START] && new_line) return begins_assignment(lexer) && found(lexer, MISSING_START);
  return (new_line || !spaced) && scan_statement_start(lexer, valid, new_line);
}
