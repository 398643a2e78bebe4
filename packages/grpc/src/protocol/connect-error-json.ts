import { create, fromBinary, type JsonValue, type Registry, toBinary, toJson } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import type { Code } from "../call/code.js";
import { type Detail, type IncomingDetail, RpcError } from "../call/rpc-error.js";
import { connectCodeName, connectCodeOf } from "./connect-code.js";

/**
 * An error as Connect writes it. Source: connectrpc.com/docs/protocol, "Error End-of-Stream".
 *
 * @param registry lets details be shown in `debug` whose type this error knows by name only
 */
export function errorToJson(error: RpcError, registry?: Registry): JsonValue {
  return {
    code: connectCodeName(error.code),
    ...(error.rawMessage !== "" && { message: error.rawMessage }),
    ...(error.details.length > 0 && { details: error.details.map((detail) => detailToJson(detail, registry)) }),
  };
}

/**
 * Reads what {@link errorToJson} wrote, from any server.
 *
 * @param fallback the code of an error that has none, or one that nobody knows
 * @param metadata fields that came beside it
 * @returns undefined if the value is no error
 */
export function errorFromJson(value: unknown, fallback: Code, metadata?: Headers): RpcError | undefined {
  if (!isObject(value)) return undefined;
  const { code, message, details = [] } = value;
  if (message !== undefined && message !== null && typeof message !== "string") return undefined;
  const read = Array.isArray(details) ? details.map(detailFromJson).filter((detail) => detail !== undefined) : [];
  const known = connectCodeOf(code);
  const text = message ?? (known === undefined ? `the server sent the code ${JSON.stringify(code)}` : "");
  return new RpcError(known ?? fallback, text, { details: read, ...(metadata !== undefined && { metadata }) });
}

function detailToJson(detail: Detail, registry: Registry | undefined): JsonValue {
  if ("desc" in detail) {
    const message = create(detail.desc, detail.value);
    return {
      type: detail.desc.typeName,
      value: base64Encode(toBinary(detail.desc, message), "std_raw"),
      ...debug(() => toJson(detail.desc, message, registry === undefined ? {} : { registry })),
    };
  }
  const { type, value } = detail;
  const desc = registry?.getMessage(type);
  return {
    type,
    value: base64Encode(value, "std_raw"),
    ...(desc !== undefined && debug(() => toJson(desc, fromBinary(desc, value), registry && { registry }))),
  };
}

/** For people who read the response: it may be missing, and nobody may depend on it. */
function debug(write: () => JsonValue): { debug?: JsonValue } {
  try {
    return { debug: write() };
  } catch {
    // An Any inside of it may hold a type that nobody knows here.
    return {};
  }
}

/** A peer's broken detail must not hide the error that it decorates. */
function detailFromJson(value: unknown): IncomingDetail | undefined {
  if (!isObject(value) || typeof value["type"] !== "string" || typeof value["value"] !== "string") return undefined;
  try {
    return { type: value["type"], value: base64Decode(value["value"]) };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
