/** Small helpers to make elements; all text is set as text, never as markup. */

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text?: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** An element of the frame. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T;
}

/** Puts children in, in place of those that are there. */
export function fill(parent: HTMLElement, ...children: readonly (HTMLElement | string)[]): void {
  parent.replaceChildren(...children);
}
