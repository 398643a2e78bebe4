import { test } from "node:test";
import { data, ErrorCode } from "../h2-peer-frames.js";
import { assertEnded, Victim } from "./victim.js";

test("an exception from above the seam ends its connection under a name, and no other", () => {
  const victim = Victim.begun();
  victim.client.request(1, 0);
  victim.call.data = () => {
    throw new Error("a bug");
  };
  victim.client.write(data(1, [1]));
  assertEnded(victim, ErrorCode.Internal, "internal");
});
