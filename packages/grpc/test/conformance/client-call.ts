/** Makes one call as the suite describes it. */
import { setTimeout as sleep } from "node:timers/promises";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { type Any, anyUnpack } from "@bufbuild/protobuf/wkt";
import { deflate, gzip } from "../../src/envelope/node-zlib.js";
import { type CallOptions, type Client, createClient, jsonFormat } from "../../src/index.js";
import {
  type ClientCompatRequest,
  type ClientResponseResult,
  ClientResponseResultSchema,
} from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Codec, Compression } from "../gen/connectrpc/conformance/v1/config_pb.js";
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  type ConformancePayload,
  ConformancePayloadSchema,
  ConformanceService,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  UnaryRequestSchema,
  UnimplementedRequestSchema,
} from "../gen/connectrpc/conformance/v1/service_pb.js";
import { appendHeaders, errorMessage, headersFrom, registry } from "./convert.js";
import { openTransport } from "./transport.js";

const COMPRESSIONS = [gzip, deflate];

export async function runCall(request: ClientCompatRequest): Promise<ClientResponseResult> {
  await using transport = openTransport(request);
  // The suite's deadlines are about calls: what connecting takes on a busy machine is left out of them.
  await transport.connection(false);
  const name = Compression[request.compression].toLowerCase();
  const compression = COMPRESSIONS.find((known) => known.name === name);
  const client = createClient(ConformanceService, transport, {
    format: request.codec === Codec.JSON ? jsonFormat({ registry }) : "proto",
    compressions: COMPRESSIONS,
    compressMinBytes: 0,
    useHttpGet: request.useGetHttpMethod,
    ...(compression !== undefined && { compression }),
    ...(request.messageReceiveLimit > 0 && { readMaxBytes: request.messageReceiveLimit }),
  });
  const run = new Run(request, client);
  await run.call();
  return run.result;
}

/** What one call does, and what came of it. */
class Run {
  readonly result = create(ClientResponseResultSchema);
  readonly #request: ClientCompatRequest;
  readonly #client: Client<typeof ConformanceService>;
  readonly #abort = new AbortController();
  readonly #options: CallOptions;
  #goOn: () => void = () => {};

  constructor(request: ClientCompatRequest, client: Client<typeof ConformanceService>) {
    this.#request = request;
    this.#client = client;
    const headers = new Headers();
    appendHeaders(headers, request.requestHeaders);
    this.#options = {
      headers,
      signal: this.#abort.signal,
      ...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs }),
      onHeader: (fields) => {
        this.result.responseHeaders = headersFrom(fields);
      },
      onTrailer: (fields) => {
        this.result.responseTrailers = headersFrom(fields);
      },
    };
  }

  async call(): Promise<void> {
    try {
      await this.#dispatch();
    } catch (error) {
      this.result.error = errorMessage(error);
    }
  }

  async #dispatch(): Promise<void> {
    const client = this.#client;
    const options = this.#options;
    switch (this.#request.method) {
      case "Unary":
        return this.#single((await this.#begin(client.unary(this.#only(UnaryRequestSchema), options))).payload);
      case "IdempotentUnary":
        return this.#single(
          (await this.#begin(client.idempotentUnary(this.#only(IdempotentUnaryRequestSchema), options))).payload,
        );
      case "Unimplemented":
        await this.#begin(client.unimplemented(this.#only(UnimplementedRequestSchema), options));
        return;
      case "ClientStream":
        return this.#single((await client.clientStream(this.#paced(ClientStreamRequestSchema), options)).payload);
      case "ServerStream": {
        const responses = client.serverStream(this.#only(ServerStreamRequestSchema), options);
        this.#cancelAfterClose();
        return this.#read(responses);
      }
      case "BidiStream":
        return this.#converse();
      default:
        throw new Error(`there is no method ${this.#request.method}`);
    }
  }

  /** A call whose whole request has gone. */
  #begin<T>(response: Promise<T>): Promise<T> {
    this.#cancelAfterClose();
    return response;
  }

  #single(payload: ConformancePayload | undefined): void {
    this.result.payloads.push(payload ?? create(ConformancePayloadSchema));
  }

  async #read(responses: AsyncIterable<{ payload?: ConformancePayload | undefined }>): Promise<void> {
    for await (const { payload } of responses) this.#received(payload);
  }

  #received(payload: ConformancePayload | undefined): void {
    this.#single(payload);
    const { cancel } = this.#request;
    if (cancel?.cancelTiming.case !== "afterNumResponses") return;
    if (this.result.payloads.length === cancel.cancelTiming.value) this.#abort.abort();
  }

  /** A full-duplex conversation sends the next message when the last was answered; a half-duplex one sends all of them first. */
  async #converse(): Promise<void> {
    const messages = this.#request.requestMessages.map((any) => unpack(any, BidiStreamRequestSchema));
    const isFullDuplex = messages[0]?.fullDuplex === true;
    const requests = isFullDuplex ? this.#answered(messages) : this.#paced(BidiStreamRequestSchema);
    try {
      for await (const { payload } of this.#client.bidiStream(requests, this.#options)) {
        this.#received(payload);
        this.#goOn();
      }
    } finally {
      this.#goOn();
    }
  }

  /** Requests that go on each time that a response has come. */
  async *#answered(messages: readonly BidiStreamRequest[]): AsyncGenerator<BidiStreamRequest, void> {
    for (const message of messages) {
      await this.#delay();
      const answered = new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
      yield message;
      await answered;
    }
    this.#beforeClose();
  }

  async *#paced<D extends DescMessage>(desc: D): AsyncGenerator<MessageShape<D>, void> {
    for (const any of this.#request.requestMessages) {
      await this.#delay();
      yield unpack(any, desc);
    }
    this.#beforeClose();
  }

  #only<D extends DescMessage>(desc: D): MessageShape<D> {
    const [message] = this.#request.requestMessages;
    if (message === undefined) throw new Error("the call has no request message");
    return unpack(message, desc);
  }

  async #delay(): Promise<void> {
    if (this.#request.requestDelayMs > 0) await sleep(this.#request.requestDelayMs);
  }

  /** All requests have gone, and the half-close is next. */
  #beforeClose(): void {
    if (this.#request.cancel?.cancelTiming.case === "beforeCloseSend") this.#abort.abort();
    else this.#cancelAfterClose();
  }

  #cancelAfterClose(): void {
    const timing = this.#request.cancel?.cancelTiming;
    if (timing?.case === "afterCloseSendMs") setTimeout(() => this.#abort.abort(), timing.value);
  }
}

function unpack<D extends DescMessage>(any: Any, desc: D): MessageShape<D> {
  const message = anyUnpack(any, desc);
  if (message === undefined) throw new Error(`a request is a ${any.typeUrl}: expected ${desc.typeName}`);
  return message;
}
