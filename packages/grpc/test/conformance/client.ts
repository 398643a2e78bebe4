/** The client under test, as the suite's runner starts it: makes the calls that it reads, and writes how each ended. */
import { create } from "@bufbuild/protobuf";
import {
  type ClientCompatRequest,
  ClientCompatRequestSchema,
  type ClientCompatResponse,
  ClientCompatResponseSchema,
} from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { runCall } from "./client-call.js";
import { frame, readMessages } from "./framing.js";

/** Calls that run at a time. */
const CONCURRENT = 16;

const running = new Set<Promise<void>>();
process.once("SIGTERM", () => process.exit(0));
for await (const request of readMessages(process.stdin, ClientCompatRequestSchema)) {
  if (running.size >= CONCURRENT) await Promise.race(running);
  const run = respond(request).then(() => {
    running.delete(run);
  });
  running.add(run);
}
await Promise.all(running);

async function respond(request: ClientCompatRequest): Promise<void> {
  process.stdout.write(frame(ClientCompatResponseSchema, await resultOf(request)));
}

async function resultOf(request: ClientCompatRequest): Promise<ClientCompatResponse> {
  const { testName } = request;
  try {
    const value = await runCall(request);
    return create(ClientCompatResponseSchema, { testName, result: { case: "response", value } });
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return create(ClientCompatResponseSchema, { testName, result: { case: "error", value: { message } } });
  }
}
