/** From what a program gives as the handlers of a service to one function a method. */
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import type { Invoke } from "../call/interceptor.js";
import { RpcError } from "../call/rpc-error.js";
import { didYouMean } from "../nearest.js";
import { shown } from "../shown.js";

/**
 * Refuses handlers that no method will ever call: without types, a misspelt one would only show as UNIMPLEMENTED. Objects of a class
 * may have functions of their own, so of those only names that are nearly a method's are refused.
 *
 * @throws {TypeError} that names the handler and what may be meant
 */
export function checkHandlers(service: DescService, impl: object): void {
  if (typeof impl !== "object" || impl === null || Array.isArray(impl)) {
    throw new TypeError(
      `the handlers of ${service.typeName} are ${shown(impl)}: expected an object with a function a method`,
    );
  }
  const given = impl as Readonly<Record<string, unknown>>;
  const missing = service.methods.map(({ localName }) => localName).filter((name) => given[name] === undefined);
  const known = new Set(service.methods.map(({ localName }) => localName));
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(impl));
  for (const name of isPlain ? Object.keys(impl) : namesOf(impl)) {
    if (known.has(name) || typeof given[name] !== "function") continue;
    const advice = didYouMean(name, missing);
    if (isPlain || advice !== "")
      throw new TypeError(`${service.typeName} has no method for the handler ${name}${advice}`);
  }
}

/** @throws {TypeError} if it is no function */
export function handlerOf(method: DescMethod, impl: object): Invoke {
  const handler = (impl as Readonly<Record<string, unknown>>)[method.localName];
  // The types of ServiceImpl hold that this is a handler of the method's kind.
  if (typeof handler === "function") return handler.bind(impl) as Invoke;
  if (handler !== undefined) {
    throw new TypeError(`${method.localName} of ${method.parent.typeName} is ${shown(handler)}: expected a function`);
  }
  return () => {
    throw new RpcError(Code.Unimplemented, `${method.parent.typeName} has no handler for ${method.name}`);
  };
}

/** Of an object and the classes that it is of. Accessors are left out: to ask one may do something. */
function namesOf(impl: object): string[] {
  const names: string[] = [];
  for (let object: object | null = impl; object !== null && object !== Object.prototype; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (typeof value === "function" && name !== "constructor") names.push(name);
    }
    object = Object.getPrototypeOf(object);
  }
  return names;
}
