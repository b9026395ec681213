/** What the knowledge base says of values, as plain data. */
export interface Facts {
  /** Of an argument, a field of `args` or, as `retval`, the result of what is called `id` (`tracepoint:block:block_rq_issue`); of a field by its own id (`struct bio.bi_iter.bi_size`) without a name. */
  value(id: string, name?: string): ValueFacts | undefined;
}

export interface ValueFacts {
  /** As written there: `ns`, `sectors (512 bytes)`, `us times 8`. */
  readonly unit?: string;
  readonly byteOrder?: 'network' | 'host' | 'little' | 'big';
}

export const NO_FACTS: Facts = { value: () => undefined };
