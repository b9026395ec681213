/** A question to the thread: SMT-LIB text with `(check-sat)` in it. */
export interface ToSolverThread {
  readonly text: string;
}

export type FromSolverThread =
  /** The engine is loaded. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'output'; readonly output: string }
  /** The engine is gone, and the thread ends. `memory`: for want of it. */
  | { readonly kind: 'dead'; readonly memory: boolean; readonly message: string };

export interface SolverThreadData {
  readonly memoryMb: number;
}
