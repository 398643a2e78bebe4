import type { DescMethod } from "@bufbuild/protobuf";
import { Code, codeName } from "../call/code.js";
import { type Clock, systemClock } from "../carrier/clock.js";
import { shown } from "../shown.js";
import { type RetryFigures, RetryPolicy } from "./retry-policy.js";
import { RetryThrottle } from "./retry-throttle.js";

/** A gRPC service config in its JSON form, as far as it is about calls. Source: service_config.proto, gRFC A2 and A6. */
export interface ServiceConfigJson {
  /** What holds for which methods. */
  readonly methodConfig?: readonly MethodConfigJson[];
  /** Ends retries while more than half of `maxTokens` failures stand against what successes of `tokenRatio` have brought back. */
  readonly retryThrottling?: { readonly maxTokens: number; readonly tokenRatio: number };
}

/** What holds for the methods that it names. Durations are seconds, such as "1.5s". */
export interface MethodConfigJson {
  /** Which methods this is for: one, all of a service, or, without both, all. The nearest match counts. */
  readonly name: readonly { readonly service?: string; readonly method?: string }[];
  /** Whether calls that do not say otherwise wait for a connection. */
  readonly waitForReady?: boolean;
  /** Seconds, like "1.5s": the longest that a call may take. A shorter timeout of the call's own wins. */
  readonly timeout?: string;
  /** The largest message to send, in bytes. A smaller limit of the client's wins. */
  readonly maxRequestMessageBytes?: number;
  /** The largest message to receive, in bytes. A smaller limit of the client's wins. */
  readonly maxResponseMessageBytes?: number;
  /** When calls are tried again. Default: only those that the server has not begun. */
  readonly retryPolicy?: RetryPolicyJson;
}

/** When a call is tried again. Durations are seconds, such as "1.5s". */
export interface RetryPolicyJson {
  /** How often a call is tried in all, from 2. More than 5 counts as 5. */
  readonly maxAttempts: number;
  /** Seconds before the second attempt, like "0.1s", give or take a fifth. */
  readonly initialBackoff: string;
  /** The longest wait, likewise. */
  readonly maxBackoff: string;
  /** How much longer each further wait is: more than 0. */
  readonly backoffMultiplier: number;
  /** Names like "UNAVAILABLE", or numbers. */
  readonly retryableStatusCodes: readonly (string | number)[];
}

/** What a service config says of one method. */
export interface MethodPolicy {
  /** Whether calls that do not say otherwise wait for a connection. */
  readonly waitForReady: boolean | undefined;
  /** The longest that a call may take, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** The largest message to send, in bytes. */
  readonly maxRequestBytes: number | undefined;
  /** The largest message to receive, in bytes. */
  readonly maxResponseBytes: number | undefined;
  /** When a call is tried again; undefined: never, but for calls that the server has not begun. */
  readonly retry: RetryPolicy | undefined;
}

/** A service config that was read. Clients that share one share its retry throttling. */
export interface ServiceConfig {
  /** What it says of a method; undefined: nothing. */
  policyOf(method: DescMethod): MethodPolicy | undefined;
}

/** gRFC A6: more are allowed to be asked for, and not made. */
const MOST_ATTEMPTS = 5;

/**
 * Reads a service config.
 *
 * @param clock for tests
 * @throws {TypeError} that names the part which is wrong, and what is expected there
 */
export function serviceConfig(json: ServiceConfigJson, clock: Clock = systemClock): ServiceConfig {
  const { methodConfig = [], retryThrottling } = Object(json) as ServiceConfigJson;
  if (Object(json) !== json || !Array.isArray(methodConfig)) {
    throw new TypeError(`the service config is ${shown(json)}: expected an object with methodConfig, an array`);
  }
  const throttle = retryThrottling && throttleOf(retryThrottling);
  const policies = new Map<string, MethodPolicy>();
  for (const [i, config] of methodConfig.entries()) {
    const at = `methodConfig[${i}]`;
    const policy = policyOf(config, at, throttle, clock);
    if (!Array.isArray(config.name)) throw wrong(`${at}.name`, config.name, "an array");
    for (const { service = "", method = "" } of config.name) {
      if (service === "" && method !== "") throw wrong(`${at}.name`, `only the method ${method}`, "its service too");
      const name = `${service}/${method}`;
      if (policies.has(name)) throw wrong(`${at}.name`, `${name} a second time`, "each name once");
      policies.set(name, policy);
    }
  }
  return {
    policyOf: ({ parent, name }) =>
      policies.get(`${parent.typeName}/${name}`) ?? policies.get(`${parent.typeName}/`) ?? policies.get("/"),
  };
}

function policyOf(
  config: MethodConfigJson,
  at: string,
  throttle: RetryThrottle | undefined,
  clock: Clock,
): MethodPolicy {
  const { waitForReady, timeout, maxRequestMessageBytes, maxResponseMessageBytes, retryPolicy } = config;
  return {
    waitForReady,
    timeoutMs: timeout === undefined ? undefined : milliseconds(timeout, `${at}.timeout`),
    maxRequestBytes: optionalBytes(maxRequestMessageBytes, `${at}.maxRequestMessageBytes`),
    maxResponseBytes: optionalBytes(maxResponseMessageBytes, `${at}.maxResponseMessageBytes`),
    retry: retryPolicy && new RetryPolicy(figuresOf(retryPolicy, `${at}.retryPolicy`), throttle, clock),
  };
}

function figuresOf(policy: RetryPolicyJson, at: string): RetryFigures {
  const { maxAttempts, initialBackoff, maxBackoff, backoffMultiplier, retryableStatusCodes } = policy;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 2) {
    throw wrong(`${at}.maxAttempts`, maxAttempts, "a whole number from 2");
  }
  if (!(backoffMultiplier > 0)) throw wrong(`${at}.backoffMultiplier`, backoffMultiplier, "more than 0");
  if (!Array.isArray(retryableStatusCodes) || retryableStatusCodes.length === 0) {
    throw wrong(`${at}.retryableStatusCodes`, retryableStatusCodes, "at least one code");
  }
  return {
    maxAttempts: Math.min(maxAttempts, MOST_ATTEMPTS),
    initialBackoffMs: milliseconds(initialBackoff, `${at}.initialBackoff`),
    maxBackoffMs: milliseconds(maxBackoff, `${at}.maxBackoff`),
    backoffMultiplier,
    codes: new Set(retryableStatusCodes.map((code) => codeOf(code, `${at}.retryableStatusCodes`))),
  };
}

function throttleOf({ maxTokens, tokenRatio }: { maxTokens: number; tokenRatio: number }): RetryThrottle {
  if (!(maxTokens > 0 && maxTokens <= 1000)) {
    throw wrong("retryThrottling.maxTokens", maxTokens, "more than 0, at most 1000");
  }
  if (!(tokenRatio > 0)) throw wrong("retryThrottling.tokenRatio", tokenRatio, "more than 0");
  return new RetryThrottle(maxTokens, tokenRatio);
}

function codeOf(value: string | number, at: string): Code {
  for (let code = Code.Canceled; code <= Code.Unauthenticated; code++) {
    if (value === code || (typeof value === "string" && value.toUpperCase() === codeName(code))) return code;
  }
  throw wrong(at, value, 'a code like "UNAVAILABLE", or its number');
}

/** protobuf's JSON form of a duration that is not negative. */
function milliseconds(value: unknown, at: string): number {
  if (typeof value !== "string" || !/^[0-9]+(\.[0-9]{1,9})?s$/.test(value)) {
    throw wrong(at, value, 'seconds like "1.5s"');
  }
  return Number(value.slice(0, -1)) * 1000;
}

function optionalBytes(value: unknown, at: string): number | undefined {
  if (value === undefined) return undefined;
  // As protobuf's JSON form has it, a number may be a string.
  const bytes = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof bytes !== "number" || !Number.isInteger(bytes) || bytes < 0) throw wrong(at, value, "bytes");
  return bytes;
}

const wrong = (at: string, value: unknown, expected: string) =>
  new TypeError(`the service config's ${at} is ${JSON.stringify(value)}: expected ${expected}`);
