/**
 * The words of a complaint as kernels before 7.2 said them, for the rules to know. From 7.2 on the arguments of kernel functions
 * are told by their registers, counted from one: `R1 pointer type …` instead of `arg#0 pointer type …`.
 */
export function inOlderWords(line: string): string {
  const argument = (register: string): string => `arg#${Number(register) - 1}`;
  return line
    .replace(/^R([1-5]) (?:and )?R([1-5])(?= memory, len pair)/, (_, memory: string, length: string) => `${argument(memory)} ${argument(length)}`)
    .replace(/^R([1-5])(?= (?:pointer type|expected (?:pointer|for)|is neither|doesn't point to (?:a const string|a type|an irq)|is expected to be|can only take|reference type))/, (_, register: string) => argument(register))
    .replace(/(?<=(?:iter\w*|dynptr.*|pointer|flag) as )R([1-5])$/, (_, register: string) => `arg #${Number(register) - 1}`)
    .replace(/(?<=passed to trusted )R([1-5])\b/, (_, register: string) => `arg${Number(register) - 1}`);
}
