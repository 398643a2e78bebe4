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

// Step 12: Open a channel with dial(address), make a stub with
//   createClient(RouteGuide, transport), and print the names of the features
//   at HOME and NOWHERE. If a call fails, print its code and its message, and
//   set process.exitCode.

// Step 13: Write a function for each of the streaming methods.
