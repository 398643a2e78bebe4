/** Calls the server whose address ROUTEGUIDE holds, and prints what comes back. */
import { Code, createClient, RpcError } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { type Point, RouteGuide } from "./gen/routeguide/route_guide_pb.js";

const address = (process.env["ROUTEGUIDE"] ?? "http://127.0.0.1:50051") as `http://${string}`;
const HOME = { latitude: 407838351, longitude: -746143763 };
const NOWHERE = { latitude: 0, longitude: 0 };

// Step 12: Open a channel with dial(address), make a stub with createClient(RouteGuide, transport), and look up HOME and NOWHERE.
