import type { Exchange, Fields, HeaderBlock } from "../exchange.js";

/** A request that no protocol takes: the status to answer with, and why, in plain text. */
export interface Refusal {
  readonly status: number;
  readonly block: HeaderBlock;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

export const PLAIN_TEXT: Fields = ["content-type", "text/plain; charset=utf-8"];

/** @param text why, and what is taken instead; for a person who looks at the response */
export function refusal(status: number, text: string, fields: Fields = PLAIN_TEXT): Refusal {
  return { status, block: { fields }, bytes: encoder.encode(`${text}\n`) };
}

export function sendRefusal(exchange: Exchange, { status, block, bytes }: Refusal): void {
  exchange.head(block, status);
  exchange.write(bytes, 0, bytes.length);
  exchange.end();
}
