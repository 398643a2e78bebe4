import { Code, RpcError } from "@routeguide/grpc";
import { BadRequestSchema } from "@routeguide/grpc/details";
import type { Invalid } from "../geo/invalid.js";

/**
 * INVALID_ARGUMENT for people, with a google.rpc.BadRequest that names each field for programs.
 *
 * @param where what the message begins with, for requests of which there are many
 */
export function invalidArgument(invalid: readonly Invalid[], where = ""): RpcError {
  const fieldViolations = invalid.map(({ field, message }) => ({ field, description: message }));
  const text = where + invalid.map(({ message }) => message).join("; ");
  return new RpcError(Code.InvalidArgument, text, {
    details: [{ desc: BadRequestSchema, value: { fieldViolations } }],
  });
}
