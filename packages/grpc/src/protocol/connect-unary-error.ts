import type { Registry } from "@bufbuild/protobuf";
import type { RpcError } from "../call/rpc-error.js";
import { errorToJson } from "./connect-error-json.js";
import { statusOfCode } from "./connect-http-status.js";
import type { Refusal } from "./refusal.js";

const encoder = new TextEncoder();

/** The head of an error without fields of its own. */
export const ERROR_HEAD = { fields: ["content-type", "application/json"] };

/** An error as the answer to a unary call of Connect. */
export function errorAnswer(error: RpcError, registry?: Registry): Refusal {
  const json = JSON.stringify(errorToJson(error, registry));
  return { status: statusOfCode(error.code), block: ERROR_HEAD, bytes: encoder.encode(json) };
}
