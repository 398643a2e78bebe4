/** A client and a server of the service Echo, joined in memory, and what tests of whole calls ask of them. */
import assert from "node:assert/strict";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { memoryPair } from "../../src/carrier/memory.js";
import { PREFIX_BYTES, writePrefix } from "../../src/envelope/prefix.js";
import type { Connection, Fields } from "../../src/exchange.js";
import {
  type Client,
  type ClientOptions,
  type Code,
  createClient,
  createServer,
  RpcError,
  type Server,
  type ServerOptions,
  type ServiceImpl,
  type Transport,
} from "../../src/index.js";
import { Recorder } from "../exchange/recorder.js";
import { Echo, PingSchema } from "../gen/kinds/echo_pb.js";

export type EchoImpl = ServiceImpl<typeof Echo>;

export interface EchoOptions {
  readonly server?: ServerOptions;
  readonly client?: ClientOptions;
  /** Calls that the server takes at a time on the connection. */
  readonly maxExchanges?: number;
}

export class EchoPair implements AsyncDisposable {
  readonly server: Server;
  readonly connection: Connection;
  readonly client: Client<typeof Echo>;
  /** What the server's onError was told. */
  readonly logged: unknown[] = [];
  readonly #awake = stayAwake();

  constructor(impl: EchoImpl, { server = {}, client = {}, maxExchanges = 100 }: EchoOptions = {}) {
    this.server = createServer({ onError: (error) => this.logged.push(error), ...server }).service(Echo, impl);
    this.connection = memoryPair(this.server.accept, { maxExchanges });
    this.client = createClient(Echo, transportOf(this.connection), client);
  }

  /** Opens a call by hand: the recorder has what came back. */
  open(method: string, ...fields: string[]): Recorder {
    return openRaw(this.connection, `/kinds.Echo/${method}`, fields);
  }

  /** Makes a call by hand, and waits for its end. */
  async call(method: string, fields: Fields, ...pieces: Uint8Array[]): Promise<Recorder> {
    const response = this.open(method, ...fields);
    for (const piece of pieces) response.exchange.write(piece, 0, piece.length);
    response.exchange.end();
    await response.untilClosed();
    return response;
  }

  /** Calls until the connection has no news any more. */
  async settled(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.client.missing({}).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#awake[Symbol.dispose]();
    this.connection.close();
    await this.server[Symbol.asyncDispose]();
  }
}

export const transportOf = (connection: Connection): Transport => ({
  protocolName: "grpc",
  connection: () => connection,
  [Symbol.asyncDispose]: async () => connection.close(),
});

export function openRaw(connection: Connection, path: string, fields: Fields): Recorder {
  const recorder = new Recorder();
  const head = ["te", "trailers", ...fields];
  if (!fields.includes("content-type")) head.push("content-type", "application/grpc");
  recorder.exchange = connection.open(path, { fields: head }, recorder);
  return recorder;
}

/** One envelope around bytes. */
export function envelope(bytes: Uint8Array, flags = 0): Uint8Array {
  const whole = new Uint8Array(PREFIX_BYTES + bytes.length);
  writePrefix(whole, 0, flags, bytes.length);
  whole.set(bytes, PREFIX_BYTES);
  return whole;
}

export const ping = (message: MessageInitShape<typeof PingSchema> = {}): Uint8Array =>
  envelope(toBinary(PingSchema, create(PingSchema, message)));

/** The only value of a field. */
export function field(fields: Fields | undefined, name: string): string | undefined {
  const values = (fields ?? []).filter((_, i) => i % 2 === 1 && fields?.[i - 1] === name);
  assert.ok(values.length <= 1, `${name} is there ${values.length} times`);
  return values[0];
}

/** The error that a promise is rejected with. */
export async function failure(promise: Promise<unknown>, code: Code): Promise<RpcError> {
  const error = await promise.then(
    () => assert.fail("the call ended well"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RpcError, `${error} is no RpcError`);
  assert.equal(error.code, code, error.message);
  return error;
}

export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const message of messages) collected.push(message);
  return collected;
}

/** Keeps the process from ending while nothing but a deadline is waited for: sockets do so elsewhere. */
export function stayAwake(): Disposable {
  const timer = setInterval(() => {}, 60_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** A promise, and what settles it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export async function* later<T>(...messages: T[]): AsyncGenerator<T, void> {
  for (const message of messages) {
    await Promise.resolve();
    yield message;
  }
}
