import type { Fields } from "../exchange.js";

/** The fields of a request that steer HTTP, and the others. RFC 9113, section 8.3.1. */
export class RequestHead {
  readonly verb: string;
  readonly path: string;
  readonly authority: string;
  /** Without pseudo-header fields. */
  readonly fields: Fields;
  /** Bytes of the body as content-length says them, or -1. */
  readonly contentLength: number;

  constructor(verb: string, path: string, authority: string, fields: Fields, contentLength: number) {
    this.verb = verb;
    this.path = path;
    this.authority = authority;
    this.fields = fields;
    this.contentLength = contentLength;
  }
}

/** The same of a response. RFC 9113, section 8.3.2. */
export class ResponseHead {
  readonly status: number;
  readonly fields: Fields;
  readonly contentLength: number;

  constructor(status: number, fields: Fields, contentLength: number) {
    this.status = status;
    this.fields = fields;
    this.contentLength = contentLength;
  }
}

/** Reads a list that the decoder found well formed. Undefined: as a request it is malformed. */
export function readRequest(list: Fields): RequestHead | undefined {
  let verb: string | undefined;
  let scheme: string | undefined;
  let path: string | undefined;
  let authority: string | undefined;
  let at = 0;
  for (; at + 1 < list.length; at += 2) {
    const name = list[at] ?? "";
    const value = list[at + 1];
    if (name.charCodeAt(0) !== COLON) break;
    if (name === ":method" && verb === undefined) verb = value;
    else if (name === ":scheme" && scheme === undefined) scheme = value;
    else if (name === ":path" && path === undefined) path = value;
    else if (name === ":authority" && authority === undefined) authority = value;
    else return undefined;
  }
  if (verb === undefined || verb === "") return undefined;
  if (verb === "CONNECT") {
    if (scheme !== undefined || path !== undefined || authority === undefined) return undefined;
    path = "";
  } else if (scheme === undefined || path === undefined || !isPath(path, verb)) {
    return undefined;
  }
  const contentLength = readRegular(list, at);
  if (contentLength === MALFORMED) return undefined;
  return new RequestHead(verb, path, authority ?? "", list.slice(at), contentLength);
}

/** As {@link readRequest}, for a response. */
export function readResponse(list: Fields): ResponseHead | undefined {
  const status = list[1];
  if (list[0] !== ":status" || status === undefined || !/^[1-9][0-9]{2}$/.test(status)) return undefined;
  if (list[2]?.charCodeAt(0) === COLON) return undefined;
  const contentLength = readRegular(list, 2);
  if (contentLength === MALFORMED) return undefined;
  return new ResponseHead(Number(status), list.slice(2), contentLength);
}

/** Whether a list may be the trailers of a message: RFC 9113, section 8.1. */
export function areTrailers(list: Fields): boolean {
  return list[0]?.charCodeAt(0) !== COLON && readRegular(list, 0) !== MALFORMED;
}

const COLON = 0x3a;
const MALFORMED = -2;

/** Checks the fields from there on. Returns content-length, -1 without one, or MALFORMED. */
function readRegular(list: Fields, from: number): number {
  let contentLength = -1;
  for (let i = from; i + 1 < list.length; i += 2) {
    const name = list[i] ?? "";
    const value = list[i + 1] ?? "";
    if (name.length === CONTENT_LENGTH.length && name === CONTENT_LENGTH) {
      const length = /^[0-9]{1,15}$/.test(value) ? Number(value) : MALFORMED;
      if (length === MALFORMED || (contentLength >= 0 && contentLength !== length)) return MALFORMED;
      contentLength = length;
    } else if (isConnectionSpecific(name, value)) {
      return MALFORMED;
    }
  }
  return contentLength;
}

const CONTENT_LENGTH = "content-length";

/** Whether a field belongs to a connection of HTTP/1.1: RFC 9113, section 8.2.2. By length first, as hardly any has one of these. */
function isConnectionSpecific(name: string, value: string): boolean {
  switch (name.length) {
    case 2:
      return name === "te" && value !== "trailers";
    case 7:
      return name === "upgrade";
    case 10:
      return name === "connection" || name === "keep-alive";
    case 16:
      return name === "proxy-connection";
    case 17:
      return name === "transfer-encoding";
    default:
      return false;
  }
}

function isPath(path: string, verb: string): boolean {
  return path.charCodeAt(0) === 0x2f || (path === "*" && verb === "OPTIONS");
}
