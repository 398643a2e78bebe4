import assert from "node:assert/strict";
import { test } from "node:test";
import { OWN_CLIENT, Recording } from "../wire/recording.js";
import { timeline } from "./timeline.js";

function recorded(caller: string, messages: number): string[] {
  const recording = new Recording(() => 0);
  const call = recording.open(caller, "/routeguide.RouteGuide/ListFeatures");
  recording.add(call, "client", "headers", "/routeguide.RouteGuide/ListFeatures");
  for (let i = 0; i < messages; i++) recording.add(call, "server", "message", `Feature ${i}`);
  recording.add(call, "server", "trailers", "OK");
  return timeline(recording.calls, recording.events, 80);
}

test("each event is an arrow from who sent it, between two lines", () => {
  const lines = recorded("Ann", 1);
  assert.match(lines[0] ?? "", /^ Ann: ListFeatures +your server$/);
  assert.match(lines[1] ?? "", /^ \|-- .* -+->\|$/);
  assert.match(lines[2] ?? "", /^ \|<- Feature 0 -+\|$/);
  assert.match(lines[3] ?? "", /^ \|<- status OK -+\|$/);
});

test("of many messages in a row the middle is left out", () => {
  const lines = recorded("Ann", 100);
  assert.equal(lines.length, 2 + 4 + 1);
  assert.match(lines.join("\n"), /Feature 0.*Feature 1 .*97 more.*Feature 99/s);
});

test("the learner's own client faces the lab", () => {
  assert.match(recorded(OWN_CLIENT, 1)[0] ?? "", /^ your client: ListFeatures +the lab$/);
});

test("an event is one line, and none is wider than the terminal, whatever was sent", () => {
  const recording = new Recording(() => 0);
  const call = recording.open("Ann", "/routeguide.RouteGuide/RouteChat");
  recording.add(call, "client", "message", `RouteNote "${"x".repeat(500)}"`);
  recording.add(call, "server", "trailers", "UNKNOWN: one\ntwo");
  const lines = timeline(recording.calls, recording.events, 80);
  assert.equal(lines.length, 3);
  for (const line of lines) assert.ok(line.length <= 80 && !line.includes("\n"), line);
});
