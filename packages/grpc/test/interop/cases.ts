/** The cases of gRPC's interop tests, as a client makes them: each throws if the server answers wrongly. */
import assert from "node:assert/strict";
import { type CallOptions, Code, RpcError } from "../../src/index.js";
import type { Clients } from "./clients.js";
import { ECHO_INITIAL, ECHO_TRAILING } from "./service.js";

/** The sizes that all interop programs use, in bytes. */
const LARGE = { request: 271_828, response: 314_159 };
const REQUESTS = [27_182, 8, 1_828, 45_904];
const RESPONSES = [31_415, 9, 2_653, 58_979];
/** With the rest of its message these are 10 MiB and 12 bytes. */
const VERY_LARGE = 10_485_760;
const SOAK_CALLS = 10;

const SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

const payload = (bytes: number) => ({ body: new Uint8Array(bytes) });

export const CASES: Readonly<Record<string, (clients: Clients) => Promise<void>>> = {
  async empty_unary({ test }) {
    await test.emptyCall({});
  },

  large_unary: ({ test }) => largeUnary(test),

  async client_streaming({ test }) {
    const { aggregatedPayloadSize } = await test.streamingInputCall(
      REQUESTS.map((size) => ({ payload: payload(size) })),
    );
    assert.equal(aggregatedPayloadSize, sum(REQUESTS));
  },

  async server_streaming({ test }) {
    const responses = test.streamingOutputCall({ responseParameters: RESPONSES.map((size) => ({ size })) });
    const sizes: (number | undefined)[] = [];
    for await (const response of responses) sizes.push(response.payload?.body.length);
    assert.deepEqual(sizes, RESPONSES);
  },

  async ping_pong({ test }) {
    const answers = new Turns();
    async function* requests() {
      for (const [i, size] of REQUESTS.entries()) {
        yield { responseParameters: [{ size: RESPONSES[i] ?? 0 }], payload: payload(size) };
        await answers.until(i + 1);
      }
    }
    const sizes: (number | undefined)[] = [];
    for await (const response of test.fullDuplexCall(requests())) {
      sizes.push(response.payload?.body.length);
      answers.come();
    }
    assert.deepEqual(sizes, RESPONSES);
  },

  async empty_stream({ test }) {
    for await (const _ of test.fullDuplexCall([])) assert.fail("a response to nothing");
  },

  async timeout_on_sleeping_server({ test }) {
    async function* requests() {
      yield { payload: payload(27_182) };
      await NEVER;
    }
    await fails(Code.DeadlineExceeded, () => drain(test.fullDuplexCall(requests(), { timeoutMs: 1 })));
  },

  async cancel_after_begin({ test }) {
    const abort = new AbortController();
    async function* requests() {
      await NEVER;
      yield {};
    }
    const response = test.streamingInputCall(requests(), { signal: abort.signal });
    abort.abort();
    await fails(Code.Canceled, () => response);
  },

  async cancel_after_first_response({ test }) {
    const abort = new AbortController();
    async function* requests() {
      yield { responseParameters: [{ size: 31_415 }], payload: payload(27_182) };
      await NEVER;
    }
    let responses = 0;
    await fails(Code.Canceled, async () => {
      for await (const _ of test.fullDuplexCall(requests(), { signal: abort.signal })) {
        responses++;
        abort.abort();
      }
    });
    assert.equal(responses, 1);
  },

  async status_code_and_message({ test }) {
    const responseStatus = { code: Code.Unknown, message: "test status message" };
    const unary = await fails(Code.Unknown, () => test.unaryCall({ responseStatus }));
    assert.equal(unary.rawMessage, responseStatus.message);
    const duplex = await fails(Code.Unknown, () => drain(test.fullDuplexCall([{ responseStatus }])));
    assert.equal(duplex.rawMessage, responseStatus.message);
  },

  async special_status_message({ test }) {
    const responseStatus = { code: Code.Unknown, message: SPECIAL_MESSAGE };
    const error = await fails(Code.Unknown, () => test.unaryCall({ responseStatus }));
    assert.equal(error.rawMessage, SPECIAL_MESSAGE);
  },

  async custom_metadata({ test }) {
    const unary = new Echoes();
    const request = { responseSize: LARGE.response, payload: payload(LARGE.request) };
    await test.unaryCall(request, unary.options);
    unary.check();
    const duplex = new Echoes();
    const duplexRequest = { responseParameters: [{ size: LARGE.response }], payload: payload(LARGE.request) };
    await drain(test.fullDuplexCall([duplexRequest], duplex.options));
    duplex.check();
  },

  async unimplemented_method({ test }) {
    await fails(Code.Unimplemented, () => test.unimplementedCall({}));
  },

  async unimplemented_service({ unimplemented }) {
    await fails(Code.Unimplemented, () => unimplemented.unimplementedCall({}));
  },

  async rpc_soak({ test }) {
    for (let i = 0; i < SOAK_CALLS; i++) await largeUnary(test);
  },

  /** Without the probe, an uncompressed request that says that it is compressed: no server of ours refuses it. */
  async client_compressed_unary_noprobe({ compressing, compressed }) {
    const request = { responseSize: LARGE.response, payload: payload(LARGE.request) };
    for (const value of [true, false]) {
      const before = compressed.sent;
      const response = await compressing.unaryCall({ ...request, expectCompressed: { value } });
      assert.equal(response.payload?.body.length, LARGE.response);
      assert.equal(compressed.sent - before, value ? 1 : 0);
    }
  },

  async client_compressed_streaming_noprobe({ compressing, compressed }) {
    const before = compressed.sent;
    const { aggregatedPayloadSize } = await compressing.streamingInputCall([
      { payload: payload(27_182), expectCompressed: { value: true } },
      { payload: payload(45_904), expectCompressed: { value: false } },
    ]);
    assert.equal(aggregatedPayloadSize, 27_182 + 45_904);
    assert.equal(compressed.sent - before, 1);
  },

  async server_compressed_unary({ test, compressed }) {
    for (const value of [true, false]) {
      const before = compressed.received;
      const request = { responseSize: LARGE.response, payload: payload(LARGE.request) };
      const response = await test.unaryCall({ ...request, responseCompressed: { value } });
      assert.equal(response.payload?.body.length, LARGE.response);
      assert.equal(compressed.received - before, value ? 1 : 0);
    }
  },

  async server_compressed_streaming({ test, compressed }) {
    const before = compressed.received;
    const responseParameters = [
      { size: 31_415, compressed: { value: true } },
      { size: 92_653, compressed: { value: false } },
    ];
    const sizes: (number | undefined)[] = [];
    for await (const response of test.streamingOutputCall({ responseParameters })) {
      sizes.push(response.payload?.body.length);
    }
    assert.deepEqual(sizes, [31_415, 92_653]);
    // grpc-java's server compresses none of a stream's responses, which it may.
    assert.ok(compressed.received - before <= 1);
  },

  async very_large_request({ test }) {
    const response = await test.unaryCall({ responseSize: LARGE.response, payload: payload(VERY_LARGE) });
    assert.equal(response.payload?.body.length, LARGE.response);
  },
};

async function largeUnary(test: Clients["test"]): Promise<void> {
  const response = await test.unaryCall({ responseSize: LARGE.response, payload: payload(LARGE.request) });
  assert.deepEqual(response.payload?.body, new Uint8Array(LARGE.response));
}

async function drain(responses: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of responses);
}

async function fails(code: Code, call: () => Promise<unknown>): Promise<RpcError> {
  const error = await call().then(
    () => assert.fail("the call did not fail"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RpcError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

/** Metadata that the server sends back: one in the head, one in the trailers. */
class Echoes {
  readonly options: CallOptions = {
    headers: { [ECHO_INITIAL]: INITIAL, [ECHO_TRAILING]: TRAILING },
    onHeader: (headers) => {
      this.#initial = headers.get(ECHO_INITIAL);
    },
    onTrailer: (trailers) => {
      this.#trailing = trailers.get(ECHO_TRAILING);
    },
  };
  #initial: string | null = null;
  #trailing: string | null = null;

  check(): void {
    assert.equal(this.#initial, INITIAL);
    assert.equal(this.#trailing, TRAILING);
  }
}

/** Lets one side of a conversation wait for the other. */
class Turns {
  #count = 0;
  #wake: () => void = () => {};

  async until(count: number): Promise<void> {
    while (this.#count < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  come(): void {
    this.#count++;
    this.#wake();
  }
}

const NEVER = new Promise<never>(() => {});
const INITIAL = "test_initial_metadata_value";
/** 0xababab in base64. */
const TRAILING = "q6ur";
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
