/** Why there is no HTTP/2 where a client has connected, in words for whoever runs the program. */
import type { Peer } from "../exchange.js";
import { isCut, isHttp2Error, lostError } from "./node-error.js";

/** What the start of a connection may have come to. */
export interface Unanswered {
  /** Why the socket broke or was given up, if it did not just end. */
  readonly error: Error | undefined;
  /** What came first, as far as anybody knows. */
  readonly first?: Uint8Array | undefined;
}

/** That a connection is gone before the server's SETTINGS have come. */
export function unansweredError(peer: Peer, { error, first }: Unanswered): Error {
  const { address, secure } = peer;
  if (first !== undefined && !isHttp2(first)) {
    return new Error(`${address} answered with ${nameOf(first)}, not with HTTP/2: ${OTHERS}`, { cause: error });
  }
  if (error === undefined || isCut(error)) {
    // With TLS 1.3 clients learn only now what the server made of their certificate.
    const guess = secure ? "it may want a client certificate that it trusts (cert and key)" : OTHERS;
    return new Error(`${address} closed the connection without a word: ${guess}`, { cause: error });
  }
  if (isHttp2Error(error)) return new Error(`${address} does not answer in HTTP/2: ${OTHERS}`, { cause: error });
  return lostError(address, error);
}

const OTHERS = "it may be no gRPC server, or want TLS (https://)";

/** A server begins with SETTINGS: RFC 9113, section 3.4. Its type is the fourth byte. */
function isHttp2(first: Uint8Array): boolean {
  return first.length < 4 || first[3] === SETTINGS;
}

const SETTINGS = 4;
/** RFC 8446, section 5.1: an alert, or what is said in a handshake. Then comes the version, whose first byte is always 3. */
const TLS_RECORDS: readonly (number | undefined)[] = [21, 22];
const TLS_VERSION = 3;

function nameOf(first: Uint8Array): string {
  if (TLS_RECORDS.includes(first[0]) && first[1] === TLS_VERSION) return "TLS";
  return String.fromCharCode(...first.subarray(0, 5)) === "HTTP/" ? "HTTP/1" : "something else";
}
