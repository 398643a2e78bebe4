import type { Accept, Exchange, Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { refusal, sendRefusal } from "../protocol/refusal.js";
import { WrappedExchange } from "../protocol/wrapped-exchange.js";
import { shown } from "../shown.js";
import { IgnoredRequest } from "./ignored-request.js";

/** Which pages of other origins may call, and read the answers: https://fetch.spec.whatwg.org/#http-cors-protocol. */
export interface CorsOptions {
  /** Origins as browsers send them, such as "https://app.example.com" or "http://localhost:5173"; or "*" for all. */
  readonly origins: readonly string[] | "*";
  /** Let pages send cookies with their calls; not together with "*". Default: false. */
  readonly credentials?: boolean;
  /** Seconds for which a browser keeps the answer to a preflight. Default: 7200, more than which Chromium does not keep. */
  readonly maxAgeSeconds?: number;
}

const DEFAULT_MAX_AGE_SECONDS = 7200;
/** A list of names of fields. Nobody asks for many. */
const NAMES = /^[\w!#$%&'*+.^`|~, -]{1,2000}$/;

/**
 * Answers browsers' preflights, and has responses say who may read them. Requests without an origin are none of its business.
 *
 * @throws {TypeError} if an origin is none
 */
export function withCors(accept: Accept, options: CorsOptions): Accept {
  const { origins, credentials = false, maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = options;
  check(options);
  const always: Fields = origins === "*" ? [] : ["vary", "origin"];
  const allowed = (origin: string): Fields | undefined => {
    if (origins !== "*" && !origins.includes(origin)) return undefined;
    const fields = ["access-control-allow-origin", origins === "*" ? "*" : origin, ...always];
    return credentials ? [...fields, "access-control-allow-credentials", "true"] : fields;
  };
  return (exchange) => {
    const origin = fieldValue(exchange.fields, "origin");
    // A cache may keep what a GET gets, and give it to a page.
    if (origin === undefined) return accept(exchange.verb === "GET" ? new CorsExchange(exchange, always) : exchange);
    const fields = allowed(origin);
    const isPreflight =
      exchange.verb === "OPTIONS" && fieldValue(exchange.fields, "access-control-request-method") !== undefined;
    if (isPreflight) return answerPreflight(exchange, origin, fields, maxAgeSeconds);
    return accept(new CorsExchange(exchange, fields ?? always));
  };
}

/** Says with each response's head who may read it, and that all of its fields may be read. */
class CorsExchange extends WrappedExchange {
  readonly #fields: Fields;
  #headSent = false;

  constructor(exchange: Exchange, fields: Fields) {
    super(exchange);
    this.#fields = fields;
  }

  override head(block: HeaderBlock, status?: number): void {
    this.#headSent = true;
    super.head(this.#with(block), status);
  }

  override end(trailers?: HeaderBlock): void {
    super.end(this.#headSent || trailers === undefined ? trailers : this.#with(trailers));
  }

  #with({ fields }: HeaderBlock): HeaderBlock {
    const names = new Set(fields.filter((_, i) => i % 2 === 0));
    const expose = this.#fields.includes("access-control-allow-origin") && names.size > 0;
    const exposed = expose ? ["access-control-expose-headers", [...names].join(", ")] : [];
    return { fields: [...fields, ...this.#fields, ...exposed] };
  }
}

function answerPreflight(exchange: Exchange, origin: string, fields: Fields | undefined, maxAgeSeconds: number) {
  if (fields === undefined) {
    return new IgnoredRequest(exchange, () => sendRefusal(exchange, refusal(403, `Pages of ${origin} may not call.`)));
  }
  const wanted = fieldValue(exchange.fields, "access-control-request-headers") ?? "";
  const names = NAMES.test(wanted) ? ["access-control-allow-headers", wanted] : [];
  const methods = ["access-control-allow-methods", "GET, POST"];
  const age = ["access-control-max-age", String(maxAgeSeconds)];
  const vary = ["vary", "access-control-request-headers"];
  return new IgnoredRequest(exchange, () => {
    exchange.head({ fields: [...fields, ...methods, ...names, ...age, ...vary] }, 204);
    exchange.end();
  });
}

function check({ origins, credentials = false }: CorsOptions): void {
  if (origins === "*") {
    if (credentials) throw new TypeError('cors: browsers take no credentials with "*": name the origins');
    return;
  }
  if (!Array.isArray(origins))
    throw new TypeError(`cors: origins is ${shown(origins)}: expected an array of them, or "*"`);
  for (const origin of origins) {
    if (origin !== "null" && (!URL.canParse(origin) || new URL(origin).origin !== origin)) {
      throw new TypeError(
        `cors: "${origin}" is no origin: expected one such as https://app.example.com, without a path`,
      );
    }
  }
}
