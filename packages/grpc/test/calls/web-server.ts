/** The service Echo on a port, for clients that know nothing but HTTP. */
import { request } from "node:http";
import { createServer, type Server, type ServerOptions } from "../../src/index.js";
import { type Listening, listen } from "../../src/node.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import type { EchoImpl } from "./harness.js";

type Fields = Readonly<Record<string, string>>;

export class WebServer implements AsyncDisposable {
  readonly server: Server;
  /** What the server's onError was told. */
  readonly logged: unknown[] = [];
  #listening: Listening | undefined;

  private constructor(impl: EchoImpl, options: ServerOptions) {
    this.server = createServer({ onError: (error) => this.logged.push(error), ...options }).service(Echo, impl);
  }

  static async open(impl: EchoImpl, options: ServerOptions = {}): Promise<WebServer> {
    const server = new WebServer(impl, options);
    server.#listening = await listen(server.server, { port: 0 });
    return server;
  }

  get url(): string {
    return `http://${this.#listening?.address}`;
  }

  fetch(method: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.url}/kinds.Echo/${method}`, { method: "POST", ...init });
  }

  post(method: string, json: unknown): Promise<Response> {
    const headers = { "content-type": "application/json", connection: "close" };
    return this.fetch(method, { body: JSON.stringify(json), headers });
  }

  /** Without what fetch does by itself: fields of its own, and to decompress. */
  raw(method: string, body: string | Uint8Array, headers: Fields): Promise<{ headers: Headers; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}/kinds.Echo/${method}`, { method: "POST", headers }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const fields = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ headers: new Headers(fields), body: Buffer.concat(chunks) });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.close(0);
    await this.server[Symbol.asyncDispose]();
  }
}
