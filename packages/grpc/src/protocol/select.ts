import type { Exchange, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { type Format, parseContentType } from "./content-type.js";
import { grpc } from "./grpc.js";
import type { ServerProtocol } from "./protocol.js";

/** The protocol and format that a request is in. */
export interface Selection {
  readonly protocol: ServerProtocol;
  readonly format: Format;
}

/** A request that no protocol takes: the status to answer with, and the words in plain text. */
export interface Refusal {
  readonly status: number;
  readonly block: HeaderBlock;
  readonly bytes: Uint8Array;
  /** Answer before the request has ended: it may be a stream that waits for the answer. */
  readonly isEarly: boolean;
}

const SELECTIONS: Readonly<Record<"proto" | "json", Selection>> = {
  proto: { protocol: grpc, format: "proto" },
  json: { protocol: grpc, format: "json" },
};

const encoder = new TextEncoder();

const PLAIN_TEXT = ["content-type", "text/plain; charset=utf-8"];

const NOT_POST: Refusal = {
  status: 405,
  block: { fields: [...PLAIN_TEXT, "allow", "POST"] },
  bytes: encoder.encode("Calls are made with POST.\n"),
  isEarly: false,
};
const NOT_GRPC: Refusal = {
  status: 415,
  block: { fields: [...PLAIN_TEXT, "accept-post", "application/grpc, application/grpc+proto, application/grpc+json"] },
  bytes: encoder.encode(
    "Calls are made with the content type application/grpc, application/grpc+proto or application/grpc+json.\n",
  ),
  isEarly: true,
};
/** Whoever names no type streams nothing, and may not expect an answer before all is sent: plain HTTP clients do not. */
const NO_TYPE: Refusal = { ...NOT_GRPC, isEarly: false };

/** Chooses by the HTTP method and the content type. */
export function select(exchange: Exchange): Selection | Refusal {
  if (exchange.verb !== "POST") return NOT_POST;
  const contentType = fieldValue(exchange.fields, "content-type");
  const format = parseContentType(contentType);
  if (format === "proto" || format === "json") return SELECTIONS[format];
  return contentType === undefined ? NO_TYPE : NOT_GRPC;
}

/** Whether {@link select} found no protocol. */
export const isRefusal = (selected: Selection | Refusal): selected is Refusal => "status" in selected;
