import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, isCode } from "../call/code.js";
import { type Detail, RpcError } from "../call/rpc-error.js";
import type { Fields } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import { decodeBinaryField, encodeBinaryField } from "./base64.js";
import { appendMetadata, headersOf, isReserved } from "./metadata.js";
import { percentDecode, percentEncode } from "./percent.js";

const TYPE_PREFIX = "type.googleapis.com/";

/** Appends grpc-status, grpc-message, grpc-status-details-bin and the error's own fields. */
export function appendStatus(fields: string[], error: RpcError): void {
  fields.push("grpc-status", String(error.code));
  if (error.rawMessage !== "") fields.push("grpc-message", percentEncode(error.rawMessage));
  if (error.details.length > 0) fields.push("grpc-status-details-bin", encodeBinaryField(statusBytes(error)));
  if (error.hasMetadata) appendMetadata(fields, error.metadata);
}

/**
 * Reads how a call ended from its trailers.
 *
 * @returns undefined: it ended well. "absent": there is no grpc-status
 */
export function readStatus(trailers: Fields): RpcError | undefined | "absent" {
  const status = fieldValue(trailers, "grpc-status");
  if (status === undefined) return "absent";
  if (status === "0") return undefined;
  const number = /^[0-9]{1,3}$/.test(status) ? Number(status) : undefined;
  const code = isCode(number) ? number : Code.Unknown;
  const text = percentDecode(fieldValue(trailers, "grpc-message") ?? "");
  const message = code === number ? text : `${text === "" ? "" : `${text} `}(the server sent grpc-status "${status}")`;
  return new RpcError(code, message, {
    details: detailsOf(trailers),
    metadata: headersOf(trailers, (name) => !isReserved(name)),
  });
}

function statusBytes(error: RpcError): Uint8Array {
  const details = error.details.map((detail) =>
    "desc" in detail
      ? {
          typeUrl: TYPE_PREFIX + detail.desc.typeName,
          value: toBinary(detail.desc, create(detail.desc, detail.value)),
        }
      : { typeUrl: TYPE_PREFIX + detail.type, value: detail.value },
  );
  return toBinary(StatusSchema, create(StatusSchema, { code: error.code, message: error.rawMessage, details }));
}

function detailsOf(trailers: Fields): Detail[] {
  const bytes = decodeBinaryField(fieldValue(trailers, "grpc-status-details-bin") ?? "");
  if (bytes === undefined) return [];
  try {
    return fromBinary(StatusSchema, bytes).details.map(({ typeUrl, value }) => ({
      type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
      value,
    }));
  } catch {
    // Broken details must not hide the error that they belong to.
    return [];
  }
}
