/** A list that keeps the element of an entry for as long as the entry is in it: what has the focus keeps it. */
export class KeyedList<T> {
  readonly #list: HTMLElement;
  readonly #keyOf: (entry: T) => string;
  readonly #make: (entry: T) => HTMLElement;
  #elements = new Map<string, HTMLElement>();

  constructor(list: HTMLElement, keyOf: (entry: T) => string, make: (entry: T) => HTMLElement) {
    this.#list = list;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  /** Shows these entries, in this order. Keys must differ. */
  show(entries: readonly T[]): void {
    const elements = new Map<string, HTMLElement>();
    for (const entry of entries) {
      const key = this.#keyOf(entry);
      elements.set(key, this.#elements.get(key) ?? this.#make(entry));
    }
    for (const [key, element] of this.#elements) if (!elements.has(key)) element.remove();
    let at = this.#list.firstElementChild;
    for (const element of elements.values()) {
      // Only what is out of place is moved: moving takes the focus away.
      if (element === at) at = at.nextElementSibling;
      else this.#list.insertBefore(element, at);
    }
    this.#elements = elements;
  }
}
