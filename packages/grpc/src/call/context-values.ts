/** Names a value that interceptors and handlers share in one call. */
export interface ContextKey<T> {
  readonly id: symbol;
  /** What calls have that nobody has set it for. */
  readonly defaultValue: T;
}

/** What interceptors and handlers of one call share. */
export interface ContextValues {
  /** The value, or the key's default. */
  get<T>(key: ContextKey<T>): T;
  /** Sets it for this call; undefined is a value like others. */
  set<T>(key: ContextKey<T>, value: T): this;
  /** The key's default counts again. */
  delete(key: ContextKey<unknown>): this;
}

/** A key of its own for one value, in all calls. */
export function createContextKey<T>(defaultValue: T, options?: { description?: string }): ContextKey<T> {
  return { id: Symbol(options?.description), defaultValue };
}

/** Values to give to a call: see `contextValues` of its options. */
export function createContextValues(): ContextValues {
  return new Values();
}

class Values implements ContextValues {
  readonly #values = new Map<symbol, unknown>();

  get<T>(key: ContextKey<T>): T {
    // set() only lets in a T under this key.
    return this.#values.has(key.id) ? (this.#values.get(key.id) as T) : key.defaultValue;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this.#values.set(key.id, value);
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this.#values.delete(key.id);
    return this;
  }
}
