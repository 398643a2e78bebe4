/** Requests that are no calls as they came: why not, in words for whoever made them. */
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { errorToJson } from "../protocol/connect-error-json.js";
import { PLAIN_TEXT, type Refusal, refusal } from "../protocol/refusal.js";
import type { Selector } from "../protocol/select.js";
import type { Route } from "./route.js";

/** A request for a method, in a way in which it cannot be called. */
export function refuseMethod(route: Route, verb: string, contentType: string | undefined, selector: Selector): Refusal {
  const path = `/${route.service.typeName}/${route.method.name}`;
  if (verb !== "POST") {
    const allowed = takesGet(route) ? ["GET", "POST"] : ["POST"];
    return refusal(405, `${path} is called with ${allowed.join(" or ")}, not with ${verb}.`, [
      "allow",
      allowed.join(", "),
    ]);
  }
  const types = selector.typesFor(route.isUnary);
  const given = contentType === undefined ? "no content type" : `the content type ${contentType}`;
  const what = route.isUnary ? path : `${path}, which streams,`;
  const plain = types.filter((type) => !type.startsWith("application/grpc")).join(", ");
  const text = `The request has ${given}. ${what} is called with ${plain}, or a type of gRPC or gRPC-Web.`;
  return refusal(415, text, [...PLAIN_TEXT, "accept-post", types.join(", ")]);
}

/**
 * A request for a path that no service has.
 *
 * @param isCall whether it may have been meant as a unary call of Connect: then the answer is an error in its form
 */
export function refusePath(path: string, isCall: boolean): Refusal {
  if (!isCall) return refusal(404, `There is nothing at ${path}. Calls are made with POST to /package.Service/Method.`);
  const json = errorToJson(new RpcError(Code.Unimplemented, `there is no method ${path}`));
  return refusal(404, JSON.stringify(json), ["content-type", "application/json"]);
}

/** Whether a method may be called with GET: it is unary, and its contract says that it changes nothing. */
export function takesGet({ isUnary, method }: Route): boolean {
  return isUnary && method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
}
