import { connectStream } from "./connect-stream.js";
import { connectUnary } from "./connect-unary.js";
import { contentTypeOf, type Format, mediaType } from "./content-type.js";
import { grpc } from "./grpc.js";
import { grpcWeb, grpcWebText } from "./grpc-web.js";
import type { ServerProtocol } from "./protocol.js";

/** The protocol and format that a request is in. */
export interface Selection {
  readonly protocol: ServerProtocol;
  readonly format: Format;
}

const PROTOCOLS: readonly ServerProtocol[] = [grpc, grpcWeb, grpcWebText, connectStream, connectUnary];

/** Nearly all that comes. */
const GRPC = contentTypeOf("proto");

/** Chooses protocol and format of a request by its content type. */
export class Selector {
  readonly #byType = new Map<string, Selection>();
  readonly #grpc: Selection = { protocol: grpc, format: "proto" };

  /** @param formats the names of the codecs there are */
  constructor(formats: readonly Format[]) {
    for (const protocol of PROTOCOLS) {
      for (const format of formats) {
        const selection = { protocol, format };
        this.#byType.set(contentTypeOf(format, protocol.dialect), selection);
        if (format === "proto" && protocol.dialect.startsWith("grpc")) {
          this.#byType.set(`application/${protocol.dialect}`, selection);
          this.#byType.set(`application/${protocol.dialect}+proto`, selection);
        }
      }
    }
  }

  /** undefined: no protocol takes it. */
  find(contentType: string | undefined): Selection | undefined {
    if (contentType === GRPC) return this.#grpc;
    if (contentType === undefined) return undefined;
    return this.#byType.get(contentType) ?? this.#byType.get(mediaType(contentType));
  }

  /** Whether there is a codec of this name. */
  hasFormat(format: Format): boolean {
    return this.#byType.has(contentTypeOf(format, "connect-unary"));
  }

  /** The content types of the protocols that take a kind of method, for people to read. */
  typesFor(isUnary: boolean): string[] {
    const names: string[] = [];
    for (const [type, { protocol }] of this.#byType) if (takes(protocol, isUnary)) names.push(type);
    return names;
  }
}

/** Whether a protocol takes a kind of method: Connect has a form for each. */
export function takes(protocol: ServerProtocol, isUnary: boolean): boolean {
  if (protocol === connectUnary) return isUnary;
  return protocol !== connectStream || !isUnary;
}
