/** A server sent more than a model's answer can be. */
export class FloodError extends Error {
  constructor() {
    super('The reply is too long');
    this.name = 'FloodError';
  }
}

/** Around 256 KiB of text in pieces of four characters, each in its envelope, and as much again of thoughts. */
const MAX_BYTES = 48 * 1024 * 1024;
/** One event's line; nobody streams a whole program in one, and the client would hold it all in memory. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * `fetch` whose replies end by themselves: an error page is cut, anything else errors with FloodError.
 * The client library reads error pages and single events without any limit.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(response.ok ? refuseFloods() : cutAt(MAX_ERROR_BYTES)), { status, statusText, headers });
};

function refuseFloods(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let line = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      const lastEnd = chunk.lastIndexOf(0x0a);
      line = lastEnd < 0 ? line + chunk.byteLength : chunk.byteLength - lastEnd - 1;
      if (bytes > MAX_BYTES || line > MAX_LINE_BYTES) controller.error(new FloodError());
      else controller.enqueue(chunk);
    },
  });
}

function cutAt(max: number): TransformStream<Uint8Array, Uint8Array> {
  let left = max;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) controller.terminate();
    },
  });
}
