import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A compiler writes many files: a change is over when nothing was written for so long. */
const QUIET_MS = 250;

/** Tells of changes of the program and of files, several close together as one. */
export class Changes implements Disposable {
  readonly #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined = undefined;
  #hasChanged = false;
  #wake: (() => void) | undefined = undefined;

  /** @param files paths of files, which need not exist */
  constructor(files: readonly string[]) {
    for (const folder of programFolders()) this.#watch(folder, { recursive: true }, isProgram);
    // Editors replace a file by another of its name: its folder notices, the file would not.
    for (const file of files) this.#watch(dirname(file), {}, (name) => name === basename(file));
  }

  /** Resolves with the next change, at once if there was one since the last. */
  async next(): Promise<"changed"> {
    if (!this.#hasChanged) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#hasChanged = false;
    return "changed";
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string, options: { recursive?: boolean }, counts: (name: string) => boolean): void {
    const watcher = watch(folder, options, (_, name) => {
      if (name === null || counts(name)) this.#changed();
    });
    // A folder that goes away ends nothing: its files can be neither read nor changed.
    watcher.on("error", () => {});
    this.#watchers.push(watcher);
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#hasChanged = true;
      this.#wake?.();
      this.#wake = undefined;
    }, QUIET_MS);
  }
}

/** Where the compiled code of the command and of the runtime lies. */
function programFolders(): string[] {
  const runtime = import.meta.resolve("@routeguide/grpc");
  return [fileURLToPath(new URL("..", import.meta.url)), dirname(fileURLToPath(runtime))];
}

const isProgram = (name: string) => name.endsWith(".js") && !name.endsWith(".test.js");
