import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createColors } from "picocolors";
import { openLog, textOf } from "./log.js";

const TIME = Date.UTC(2026, 0, 2, 14, 3, 59, 120);
const plain = createColors(false);

test("anywhere but on a terminal an entry is a line of JSON", async () => {
  const stderr = new PassThrough({ encoding: "utf8" });
  const log = await openLog({ logLevel: "info", logFormat: "auto" }, stderr);
  log.error({ err: new TypeError("broken") }, "a handler failed");
  const { level, msg, err } = JSON.parse(stderr.read());
  assert.equal(level, 50);
  assert.equal(msg, "a handler failed");
  assert.equal(err.type, "TypeError");
  assert.match(err.stack, /broken/);
});

test("on a terminal an entry is a line of text", async () => {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true });
  const log = await openLog({ logLevel: "debug", logFormat: "auto" }, stderr);
  log.debug({ method: "GetFeature", ms: 3 }, "call");
  assert.match(stderr.read(), /\d\d:\d\d:\d\d\.\d{3}.* debug call method=GetFeature ms=3\n$/);
});

test("entries below the level are left out", async () => {
  const stderr = new PassThrough({ encoding: "utf8" });
  const log = await openLog({ logLevel: "error", logFormat: "auto" }, stderr);
  log.debug({}, "call");
  assert.equal(log.isLevelEnabled("debug"), false);
  assert.equal(stderr.read(), null);
});

test("the text of an entry has its time, its level, what happened and its fields", () => {
  const entry = { level: 40, time: TIME, msg: "slow", peer: "127.0.0.1:5", list: [1, 2] };
  assert.equal(textOf(JSON.stringify(entry), plain), "14:03:59.120 warn  slow peer=127.0.0.1:5 list=[1,2]\n");
});

test("the stack of an error stands below its entry", () => {
  const entry = {
    level: 50,
    time: TIME,
    msg: "a handler failed",
    err: { stack: "TypeError: broken\n    at f (x.js:1:2)" },
  };
  assert.equal(
    textOf(JSON.stringify(entry), plain),
    "14:03:59.120 error a handler failed\nTypeError: broken\n    at f (x.js:1:2)\n",
  );
});

test("what came from outside cannot control the terminal", () => {
  const entry = { level: 50, time: TIME, msg: "bad", name: "\u001b[2J", err: { stack: "Error: \u001b[2J" } };
  assert.ok(!textOf(JSON.stringify(entry), plain).includes("\u001b"));
});
