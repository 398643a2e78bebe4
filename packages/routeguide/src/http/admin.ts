/** A port for those who run the server: metrics, probes, the log's level. Plain HTTP, beside the port that serves calls. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { adminLimits } from "./admin-limits.js";
import { isLoopback } from "./loopback.js";

/** What the port shows, and what it may change. */
export interface Administered {
  /** Whether calls are taken: false while the server starts and from the moment that it stops. */
  isReady(): boolean;
  /** The metrics, and how they are written. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** The level of the log; setting it takes one of `logLevels`. */
  logLevel: string;
  readonly logLevels: readonly string[];
}

export interface Admin {
  /** `host:port`, or `unix:path`. */
  readonly address: string;
  /** Closes the port and what is open on it. */
  close(): Promise<void>;
}

export type AdminAt = { readonly port: number; readonly host: string } | { readonly path: string };

/**
 * Opens the port. Where it is for this machine only, it answers only requests that name this machine as their host: no page in a
 * browser can reach it under a name of its own.
 *
 * @throws {Error} if it cannot listen there
 */
export async function openAdmin(at: AdminAt, administered: Administered): Promise<Admin> {
  const isLocal = "port" in at && isLoopback(at.host);
  const { maxConnections, requestMs } = adminLimits;
  // Node looks every half minute unless it is told otherwise.
  const times = { requestTimeout: requestMs, headersTimeout: requestMs, connectionsCheckingInterval: requestMs };
  const server = createServer(times, (request, response) => {
    if (isLocal && !namesThisMachine(request)) say(response, 403, "this port answers under localhost only");
    else answer(request, response, administered).catch(() => response.destroy());
  });
  server.keepAliveTimeout = requestMs;
  server.maxConnections = maxConnections;
  server.listen(at);
  await once(server, "listening");
  return {
    address: addressOf(server),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Handle = (administered: Administered, request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Handle>>>> = {
  "/livez": { GET: (_, __, response) => say(response, 200, "alive") },
  "/readyz": {
    GET: (administered, _, response) =>
      administered.isReady() ? say(response, 200, "ready") : say(response, 503, "not ready"),
  },
  "/metrics": {
    async GET(administered, _, response) {
      const { contentType, text } = await administered.metrics();
      response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(text);
    },
  },
  "/log-level": {
    GET: (administered, _, response) => say(response, 200, administered.logLevel),
    async PUT(administered, request, response) {
      const level = (await bodyOf(request))?.trim();
      if (level === undefined || !administered.logLevels.includes(level)) {
        say(response, 400, `the body must be one of ${administered.logLevels.join(", ")}`);
        return;
      }
      administered.logLevel = level;
      say(response, 200, level);
    },
  },
};

async function answer(request: IncomingMessage, response: ServerResponse, administered: Administered): Promise<void> {
  const path = (request.url ?? "").replace(/\?.*/s, "");
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (route === undefined) {
    say(response, 404, `there are ${Object.keys(ROUTES).join(", ")}`);
    return;
  }
  // Node leaves the body of an answer to HEAD out.
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
  const handle = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handle !== undefined) {
    await handle(administered, request, response);
    return;
  }
  const allowed = Object.keys(route).join(", ");
  response.setHeader("allow", allowed);
  say(response, 405, `${path} takes ${allowed}`);
}

function say(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .end(`${text}\n`);
}

/** The body as text; undefined if it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  request.setEncoding("utf8");
  for await (const piece of request) {
    text += piece;
    if (text.length > adminLimits.maxBodyBytes) return undefined;
  }
  return text;
}

function namesThisMachine({ headers: { host = "" } }: IncomingMessage): boolean {
  return isLoopback(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) return `unix:${address}`;
  return address.family === "IPv6" ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}
