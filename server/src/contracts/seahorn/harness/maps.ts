/** A map of the program, as it is modelled. */
export interface ModelledMap {
  readonly name: string;
  readonly kind: 'hash' | 'array' | 'output';
  /** Slots of its model: entries of an array when all have one, else as many as may be in use. */
  readonly slots: number;
  /** Each entry of an array has its slot. */
  readonly direct: boolean;
  /** Keys are numbers. */
  readonly plain: boolean;
}

/** A map as it is declared, and how often its functions are called in the text. */
export interface DeclaredMap extends Pick<ModelledMap, 'name' | 'kind' | 'plain'> {
  readonly entries: number | undefined;
  readonly uses: { readonly looks: number; readonly puts: number };
}

/** `BPF_MAP_TYPE_…`: a map for each processor counts as one. */
const KINDS: ReadonlyMap<string, ModelledMap['kind']> = new Map([
  ...['HASH', 'PERCPU_HASH', 'LRU_HASH', 'LRU_PERCPU_HASH'].map((type) => [type, 'hash'] as const),
  ...['ARRAY', 'PERCPU_ARRAY'].map((type) => [type, 'array'] as const),
  ...['RINGBUF', 'PERF_EVENT_ARRAY', 'STACK_TRACE'].map((type) => [type, 'output'] as const),
]);
/** Entries of the largest array in which each has its slot. */
const MAX_DIRECT = 16;

export function mapKind(type: string): ModelledMap['kind'] | undefined {
  return KINDS.get(type.replace(/^BPF_MAP_TYPE_/, ''));
}

/** A map by its declaration, and by how often an event looks entries up and stores them. */
export function modelled({ name, kind, entries, uses, plain }: DeclaredMap, events: number): ModelledMap {
  if (kind === 'array' && entries !== undefined && entries <= MAX_DIRECT) return { name, kind, slots: Math.max(1, entries), direct: true, plain };
  const each = kind === 'hash' ? uses.puts : uses.looks + uses.puts;
  return { name, kind, slots: Math.max(1, each * events), direct: false, plain };
}

/** Types of a map's model. */
export function mapTypes({ name, kind }: ModelledMap): readonly string[] {
  const m = `kgent_map_${name}`;
  return kind === 'output' ? [] : [`typedef __typeof__(*${name}.key) ${m}_key;`, `typedef __typeof__(*${name}.value) ${m}_value;`, `struct ${m} { unsigned char state; ${m}_key key; ${m}_value value; };`];
}

/** Slots and functions of a map: finding, storing and removing entries. States of slots: 0 free, 1 in use, 2 removed, 3 stored. */
export function mapModel({ name, kind, slots, direct, plain }: ModelledMap): readonly string[] {
  if (kind === 'output') return [];
  const m = `kgent_map_${name}`;
  const each = (line: (n: number) => string): string[] => Array.from({ length: slots }, (_, n) => line(n));
  const entries = `(sizeof(*${name}.max_entries) / sizeof(int))`;
  const find = direct
    ? [`  return *key < ${slots} ? (int)*key : -1;`]
    : [...(kind === 'array' ? [`  if (*key >= ${entries}) return -1;`] : []), ...each((n) => `  if ((${m}_slots[${n}].state & 1) && ${plain ? `${m}_slots[${n}].key == *key` : `kgent_same(&${m}_slots[${n}].key, key, sizeof(*key))`}) return ${n};`), `  return ${kind === 'array' ? `${m}_new(key)` : '-1'};`];
  const fresh = direct ? [] : [
    `static inline int ${m}_new(const ${m}_key *key) {`,
    ...each((n) => `  if (${m}_slots[${n}].state == 0) { ${m}_slots[${n}].state = 1; ${m}_slots[${n}].key = *key; return ${n}; }`),
    '  kgent_beyond();',
    '  return -1;',
    '}',
  ];
  const update = kind === 'hash'
    ? [`  int at = ${m}_find(key);`, '  if (flags == 1 && at >= 0) return -17;', '  if (flags == 2 && at < 0) return -2;', `  if (at < 0) at = ${m}_new(key);`, ...each((n) => `  if (at == ${n}) ${m}_slots[${n}].value = *value;`)]
    : [`  const int at = ${m}_find(key);`, '  if (at < 0) return -7;', '  if (flags == 1) return -17;', ...each((n) => `  if (at == ${n}) { ${m}_slots[${n}].state = 3; ${m}_slots[${n}].value = *value; }`)];
  return [
    `static struct ${m} ${m}_slots[${slots}];`,
    ...fresh,
    `static inline int ${m}_find(const ${m}_key *key) {`, ...find, '}',
    // Slots by numbers that are seen, so that only values that are changed through pointers are memory for SeaHorn.
    `static inline void *${m}_at(int at) {`, ...each((n) => `  if (at == ${n}) return &${m}_slots[${n}].value;`), '  return 0;', '}',
    `static inline long ${m}_update(const ${m}_key *key, const ${m}_value *value, unsigned long long flags) {`, ...update, '  return 0;', '}',
    `static inline long ${m}_delete(const ${m}_key *key) {`, ...(kind === 'array' ? ['  (void)key;', '  return -22;'] : [`  const int at = ${m}_find(key);`, '  if (at < 0) return -2;', ...each((n) => `  if (at == ${n}) ${m}_slots[${n}].state = 2;`), '  return 0;']), '}',
    `static inline bool ${m}_written(const void *at) {`,
    ...(kind === 'hash' ? ['  (void)at;', '  return 1;'] : [...each((n) => `  if ((const char *)at >= (const char *)&${m}_slots[${n}].value && (const char *)at < (const char *)(&${m}_slots[${n}].value + 1)) return ${m}_slots[${n}].state == 3 || !kgent_same(&${m}_slots[${n}].value, kgent_zeros, sizeof(${m}_value));`), '  return 1;']),
    '}',
    `static inline void ${m}_begin(void) {`, `  UNROLL`, `  for (unsigned n = 0; n < ${slots}; n++) { ${m}_slots[n].state = ${direct ? 1 : 0}; ${kind === 'array' ? `__builtin_memset(&${m}_slots[n].value, 0, sizeof(${m}_value)); ` : ''}}`, ...(direct ? each((n) => `  ${m}_slots[${n}].key = ${n};`) : []), '}',
  ];
}

/** Functions that are given any of the maps, by the address of what declares it. */
export function mapDispatch(maps: readonly ModelledMap[]): Readonly<Record<string, readonly string[]>> {
  const own = maps.filter(({ kind }) => kind !== 'output');
  const choose = (call: (m: string) => string, otherwise: string): readonly string[] => [...own.map(({ name }) => `  if (map == (const void *)&${name}) return ${call(`kgent_map_${name}`)};`), '  kgent_beyond();', `  return ${otherwise};`, '}'];
  return {
    bpf_map_lookup_elem: ['static inline void *bpf_map_lookup_elem(void *map, const void *key) {', ...choose((m) => `${m}_at(${m}_find(key))`, '0')],
    bpf_map_update_elem: ['static inline long bpf_map_update_elem(void *map, const void *key, const void *value, unsigned long long flags) {', ...choose((m) => `${m}_update(key, value, flags)`, '0')],
    bpf_map_delete_elem: ['static inline long bpf_map_delete_elem(void *map, const void *key) {', ...choose((m) => `${m}_delete(key)`, '0')],
    kgent_entry_value: ['static inline void *kgent_entry_value(void *map, const void *key) {', ...own.flatMap(({ name }) => [`  if (map == (void *)&${name}) {`, `    const int at = kgent_map_${name}_find(key);`, `    if (at >= 0) return kgent_map_${name}_at(at);`, '  }']), '  return (void *)kgent_zeros;', '}'],
    kgent_entry_present: ['static inline long kgent_entry_present(void *map, const void *key) {', ...own.map(({ name }) => `  if (map == (void *)&${name}) return kgent_map_${name}_find(key) >= 0;`), '  return 0;', '}'],
    kgent_is_written: ['static inline bool kgent_is_written(const void *at) {', ...own.filter(({ kind }) => kind === 'array').map(({ name }) => `  if (!kgent_map_${name}_written(at)) return 0;`), '  return at == at;', '}'],
  };
}
