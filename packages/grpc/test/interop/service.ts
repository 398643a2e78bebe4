/** The service that gRPC's interop clients call: each request says how it is to be answered. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type Code, RpcError, type ServiceImpl } from "../../src/index.js";
import type { EchoStatus, StreamingOutputCallRequest } from "../gen/grpc/testing/messages_pb.js";
import type { TestService } from "../gen/grpc/testing/test_pb.js";

export const ECHO_INITIAL = "x-grpc-test-echo-initial";
export const ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

interface Output {
  readonly payload: { readonly body: Uint8Array };
}

/** `unimplementedCall` is left to the runtime. */
export const testService: ServiceImpl<typeof TestService> = {
  emptyCall: () => ({}),

  unaryCall(request, call) {
    echoMetadata(call);
    failAsAsked(request.responseStatus);
    call.compress = request.responseCompressed?.value;
    return zeros(request.responseSize);
  },

  cacheableUnaryCall: (request) => zeros(request.responseSize),

  streamingOutputCall: outputs,

  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  },

  async *fullDuplexCall(requests, call) {
    echoMetadata(call);
    for await (const request of requests) yield* outputs(request, call);
  },

  async *halfDuplexCall(requests, call) {
    const received: StreamingOutputCallRequest[] = [];
    for await (const request of requests) received.push(request);
    for (const request of received) yield* outputs(request, call);
  },
};

async function* outputs(request: StreamingOutputCallRequest, call: Call): AsyncGenerator<Output, void> {
  failAsAsked(request.responseStatus);
  for (const { size, intervalUs, compressed } of request.responseParameters) {
    if (intervalUs > 0) await sleep(intervalUs / 1000);
    call.compress = compressed?.value;
    yield zeros(size);
  }
}

const zeros = (bytes: number): Output => ({ payload: { body: new Uint8Array(bytes) } });

function failAsAsked(status: EchoStatus | undefined): void {
  if (status !== undefined && status.code !== 0) throw new RpcError(status.code as Code, status.message);
}

function echoMetadata(call: Call): void {
  const initial = call.header(ECHO_INITIAL);
  if (initial !== undefined) call.responseHeader.set(ECHO_INITIAL, initial);
  const trailing = call.header(ECHO_TRAILING);
  if (trailing !== undefined) call.responseTrailer.set(ECHO_TRAILING, trailing);
}
