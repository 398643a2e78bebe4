/** Calls the server whose address ROUTEGUIDE holds, and prints what comes back. */
import { Code, createClient, RpcError } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { type Point, RouteGuide } from "./gen/routeguide/route_guide_pb.js";

const address = (process.env["ROUTEGUIDE"] ?? "http://127.0.0.1:50051") as `http://${string}`;
const HOME = { latitude: 407838351, longitude: -746143763 };
const NOWHERE = { latitude: 0, longitude: 0 };

// #region step-12
//? Open a channel with dial(address), make a stub with createClient(RouteGuide, transport), and look up HOME and NOWHERE.
await using transport = dial(address);
const client = createClient(RouteGuide, transport);

try {
  await printFeature(HOME);
  await printFeature(NOWHERE);
  // #region step-13
  //? Call the streaming methods.
  // #endregion
} catch (error) {
  if (!(error instanceof RpcError)) throw error;
  console.error(`${Code[error.code]}: ${error.rawMessage}`);
  process.exitCode = 1;
}

/** Asks for one feature: one request, one response. */
async function printFeature(point: Omit<Point, "$typeName">): Promise<void> {
  const { name } = await client.getFeature(point);
  console.log(name === "" ? "Nothing is known there" : name);
}
// #endregion
