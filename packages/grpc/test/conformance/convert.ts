/** The suite's forms of headers and errors, and the runtime's. */
import { create, createRegistry } from "@bufbuild/protobuf";
import type { Code, Detail } from "../../src/index.js";
import { RpcError } from "../../src/index.js";
import { file_connectrpc_conformance_v1_config } from "../gen/connectrpc/conformance/v1/config_pb.js";
import {
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  type Error as ErrorMessage,
  ErrorSchema,
  file_connectrpc_conformance_v1_service,
  type Header,
  HeaderSchema,
} from "../gen/connectrpc/conformance/v1/service_pb.js";

const TYPE_PREFIX = "type.googleapis.com/";

/** What JSON needs to know to write a google.protobuf.Any. */
export const registry = createRegistry(file_connectrpc_conformance_v1_service, file_connectrpc_conformance_v1_config);

export function appendHeaders(to: Headers, headers: readonly Header[]): void {
  for (const { name, value: values } of headers) for (const value of values) to.append(name, value);
}

export function headersFrom(headers: Headers): Header[] {
  return [...headers].map(([name, value]) => create(HeaderSchema, { name, value: [value] }));
}

/** An error as the suite asks for it; with the request's properties among the details, if they have not been sent. */
export function errorFrom(error: ErrorMessage, info?: ConformancePayload_RequestInfo): RpcError {
  const details: Detail[] = error.details.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
    value,
  }));
  if (info !== undefined) details.push({ desc: ConformancePayload_RequestInfoSchema, value: info });
  // The suite's codes are gRPC's.
  return new RpcError(error.code as number as Code, error.message ?? "", { details });
}

export function errorMessage(reason: unknown): ErrorMessage {
  const error = RpcError.from(reason);
  return create(ErrorSchema, {
    code: error.code as number,
    message: error.rawMessage,
    details: error.details.flatMap((detail) =>
      "desc" in detail ? [] : [{ typeUrl: TYPE_PREFIX + detail.type, value: detail.value }],
    ),
  });
}
