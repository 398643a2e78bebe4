import { type Client, createClient, Envelopes, jsonFormat, type Transport } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { webSocketTransport } from "@routeguide/grpc/web";
import { PointSchema, RouteGuide, RouteNoteSchema } from "routeguide";
import { WebSocket } from "ws";
import type { Data, Note, Point } from "./data.js";

/** What a workload works with: connections to the server, and requests that are encoded already. */
export interface Load extends AsyncDisposable {
  readonly data: Data;
  /** The whole route, as one upload. */
  readonly route: readonly Envelopes[];
  /** A client for each connection; there are `count`. */
  clients(count: number, form?: Form): readonly Client<typeof RouteGuide>[];
  /** A latitude that no note has been posted at yet. */
  freshLatitude(): number;
}

/** What calls are made in; "websocket" is gRPC on one. */
export interface Form {
  readonly protocol: "grpc" | "grpc-web" | "connect" | "websocket";
  readonly format: "proto" | "json";
}

const GRPC: Form = { protocol: "grpc", format: "proto" };

/** Points and notes go out in pieces of about 32 KiB. */
const POINTS_A_PIECE = 2000;

/** @param ca whom to trust, PEM; undefined: cleartext */
export function openLoad(port: number, data: Data, ca?: string): Load {
  const transports: Transport[] = [];
  const clientsIn = new Map<string, Client<typeof RouteGuide>[]>();
  let latitude = 0;
  return {
    data,
    route: piecesOf(data.route),
    clients(count, { protocol, format } = GRPC) {
      const clients = clientsIn.get(protocol + format) ?? [];
      clientsIn.set(protocol + format, clients);
      while (clients.length < count) {
        const transport = protocol === "websocket" ? openWebSocket(port, ca) : dialTo(port, protocol, ca);
        transports.push(transport);
        clients.push(createClient(RouteGuide, transport, { format: format === "json" ? jsonFormat() : format }));
      }
      return clients.slice(0, count);
    },
    freshLatitude: () => ++latitude,
    async [Symbol.asyncDispose]() {
      await Promise.all(transports.map((transport) => transport[Symbol.asyncDispose]()));
    },
  };
}

function dialTo(port: number, protocol: "grpc" | "grpc-web" | "connect", ca: string | undefined): Transport {
  if (ca === undefined) return dial(`http://127.0.0.1:${port}`, { protocol });
  return dial(`https://127.0.0.1:${port}`, { protocol, tls: { ca } });
}

/** As a page would call, but that it is told whom to trust. Node 20 has no WebSocket of its own. */
function openWebSocket(port: number, ca: string | undefined): Transport {
  class TrustingWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { ca });
    }
  }
  const url = `${ca === undefined ? "ws" : "wss"}://127.0.0.1:${port}`;
  return webSocketTransport({ url, WebSocket: TrustingWebSocket });
}

function piecesOf(points: readonly Point[]): Envelopes[] {
  const pieces: Envelopes[] = [];
  for (let i = 0; i < points.length; i += POINTS_A_PIECE) {
    pieces.push(Envelopes.of(PointSchema, points.slice(i, i + POINTS_A_PIECE)));
  }
  return pieces;
}

/** Notes as pieces of an upload. */
export function noteEnvelopes(notes: readonly Note[], notesAPiece = 500): Envelopes[] {
  const pieces: Envelopes[] = [];
  for (let i = 0; i < notes.length; i += notesAPiece) {
    pieces.push(Envelopes.of(RouteNoteSchema, notes.slice(i, i + notesAPiece)));
  }
  return pieces;
}
