// The grammar as a module of Node, for the native `tree-sitter` package.
#define NAPI_VERSION 8
#include <node_api.h>

typedef struct TSLanguage TSLanguage;
const TSLanguage *tree_sitter_bpftrace(void);

// The mark by which the `tree-sitter` package knows a language.
static const napi_type_tag LANGUAGE = {0x8AF2E5212AD58ABF, 0xD5006CAD83ABBA16};

static napi_value initialize(napi_env env, napi_value exports) {
  napi_value name, language;
  napi_create_string_utf8(env, "bpftrace", NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, exports, "name", name);
  napi_create_external(env, (void *)tree_sitter_bpftrace(), NULL, NULL, &language);
  napi_type_tag_object(env, language, &LANGUAGE);
  napi_set_named_property(env, exports, "language", language);
  return exports;
}

NAPI_MODULE(bpftrace, initialize)
