/** Our transports under the clients of Connect-ES. */
import type {
  DescMessage,
  DescMethodStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Transport as ConnectTransport, ContextValues, StreamResponse, UnaryResponse } from "@connectrpc/connect";
import type { HeadersInit } from "../call/rpc-error.js";
import type { Transport } from "../exchange.js";
import type { CallOptions } from "./call-options.js";
import { type ClientOptions, createClient } from "./client.js";
import { connectErrorOf } from "./connect-es-error.js";

/** A method of a client, whatever its kind. */
type Callable = (request: unknown, options: CallOptions) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * One of our transports as one of Connect-ES, for its `createClient()`. Calls fail with ConnectErrors. Whatever the transport speaks
 * and whatever carries it stays as it is.
 *
 * @param options as for our own clients; Connect's interceptors belong to its own transports, ours stand here
 */
export function connectEsTransport(transport: Transport, options: ClientOptions = {}): ConnectTransport {
  const clients = new WeakMap<DescService, Readonly<Record<string, Callable>>>();
  const methodOf = ({ parent, localName }: DescMethodUnary | DescMethodStreaming): Callable => {
    let client = clients.get(parent);
    if (client === undefined) {
      client = createClient(parent, transport, options) as unknown as Readonly<Record<string, Callable>>;
      clients.set(parent, client);
    }
    const method = client[localName];
    if (method === undefined) throw new TypeError(`${parent.typeName} has no method ${localName}`);
    return method;
  };
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      const told = new Told();
      try {
        const message = await methodOf(method)(input, told.options(signal, timeoutMs, header, contextValues));
        const { header: head, trailer } = told;
        return {
          stream: false,
          service: method.parent,
          method,
          header: head,
          trailer,
          message: message as MessageShape<O>,
        };
      } catch (error) {
        throw connectErrorOf(error);
      }
    },

    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
      contextValues?: ContextValues,
    ): Promise<StreamResponse<I, O>> {
      const told = new Told();
      const callOptions = told.options(signal, timeoutMs, header, contextValues);
      try {
        const request = method.methodKind === "server_streaming" ? await onlyOf(input) : input;
        const response = methodOf(method)(request, callOptions);
        const messages = Symbol.asyncIterator in response ? response : once(response);
        const message = await begun(messages[Symbol.asyncIterator](), told);
        const { header: head, trailer } = told;
        return {
          stream: true,
          service: method.parent,
          method,
          header: head,
          trailer,
          message: message as AsyncIterable<MessageShape<O>>,
        };
      } catch (error) {
        throw connectErrorOf(error);
      }
    },
  };
}

/** What a call tells of its response beside the messages. */
class Told {
  header = new Headers();
  /** Filled when it comes: Connect's callers hold on to it from the beginning. */
  readonly trailer = new Headers();
  /** Resolves with the response's head. */
  readonly begun: Promise<void>;
  #begin: () => void = () => {};

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  options(
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    headers: HeadersInit | undefined,
    contextValues: ContextValues | undefined,
  ): CallOptions {
    return {
      ...(signal !== undefined && { signal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(headers !== undefined && { headers }),
      ...(contextValues !== undefined && { contextValues }),
      onHeader: (headers) => {
        this.header = headers;
        this.#begin();
      },
      onTrailer: (trailers) => {
        for (const [name, value] of trailers) this.trailer.append(name, value);
      },
    };
  }
}

/** The messages, as soon as the response's head is there; fails if the call does before. */
async function begun(messages: AsyncIterator<unknown>, told: Told): Promise<AsyncIterable<unknown>> {
  const first = messages.next();
  await Promise.race([told.begun, first]);
  return follow(messages, first);
}

async function* follow(
  messages: AsyncIterator<unknown>,
  first: Promise<IteratorResult<unknown>>,
): AsyncGenerator<unknown, void> {
  try {
    for (let next = await first; next.done !== true; next = await messages.next()) yield next.value;
  } catch (error) {
    throw connectErrorOf(error);
  } finally {
    // Leaving early cancels the call.
    await messages.return?.();
  }
}

async function onlyOf(messages: AsyncIterable<unknown>): Promise<unknown> {
  for await (const message of messages) return message;
  throw new TypeError("the call has no request message");
}

async function* once(response: Promise<unknown>): AsyncGenerator<unknown, void> {
  yield await response;
}
