/** The page of `lab view` and what it asks for, on the loopback only. */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import { packageRoot } from "../project/tree.js";
import type { ViewEvent } from "./events.js";
import type { PageAddress } from "./page-link.js";
import type { Session } from "./session.js";

/** What the page may load, and as what. */
const FILES: Readonly<Record<string, readonly [path: string, type: string]>> = {
  "/": ["view/index.html", "text/html"],
  "/page.css": ["view/page.css", "text/css"],
  "/view/page.js": ["dist/view/page.js", "text/javascript"],
  "/view/diagram.js": ["dist/view/diagram.js", "text/javascript"],
  "/src/wire/shorten.js": ["dist/src/wire/shorten.js", "text/javascript"],
};
const HEADERS = {
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** What another terminal may be ahead of the page, in bytes: far more than a check has to tell. */
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

export interface View extends PageAddress, AsyncDisposable {}

/** Serves the page of a session. Port 0 takes a free one. */
export async function openView(session: Session, port: number): Promise<View> {
  const token = randomUUID();
  const server = createServer((request, response) => answer(session, token, request, response));
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    token,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(session: Session, token: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, url = "/", headers } = request;
  // Another page in the same browser must not start programs, nor read along under a name that leads here.
  const isOwn = /^(127\.0\.0\.1|localhost):\d+$/.test(headers.host ?? "");
  const isOwnOrigin = headers.origin === undefined || headers.origin === `http://${headers.host}`;
  if (!isOwn || !isOwnOrigin) {
    response.writeHead(403, HEADERS).end();
  } else if (method === "GET" && url === "/events") {
    tell(session, request, response);
  } else if (method === "GET" && Object.hasOwn(FILES, url)) {
    const [path = "", type = ""] = FILES[url] ?? [];
    response.writeHead(200, { ...HEADERS, "content-type": `${type}; charset=utf-8` });
    response.end(readFileSync(join(packageRoot, path)));
  } else if (method === "GET" && url === "/favicon.ico") {
    response.writeHead(204, HEADERS).end();
  } else if (method === "POST" && url === "/told" && headers.authorization === `Bearer ${token}`) {
    hear(session, request, response);
  } else if (method === "POST" && (url === "/check" || url === "/run")) {
    void session.start(url === "/check" ? "check" : "run");
    response.writeHead(202, HEADERS).end();
  } else {
    response.writeHead(404, HEADERS).end();
  }
}

function tell(session: Session, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  const stop = session.listen((event) => response.write(`data: ${JSON.stringify(event)}\n\n`));
  request.on("close", stop);
}

/** A command in another terminal tells what it does, an event a line. It need not wait until the page has come to it. */
function hear(session: Session, request: IncomingMessage, response: ServerResponse): void {
  request.once("end", () => response.writeHead(204, HEADERS).end());
  const told = pipeline(request, new PassThrough({ highWaterMark: MAX_AHEAD_BYTES }), () => {});
  void session.show(eventsOf(told));
}

/** @throws {Error} if whoever tells has been stopped */
async function* eventsOf(told: PassThrough): AsyncGenerator<ViewEvent> {
  let partial = "";
  for await (const chunk of told.setEncoding("utf8")) {
    const lines = (partial + chunk).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as ViewEvent;
  }
}
