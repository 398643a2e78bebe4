/**
 * Stands in for the registry until these packages are published: has their tarballs, and sends whoever asks for anything else on to
 * the real one. So the walk types what a learner types.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A package as `npm pack` made it. */
export interface Packed {
  /** Its package.json, parsed. */
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: string;
}

export class Registry implements AsyncDisposable {
  readonly #server: Server;
  readonly #packages: ReadonlyMap<string, Packed>;
  readonly #upstream: string;

  private constructor(packages: readonly Packed[], upstream: string) {
    this.#packages = new Map(packages.map((packed) => [packed.manifest.name, packed]));
    this.#upstream = upstream.replace(/\/$/, "");
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param upstream where everything else is */
  static async start(packages: readonly Packed[], upstream: string): Promise<Registry> {
    const registry = new Registry(packages, upstream);
    registry.#server.listen(0, "127.0.0.1");
    await once(registry.#server, "listening");
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer({ url = "/" }: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(url).slice(1);
    const name = path.replace(/\.tgz$/, "");
    const packed = this.#packages.get(name);
    // The next walk has other tarballs under the same names.
    response.setHeader("cache-control", "no-store");
    if (packed === undefined) response.writeHead(302, { location: `${this.#upstream}${url}` }).end();
    else if (path === name) response.setHeader("content-type", "application/json").end(this.#document(packed));
    else response.setHeader("content-type", "application/octet-stream").end(readFileSync(packed.tarball));
  }

  /** What npm reads of a package before it installs it. */
  #document({ manifest, tarball }: Packed): string {
    const { name, version } = manifest;
    const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    const dist = { tarball: `${this.url}/${name}.tgz`, integrity };
    return JSON.stringify({ name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } });
  }
}
