import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, createClient, RpcError } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import { RouteGuide } from "../src/contract/gen/routeguide/route_guide_pb.js";
import { PLACES, serveCommand } from "./command.js";
import { Conversation } from "./conversation.js";

const CHATS = 1000;

test("SIGTERM lets 1,000 chats over 5 connections go on to their end, refuses new calls, and ends with code 0", async () => {
  await using server = await serveCommand(["--places", PLACES, "--drain-seconds", "60"]);
  await using transport = dial(`http://${server.address}`, { connections: 5 });
  const client = createClient(RouteGuide, transport);
  const chats = Array.from({ length: CHATS }, () => new Conversation(client));
  const heard = await Promise.all(chats.map((chat, i) => chat.say([0, i, "before"]).hear(1)));
  assert.deepEqual(heard.flat(), new Array(CHATS).fill("before"));
  server.child.kill("SIGTERM");
  await server.until("stderr", /Stopping/);
  // Probes hear first: a call of that turn is still taken.
  let late: unknown;
  while (!(late instanceof RpcError)) {
    late = await client.getFeature({ latitude: 1, longitude: 2 }).catch((error: unknown) => error);
  }
  assert.equal(late.code, Code.Unavailable);
  const rest = await Promise.all(chats.map((chat, i) => chat.say([0, i, "after"]).end().hearAll()));
  assert.deepEqual(rest.flat(), new Array(CHATS).fill(["before", "after"]).flat());
  assert.equal(await server.exitCode(), 0, server.stderr);
});
