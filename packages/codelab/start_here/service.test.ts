/** Tests of the four methods, without a network. `npm test` runs them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, createClient, createServer } from "@routeguide/grpc";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "./gen/routeguide/route_guide_pb.js";
import { routeGuide } from "./service.js";

/** Two places: something to find, and something to leave out. */
const PLACES = [
  { name: "The old mill", location: { latitude: 10, longitude: 10 } },
  { name: "The bridge", location: { latitude: 50, longitude: 50 } },
];

// Step 15: Test your service in memory: GetFeature finds a place and says so
//   when there is none, ListFeatures sends what lies in an area and nothing
//   else.
