/** Where a function is probed: without `+0x10`. */
export function withoutOffset(part: string): string {
  return part.replace(/\+(?:0x[\da-fA-F]+|\d+)$/, '');
}
