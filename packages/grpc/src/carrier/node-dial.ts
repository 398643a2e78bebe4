import type { Connection, ConnectionEvents, Transport } from "../exchange.js";
import { clientLimits, type Limits } from "../h2/limits.js";
import { AN_OBJECT, checkOptions, type Expectations, oneOf } from "../options.js";
import { type BackoffOptions, backoffOf } from "./backoff.js";
import { type Clock, systemClock } from "./clock.js";
import { limitsOf } from "./limits-of.js";
import { type ClientTls, openSocket, type SpeakHttp2 } from "./node-connect.js";
import { connectOwn } from "./node-h2-client.js";
import { Http1ClientConnection } from "./node-http1-client.js";
import { connectNode } from "./node-http2-client.js";
import { peerOf } from "./node-peer.js";
import { ReadMemory } from "./node-read-memory.js";
import { resolveTargets } from "./node-resolve.js";
import { type DialTarget, parseTarget, type Target } from "./node-target.js";
import { type Place, Pool } from "./pool.js";
import { type Connect, Subchannel } from "./subchannel.js";

/** How `dial()` connects, and what calls over it speak. */
export interface DialOptions {
  /** What calls speak. Default "grpc". */
  readonly protocol?: "grpc" | "grpc-web" | "connect";
  /** The version of HTTP. gRPC needs 2, and 1 has a socket for each call at a time. Default 2. */
  readonly httpVersion?: 1 | 2;
  /** For https targets: whom to trust, and what to show. */
  readonly tls?: ClientTls;
  /** What the server may do; see {@link Limits} for each, its unit and its default. */
  readonly limits?: Partial<Limits>;
  /**
   * What several addresses are for. "pick_first" (default): tries one after the other and keeps the first that answers.
   * "round_robin": connects to all and gives them calls by turns; hosts are looked up again when a connection is lost.
   */
  readonly balance?: "pick_first" | "round_robin";
  /** Connections to each place, which take calls by turns. Default 1. */
  readonly connections?: number;
  /** How long to leave alone what could not be reached. */
  readonly backoff?: Partial<BackoffOptions>;
  /** Who speaks HTTP/2: our own engine, or node:http2. Default "own". */
  readonly engine?: "own" | "node";
  /** For tests. */
  readonly clock?: Clock;
}

/**
 * A transport to one or more servers. It connects with the first call, and again whenever that is needed; while a server cannot be
 * reached calls fail at once with the reason, unless they wait for ready. Disposing closes all connections at once.
 *
 * @throws {TypeError} if a target is malformed, an option is none, or `tls` is given without an https target
 * @throws {RangeError} if an option is out of its range
 */
export function dial(target: DialTarget | readonly DialTarget[], options: DialOptions = {}): Transport {
  // Without types it may be anything. A URL is as good as its text.
  const targets = [target].flat().map((each) => parseTarget(String(each)));
  if (targets.length === 0) throw new RangeError("dial() got no target: expected at least one");
  checkOptions("dial()", options, EXPECTED);
  const { balance = "pick_first", connections = 1, clock = systemClock } = options;
  const { protocol = "grpc", httpVersion = 2, tls } = options;
  const isTls = Object.values(tls ?? {}).some((value) => value !== undefined);
  if (isTls && !targets.some(({ secure }) => secure)) {
    throw new TypeError(`tls is given, but ${targets[0]?.name} is no https target: write https://host:port`);
  }
  if (protocol === "grpc" && httpVersion === 1) {
    throw new RangeError('httpVersion is 1: gRPC needs HTTP/2; choose the protocol "grpc-web" or "connect"');
  }
  const limits = limitsOf(clientLimits, options.limits);
  const backoff = backoffOf(options.backoff);
  const connectTo = httpVersion === 1 ? overHttp1(options.tls, limits) : overHttp2(options, limits);
  const place = (name: string, targets: readonly Target[]): Place => ({
    name,
    make: (onLoss) => new Subchannel({ name, connect: connectToFirst(targets, connectTo), backoff, clock, onLoss }),
  });
  const name = targets.map(({ name }) => name).join(", ");
  const first = [place(name, targets)];
  const resolve =
    balance === "pick_first"
      ? async () => first
      : async () => (await resolveTargets(targets)).map((target) => place(target.name, [target]));
  return new Pool(protocol, resolve, connections);
}

const EXPECTED: Expectations<DialOptions> = {
  protocol: oneOf("grpc", "grpc-web", "connect"),
  httpVersion: oneOf(1, 2),
  tls: AN_OBJECT,
  limits: AN_OBJECT,
  balance: oneOf("pick_first", "round_robin"),
  connections: { what: "a whole number from 1", is: (value) => Number.isInteger(value) && (value as number) >= 1 },
  backoff: AN_OBJECT,
  engine: oneOf("own", "node"),
  clock: AN_OBJECT,
};

/** Connects to one target. */
type ConnectTo = (target: Target, events: ConnectionEvents, signal: AbortSignal) => Promise<Connection>;

function overHttp2({ engine, tls }: DialOptions, limits: Limits): ConnectTo {
  const speak: SpeakHttp2 = engine === "node" ? connectNode(limits) : connectOwn(limits);
  return async (target, events, signal) => {
    const memory = engine === "node" || target.secure ? undefined : new ReadMemory();
    const socket = await openSocket(target, tls, "h2", signal, memory);
    const giveUp = () => socket.destroy();
    signal.addEventListener("abort", giveUp);
    try {
      return await speak(socket, peerOf(socket, pathOf(target)), events, target.authority, memory);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  };
}

function overHttp1(tls: ClientTls | undefined, limits: Limits): ConnectTo {
  return async (target, events, signal) => {
    const first = await openSocket(target, tls, "http/1.1", signal);
    return new Http1ClientConnection({
      peer: peerOf(first, pathOf(target), "http1"),
      authority: target.authority,
      limits,
      events,
      first,
      // Later sockets may take their time: a call that waits for one can be cancelled.
      open: () => openSocket(target, tls, "http/1.1", new AbortController().signal),
    });
  };
}

const pathOf = ({ at }: Target) => ("path" in at ? at.path : undefined);

/** Tries the targets in their order. If none answers, the error is of the first. */
function connectToFirst(targets: readonly Target[], connectTo: ConnectTo): Connect {
  return async (events, signal) => {
    let firstError: unknown;
    for (const target of targets) {
      try {
        return await connectTo(target, events, signal);
      } catch (error) {
        firstError ??= error;
        if (signal.aborted) break;
      }
    }
    throw firstError;
  };
}
