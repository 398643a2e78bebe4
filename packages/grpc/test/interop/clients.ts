/** The clients that make the cases' calls. */
import { gzip } from "../../src/envelope/node-zlib.js";
import {
  type Call,
  type Client,
  type Compression,
  createClient,
  type Interceptor,
  type Transport,
} from "../../src/index.js";
import { TestService, UnimplementedService } from "../gen/grpc/testing/test_pb.js";

export interface Clients {
  readonly test: Client<typeof TestService>;
  /** Compresses the requests that say that they should come compressed, and no others. */
  readonly compressing: Client<typeof TestService>;
  readonly unimplemented: Client<typeof UnimplementedService>;
  /** Messages that were compressed and decompressed. */
  readonly compressed: Counts;
}

export interface Counts {
  sent: number;
  received: number;
}

export function makeClients(transport: Transport): Clients {
  const compressed: Counts = { sent: 0, received: 0 };
  const counted: Compression = {
    name: gzip.name,
    compress(bytes) {
      compressed.sent++;
      return gzip.compress(bytes);
    },
    decompress(bytes, maxBytes) {
      compressed.received++;
      return gzip.decompress(bytes, maxBytes);
    },
  };
  const options = { compressions: [counted] };
  return {
    test: createClient(TestService, transport, options),
    compressing: createClient(TestService, transport, {
      ...options,
      compression: counted,
      interceptors: [compressAsExpected],
    }),
    unimplemented: createClient(UnimplementedService, transport, options),
    compressed,
  };
}

interface Expecting {
  readonly expectCompressed?: { readonly value?: boolean };
}

const compressAsExpected: Interceptor =
  (next, { methodKind }) =>
  (request, call) => {
    if (methodKind === "client_streaming") return next(eachAsExpected(request as Iterable<Expecting>, call), call);
    call.compress = (request as Expecting).expectCompressed?.value === true;
    return next(request, call);
  };

function* eachAsExpected(requests: Iterable<Expecting>, call: Call): Generator<Expecting, void> {
  for (const request of requests) {
    call.compress = request.expectCompressed?.value === true;
    yield request;
  }
}
