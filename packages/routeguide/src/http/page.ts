import { readdir, readFile, stat } from "node:fs/promises";
import type { Fallback } from "@routeguide/grpc";

/** Where a build puts the page's files. */
const FOLDER = new URL("../../web/", import.meta.url);
const INDEX = "index.html";
/** The same without the source of the places that ship with the server. */
const INDEX_OF_OTHER_PLACES = "other-places.html";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
};

/** What a file may lie there compressed as, the smallest first. */
const ENCODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
] as const;

/** MapLibre's worker is a file, its marks are blobs, and it sets styles on elements: nothing else is allowed, from nowhere else. */
const FIELDS = {
  "content-security-policy":
    "default-src 'self'; worker-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; " +
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  // Asked again each time, which costs little: answers are 304 until another version is installed.
  "cache-control": "no-cache",
};

/** The live map's files: the page at `/`, what it needs below `/map/`. Read when they are asked for, so they take no memory. */
export class Page {
  /** Bytes and time of each, which say whether it is still the same. */
  readonly #tags: ReadonlyMap<string, string>;

  readonly #folder: URL;
  readonly #index: string;

  private constructor(folder: URL, tags: ReadonlyMap<string, string>, index: string) {
    this.#folder = folder;
    this.#tags = tags;
    this.#index = index;
  }

  /**
   * Undefined where it was not built.
   *
   * @param showsShipped whether it shows the places that ship with the server
   */
  static async open(showsShipped: boolean, folder: URL = FOLDER): Promise<Page | undefined> {
    const names = await readdir(folder).catch((): string[] => []);
    if (!names.includes(INDEX)) return undefined;
    const tags = names.map(async (name) => {
      const { size, mtimeMs } = await stat(new URL(name, folder));
      return [name, `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`] as const;
    });
    return new Page(folder, new Map(await Promise.all(tags)), showsShipped ? INDEX : INDEX_OF_OTHER_PLACES);
  }

  readonly answer: Fallback = async (request) => {
    const { pathname } = new URL(request.url);
    const name = pathname === "/" ? this.#index : /^\/map\/([\w.-]+)$/.exec(pathname)?.[1];
    const type = name === undefined || !this.#tags.has(name) ? undefined : TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (name === undefined || type === undefined)
      return plain(404, `There is nothing at ${pathname}. The map is at /.`);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plain(405, `${pathname} is read with GET.`, { allow: "GET, HEAD" });
    }
    const encoding = this.#encodingFor(name, request.headers.get("accept-encoding") ?? "");
    const file = `${name}${encoding?.suffix ?? ""}`;
    const tag = this.#tags.get(file) as string;
    const headers = {
      ...FIELDS,
      vary: "accept-encoding",
      etag: tag,
      "content-type": type,
      ...(encoding !== undefined && { "content-encoding": encoding.name }),
    };
    if (request.headers.get("if-none-match")?.includes(tag)) return new Response(null, { status: 304, headers });
    const bytes = await readFile(new URL(file, this.#folder));
    return new Response(bytes, { headers: { ...headers, "content-length": String(bytes.length) } });
  };

  #encodingFor(name: string, accepted: string) {
    const takes = new Set(accepted.split(",").map((entry) => entry.trim()));
    return ENCODINGS.find((encoding) => takes.has(encoding.name) && this.#tags.has(`${name}${encoding.suffix}`));
  }
}

function plain(status: number, text: string, fields: Record<string, string> = {}): Response {
  const headers = { ...fields, "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return new Response(`${text}\n`, { status, headers });
}
