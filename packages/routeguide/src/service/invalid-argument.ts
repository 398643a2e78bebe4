import { Code, RpcError } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import type { Invalid } from "../geo/invalid.js";

/** INVALID_ARGUMENT for people, with a google.rpc.BadRequest that names each field for programs. */
export function invalidArgument(...invalid: readonly Invalid[]): RpcError {
  const fieldViolations = invalid.map(({ field, message }) => ({ field, description: message }));
  const text = invalid.map(({ message }) => message).join("; ");
  return new RpcError(Code.InvalidArgument, text, {
    details: [{ desc: BadRequestSchema, value: { fieldViolations } }],
  });
}
