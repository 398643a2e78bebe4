/** A hidden client: what a check drives the learner's server with. Its streams are recorded. */
import type { DescService } from "@bufbuild/protobuf";
import { type Client, type Connection, createClient, type Transport } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "../gen/routeguide/route_guide_pb.js";
import { recordTransport } from "../wire/record.js";
import type { Recording } from "../wire/recording.js";
import { Miss } from "./miss.js";
import { PATIENCE } from "./patience.js";
import { RawCall, WINDOW_BYTES } from "./raw-call.js";

type Methods = (typeof RouteGuide)["method"];

export class Traveller implements AsyncDisposable {
  readonly name: string;
  /** Calls end with DEADLINE_EXCEEDED if the server lets them hang. */
  readonly client: Client<typeof RouteGuide>;
  readonly #transport: Transport;

  constructor(name: string, address: `http://${string}`, recording: Recording) {
    this.name = name;
    const transport = dial(address, {
      limits: { streamWindowBytes: WINDOW_BYTES, connectionWindowBytes: 16 * WINDOW_BYTES },
    });
    this.#transport = recordTransport(transport, recording, name, WINDOW_BYTES);
    this.client = this.clientOf(RouteGuide);
  }

  /** A client of another service of the same server. */
  clientOf<S extends DescService>(service: S): Client<S> {
    return createClient(service, this.#transport, { defaults: { timeoutMs: PATIENCE.answer } });
  }

  /** A call without a client around it: what is sent and read is up to the check, message by message. */
  async open<M extends keyof Methods>(method: M): Promise<RawCall<Methods[M]>> {
    return new RawCall(await this.#connection(), RouteGuide.method[method]);
  }

  /** @throws {Miss} if what listens there speaks something else */
  async #connection(): Promise<Connection> {
    try {
      return await this.#transport.connection(false);
    } catch (error) {
      throw new Miss("What listens there does not speak gRPC", {
        expected: "createServer() of @routeguide/grpc, given to listen()",
        seen: error instanceof Error ? error.message : String(error),
        at: { file: "server.ts", line: /createServer|listen\(/ },
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }
}
