/** Calls the server at the address in ROUTEGUIDE, and prints the answers. */
import { Code, createClient, RpcError } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "./gen/routeguide/route_guide_pb.js";

const LOCAL = "http://127.0.0.1:50051";
const address = (process.env["ROUTEGUIDE"] ?? LOCAL) as `http://${string}`;

/** A feature of the tutorial, and a point where there is none. */
const HOME = { latitude: 407838351, longitude: -746143763 };
const NOWHERE = { latitude: 0, longitude: 0 };
/** Where most of the features lie. */
const AREA = {
  lo: { latitude: 400000000, longitude: -750000000 },
  hi: { latitude: 420000000, longitude: -730000000 },
};
/** Features of AREA that are looked at: nobody reads more. */
const MAX_FEATURES = 5;
const ROUTE = [
  HOME,
  { latitude: 408122808, longitude: -743999179 },
  { latitude: 413628156, longitude: -749015468 },
];
const NOTES = [
  { location: HOME, message: "A deer on the road" },
  { location: HOME, message: "It is gone" },
];

// #region step-12
//? Open a channel with dial(address), make a stub with
//? createClient(RouteGuide, transport), and print the names of the features
//? at HOME and NOWHERE. If a call fails, print its code and its message, and
//? set process.exitCode.
await using transport = dial(address);
const client = createClient(RouteGuide, transport);

try {
  await printFeature(HOME);
  await printFeature(NOWHERE);
  // #region step-13
  //? Then list AREA, record ROUTE, and leave NOTES.
  await printFeatures();
  await printSummary();
  await chat();
  // #endregion
} catch (error) {
  if (!(error instanceof RpcError)) throw error;
  console.error(`${Code[error.code]}: ${error.rawMessage}`);
  process.exitCode = 1;
}

/** One request, one response. */
async function printFeature(point: typeof HOME): Promise<void> {
  const { name } = await client.getFeature(point, {
    // #region step-14
    timeoutMs: 2_000,
    // #endregion
  });
  console.log(name === "" ? "Nothing is known there" : name);
}
// #endregion

// #region step-13
//? Write a function for each of the streaming methods.
/** One request, many responses, which are printed as they come. */
async function printFeatures(): Promise<void> {
  // #region step-14
  let count = 0;
  // #endregion
  for await (const { name } of client.listFeatures(AREA)) {
    console.log(`- ${name || "(no name)"}`);
    // #region step-14
    //? Enough is enough: leave the loop after MAX_FEATURES.
    if (++count === MAX_FEATURES) break;
    // #endregion
  }
}

/** Many requests, one response. */
async function printSummary(): Promise<void> {
  const summary = await client.recordRoute(drive());
  const { pointCount, featureCount, distance } = summary;
  console.log(`${pointCount} points, ${featureCount} features, ${distance} m`);
}

/** The points of the route, one by one. */
async function* drive() {
  for (const point of ROUTE) yield point;
}

/** Notes out, and notes in. */
async function chat(): Promise<void> {
  for await (const { message } of client.routeChat(leaveNotes())) {
    console.log(`Somebody says: ${message}`);
  }
}

async function* leaveNotes() {
  yield* NOTES;
}
// #endregion
