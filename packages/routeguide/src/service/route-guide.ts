import type { ServiceImpl } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { RouteGuide } from "../contract/gen/routeguide/route_guide_pb.js";
import type { NoteBoard } from "../notes/note-board.js";
import type { NoteStoreError } from "../notes/note-store.js";
import { getFeature } from "./get-feature.js";
import { listFeatures } from "./list-features.js";
import { recordRoute } from "./record-route.js";
import { routeChat } from "./route-chat.js";

export interface RouteGuideOptions {
  /** Told why notes could not be kept: the caller is told only that. Default: nobody is. */
  readonly onStoreError?: (error: NoteStoreError) => void;
  /** The time in milliseconds, of a clock that never goes back. Default: performance.now. */
  readonly now?: () => number;
}

/** The service routeguide.RouteGuide over these features and notes. */
export function routeGuide(
  atlas: Atlas,
  board: NoteBoard,
  { onStoreError = () => {}, now = () => performance.now() }: RouteGuideOptions = {},
): ServiceImpl<typeof RouteGuide> {
  return {
    getFeature: (point) => getFeature(atlas, point),
    listFeatures: (rectangle) => listFeatures(atlas, rectangle),
    recordRoute: (points, call) => recordRoute(atlas, points, call, now),
    routeChat(notes, call) {
      // Some clients, tonic's for one, post nothing before they have them.
      call.sendHeader();
      return routeChat(board, notes, onStoreError);
    },
  };
}
