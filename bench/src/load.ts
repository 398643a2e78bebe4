import { type Client, createClient, Envelopes } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide, RouteNoteSchema } from "routeguide";
import type { Data, Note, Point } from "./data.js";

/** What a workload works with: connections to the server, and requests that are encoded already. */
export interface Load extends AsyncDisposable {
  readonly data: Data;
  /** The whole route, as one upload. */
  readonly route: readonly Envelopes[];
  /** A client for each connection; there are at least `count`. */
  clients(count: number): readonly Client<typeof RouteGuide>[];
  /** A latitude that no note has been posted at yet. */
  freshLatitude(): number;
}

/** Points and notes go out in pieces of about 32 KiB. */
const POINTS_A_PIECE = 2000;

export function openLoad(port: number, data: Data): Load {
  const transports: ReturnType<typeof dial>[] = [];
  const clients: Client<typeof RouteGuide>[] = [];
  let latitude = 0;
  return {
    data,
    route: piecesOf(data.route),
    clients(count) {
      while (clients.length < count) {
        const transport = dial(`http://127.0.0.1:${port}`);
        transports.push(transport);
        clients.push(createClient(RouteGuide, transport));
      }
      return clients.slice(0, count);
    },
    freshLatitude: () => ++latitude,
    async [Symbol.asyncDispose]() {
      await Promise.all(transports.map((transport) => transport[Symbol.asyncDispose]()));
    },
  };
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
