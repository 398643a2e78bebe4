/** The service that the suite's clients call: each request says how it is to be answered. */
import { setTimeout as sleep } from "node:timers/promises";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import type { Call, Requests, ServiceImpl } from "../../src/index.js";
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  ConformancePayload_ConnectGetInfoSchema,
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  type ConformanceService,
  HeaderSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from "../gen/connectrpc/conformance/v1/service_pb.js";
import { appendHeaders, errorFrom, headersFrom } from "./convert.js";

interface Payload {
  readonly payload: { readonly data?: Uint8Array; readonly requestInfo?: ConformancePayload_RequestInfo };
}

export const service: ServiceImpl<typeof ConformanceService> = {
  unary: (request, call) => answer(request.responseDefinition, [pack(UnaryRequestSchema, request)], call),

  idempotentUnary: (request, call) =>
    answer(request.responseDefinition, [pack(IdempotentUnaryRequestSchema, request)], call),

  async clientStream(requests, call) {
    const received: Any[] = [];
    let definition: UnaryResponseDefinition | undefined;
    for await (const request of requests) {
      if (received.length === 0) definition = request.responseDefinition;
      received.push(pack(ClientStreamRequestSchema, request));
    }
    return answer(definition, received, call);
  },

  async *serverStream(request, call) {
    begin(request.responseDefinition, call);
    yield* respond(request.responseDefinition, 0, infoOf(call, [pack(ServerStreamRequestSchema, request)]));
  },

  bidiStream: converse,
};

async function answer(definition: UnaryResponseDefinition | undefined, requests: Any[], call: Call): Promise<Payload> {
  const requestInfo = infoOf(call, requests);
  if (definition === undefined) return { payload: { requestInfo } };
  appendHeaders(call.responseHeader, definition.responseHeaders);
  appendHeaders(call.responseTrailer, definition.responseTrailers);
  if (definition.responseDelayMs > 0) await sleep(definition.responseDelayMs);
  if (definition.response.case === "error") throw errorFrom(definition.response.value, requestInfo);
  const data = definition.response.case === "responseData" ? definition.response.value : undefined;
  return { payload: { requestInfo, ...(data !== undefined && { data }) } };
}

async function* converse(requests: Requests<BidiStreamRequest>, call: Call): AsyncGenerator<Payload, void> {
  const received: Any[] = [];
  let definition: StreamResponseDefinition | undefined;
  let isFullDuplex = false;
  let sent = 0;
  for await (const request of requests) {
    if (received.length === 0) {
      definition = request.responseDefinition;
      isFullDuplex = request.fullDuplex;
      begin(definition, call);
    }
    const packed = pack(BidiStreamRequestSchema, request);
    received.push(packed);
    if (!isFullDuplex) continue;
    const data = definition?.responseData[sent];
    if (definition === undefined || data === undefined) break;
    await pause(definition);
    yield { payload: { data, requestInfo: sent === 0 ? infoOf(call, [packed]) : requestInfo([packed]) } };
    sent++;
  }
  yield* respond(definition, sent, infoOf(call, isFullDuplex ? received.slice(-1) : received));
}

/** Sends what is left of a stream's responses, the first of all with the request's properties, then the error. */
async function* respond(
  definition: StreamResponseDefinition | undefined,
  sent: number,
  info: ConformancePayload_RequestInfo,
): AsyncGenerator<Payload, void> {
  if (definition === undefined) return;
  for (const data of definition.responseData.slice(sent)) {
    await pause(definition);
    yield { payload: { data, ...(sent === 0 && { requestInfo: info }) } };
    sent++;
  }
  if (definition.error !== undefined) throw errorFrom(definition.error, sent === 0 ? info : undefined);
}

/** Clients wait for the head of a stream before anything is due. */
function begin(definition: StreamResponseDefinition | undefined, call: Call): void {
  if (definition === undefined) return;
  appendHeaders(call.responseHeader, definition.responseHeaders);
  appendHeaders(call.responseTrailer, definition.responseTrailers);
  if (definition.responseData.length > 0) call.sendHeader();
}

async function pause({ responseDelayMs }: StreamResponseDefinition): Promise<void> {
  if (responseDelayMs > 0) await sleep(responseDelayMs);
}

function infoOf(call: Call, requests: Any[]): ConformancePayload_RequestInfo {
  const info = requestInfo(requests);
  info.requestHeaders = headersFrom(call.requestHeader);
  if (call.requestMethod === "GET") {
    const query = [...new URL(call.url).searchParams].map(([name, value]) =>
      create(HeaderSchema, { name, value: [value] }),
    );
    info.connectGetInfo = create(ConformancePayload_ConnectGetInfoSchema, { queryParams: query });
  }
  const timeoutMs = call.timeoutMs();
  if (timeoutMs !== undefined) info.timeoutMs = BigInt(Math.ceil(timeoutMs));
  return info;
}

const requestInfo = (requests: Any[]) => create(ConformancePayload_RequestInfoSchema, { requests });

const pack = <D extends DescMessage>(desc: D, message: MessageShape<D>): Any => anyPack(desc, message);
