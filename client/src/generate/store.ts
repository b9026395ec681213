/** The current generation and who wants to hear of it. The sidebar and the editor suite listen. */
import * as vscode from 'vscode';
import type { AgentEvent } from '../../../server/src/protocol.ts';
import { applyEvent, isOver, startGeneration, type GenerationState } from './state.ts';
import { stepsOf, type Step } from './steps.ts';

export class GenerationStore implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<GenerationState>();
  #state: GenerationState | undefined;

  readonly onDidChange: vscode.Event<GenerationState> = (listener) => this.#changed.event(listener);

  get state(): GenerationState | undefined {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state !== undefined && !isOver(this.#state);
  }

  steps(): readonly Step[] {
    return this.#state ? stepsOf(this.#state) : [];
  }

  begin(id: string, sentence: string): void {
    this.#set(startGeneration(id, sentence));
  }

  /** An event of another generation, or one that comes after the end, changes nothing. */
  apply(id: string, event: AgentEvent): void {
    if (this.#state?.id === id && !isOver(this.#state)) this.#set(applyEvent(this.#state, event));
  }

  fail(id: string, message: string): void {
    if (this.#state?.id === id && !isOver(this.#state)) this.#set({ ...this.#state, failure: message });
  }

  #set(state: GenerationState): void {
    this.#state = state;
    this.#changed.fire(state);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
