/** What the server knows, and what it answers. Messages are plain objects here, and bytes for clients that want to make them themselves. */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

export {
  FeatureSchema,
  PointSchema,
  RectangleSchema,
  RouteGuide,
  RouteNoteSchema,
  RouteSummarySchema,
} from "../../../routeguide/src/contract/gen/routeguide/route_guide_pb.js";

export const NEW_YORK = { latitude: 407_142_700, longitude: -740_059_700 };
export const NEW_YORK_NAME = "New York City, New York, US";
export const ROUTE = [NEW_YORK, { latitude: 412_042_600, longitude: -737_270_800 }];
export const NOWHERE = { latitude: 1, longitude: 2 };
/** Beyond the pole. */
export const WRONG = { latitude: 900_000_001, longitude: 0 };
export const WORLD = {
  lo: { latitude: -900_000_000, longitude: -1_800_000_000 },
  hi: { latitude: 900_000_000, longitude: 1_800_000_000 },
};
/** Around New York. */
export const AREA = {
  lo: { latitude: 407_000_000, longitude: -741_000_000 },
  hi: { latitude: 408_000_000, longitude: -739_000_000 },
};

/** A point that no other check has posted at. */
export function freshPoint(): { latitude: number; longitude: number } {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  return { latitude: a % 900_000_000, longitude: b % 1_800_000_000 };
}

export const encode =
  <D extends DescMessage>(desc: D) =>
  (message: MessageInitShape<D>): Uint8Array =>
    toBinary(desc, create(desc, message));

export const decode =
  <D extends DescMessage>(desc: D) =>
  (bytes: Uint8Array): MessageShape<D> =>
    fromBinary(desc, bytes);
