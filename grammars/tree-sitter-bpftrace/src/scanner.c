// The tokens that need more than a regular expression. No state is kept between them.
#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType { ATTACH_POINT_PART, PREDICATE_END, TRAILING_COMMA, UNTERMINATED_STRING, MISSING_END, ERROR_SENTINEL };

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

static bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
static bool is_line_end(TSLexer *lexer) { return lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->eof(lexer); }
static bool is_name_start(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_name(int32_t c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

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

// What a part of an attach point ends with, when it stands in no quotes.
static bool ends_part(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_space(c) || c == ':' || c == ',' || c == '{' || c == '}' || c == ';' || lexer->eof(lexer);
}

static bool is_path_character(int32_t c) { return is_name(c) || (c && strchr("/.-+*?@~\\", (char)c) && c < 128); }

// A `/` in the middle of a part belongs to a path when a colon ends that path, as in `uprobe:bin/a:f`; else it begins a
// predicate or a comment, as in `kprobe:f/pid == 1/`.
static bool path_goes_on(TSLexer *lexer) {
  while (is_path_character(lexer->lookahead)) advance(lexer);
  return lexer->lookahead == ':';
}

static void scan_quoted(TSLexer *lexer) {
  advance(lexer);
  while (!is_line_end(lexer) && lexer->lookahead != '"') {
    if (lexer->lookahead == '\\') advance(lexer);
    if (!is_line_end(lexer)) advance(lexer);
  }
  if (lexer->lookahead == '"') advance(lexer);
}

static bool scan_part(TSLexer *lexer) {
  int32_t first = lexer->lookahead;
  bool path = first == '/' || first == '.' || first == '~';
  bool any = false;
  lexer->result_symbol = ATTACH_POINT_PART;
  while (!ends_part(lexer)) {
    if (lexer->lookahead == '/' && !path) {
      lexer->mark_end(lexer);
      if (!path_goes_on(lexer)) return any;
      path = true;
    } else if (lexer->lookahead == '"') {
      scan_quoted(lexer);
    } else {
      advance(lexer);
    }
    any = true;
  }
  lexer->mark_end(lexer);
  return any;
}

// The `/` that ends a predicate is the one before the block; any other divides.
static bool scan_predicate_end(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = PREDICATE_END;
  if (lexer->lookahead == '=') return false;
  return !skip_layout(lexer) && (lexer->lookahead == '{' || lexer->eof(lexer));
}

// The comma behind the last attach point, which 0.25 and newer allow.
static bool scan_trailing_comma(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = TRAILING_COMMA;
  return skip_layout(lexer) || lexer->lookahead == '{';
}

// A string that its line does not close. What ends the line like the end of a statement is not taken for its text.
static bool scan_unterminated(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = UNTERMINATED_STRING;
  while (!is_line_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '"') return false;
    if (c == '\\') {
      advance(lexer);
      if (is_line_end(lexer)) break;
    }
    advance(lexer);
    if (!is_space(c) && !strchr("),;{}", (char)c)) lexer->mark_end(lexer);
  }
  return true;
}

static bool one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (strcmp(word, *words) == 0) return true;
  }
  return false;
}

// True before the first word of something that stands at the top of a file.
static bool at_item(TSLexer *lexer) {
  static const char *const special[] = {"BEGIN", "END", "begin", "end", NULL};
  static const char *const definitions[] = {"fn", "macro", NULL};
  static const char *const c_types[] = {"struct", "union", "enum", NULL};
  char word[16] = {0};
  unsigned length = 0;
  if (!is_name_start(lexer->lookahead)) return false;
  while (is_name(lexer->lookahead) || lexer->lookahead == '*') {
    if (length < sizeof(word) - 1) word[length++] = (char)lexer->lookahead;
    advance(lexer);
  }
  if (lexer->lookahead == ':') {
    advance(lexer);
    return lexer->lookahead != ':';
  }
  bool is_special = one_of(word, special), is_definition = one_of(word, definitions), is_type = one_of(word, c_types);
  if (!is_special && !is_definition && !is_type) return false;
  if (skip_layout(lexer)) return is_special;
  if (is_special) return lexer->lookahead == '{' || lexer->lookahead == ',';
  if (!is_name_start(lexer->lookahead)) return false;
  while (is_name(lexer->lookahead)) advance(lexer);
  skip_layout(lexer);
  return lexer->lookahead == (is_type ? '{' : '(');
}

// Stands in for what is missing before the next thing at the start of a line, or before the end of the file.
static bool scan_missing_end(TSLexer *lexer) {
  bool at_start = !is_space(lexer->lookahead) && !lexer->eof(lexer) && lexer->get_column(lexer) == 0;
  while (is_space(lexer->lookahead)) {
    at_start = lexer->lookahead == '\n';
    advance(lexer);
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = MISSING_END;
  return lexer->eof(lexer) || (at_start && at_item(lexer));
}

bool tree_sitter_bpftrace_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  bool recovering = valid_symbols[ERROR_SENTINEL];
  if (valid_symbols[ATTACH_POINT_PART] && !recovering && !ends_part(lexer)) return scan_part(lexer);
  bool after_space = is_space(lexer->lookahead);
  if (valid_symbols[MISSING_END] && (after_space || lexer->eof(lexer) || is_name_start(lexer->lookahead))) {
    return scan_missing_end(lexer);
  }
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead == '"' && valid_symbols[UNTERMINATED_STRING]) return scan_unterminated(lexer);
  if (lexer->lookahead == '/' && valid_symbols[PREDICATE_END] && !recovering) return scan_predicate_end(lexer);
  if (lexer->lookahead == ',' && valid_symbols[TRAILING_COMMA] && !recovering) return scan_trailing_comma(lexer);
  return false;
}
