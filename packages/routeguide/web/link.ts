/** The page's one WebSocket, and whether it stands. */
import type { Transport } from "@routeguide/grpc";
import { type PlatformWebSocketConstructor, webSocketTransport } from "@routeguide/grpc/web";

export type LinkState = "connecting" | "connected" | "lost";

/**
 * A transport to the page's own server, at this address, that tells how its connection fares. All calls that stay open go over it: of requests over
 * HTTP/1.1 browsers have no more than six at a time to one server, in all their pages together.
 */
export function openLink(url: string, changed: (state: LinkState) => void): Transport {
  class Observed extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      this.addEventListener("open", () => changed("connected"));
      this.addEventListener("close", () => changed("lost"));
    }
  }
  return webSocketTransport({
    url,
    // The platform's takes no bytes that are shared with workers, the transport gives none.
    WebSocket: Observed as unknown as PlatformWebSocketConstructor,
    backoff: { initialMs: 500, maxMs: 10_000 },
  });
}
