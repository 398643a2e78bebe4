import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTyped, promptOf } from "./typed-line.js";

const PLACE = { latitude: 409_146_138, longitude: -746_188_906 };

const answerTo = (line: string, place = undefined as typeof PLACE | undefined) => {
  const typed = parseTyped(line, place);
  return typeof typed === "object" && "answer" in typed ? typed.answer : assert.fail(JSON.stringify(typed));
};

test("a place in front of a message says where it is left", () => {
  const note = { location: PLACE, message: "slow traffic, 5 km" };
  assert.deepEqual(parseTyped("40.9146138,-74.6188906 slow traffic, 5 km", undefined), { note });
  assert.deepEqual(parseTyped("  409146138, -746188906  slow traffic, 5 km ", undefined), { note });
});

test("a message alone is left at the place that was set", () => {
  assert.deepEqual(parseTyped("slow traffic", PLACE), { note: { location: PLACE, message: "slow traffic" } });
  assert.deepEqual(parseTyped("2 cars", PLACE), { note: { location: PLACE, message: "2 cars" } });
});

test("a message alone asks for a place as long as none is set", () => {
  assert.match(answerTo("slow traffic"), /\/at/);
});

test("/at sets the place, /quit ends, /help helps", () => {
  assert.deepEqual(parseTyped("/at 40.9146138,-74.6188906", undefined), { place: PLACE });
  assert.deepEqual(parseTyped("/at 40.9146138 -74.6188906", PLACE), { place: PLACE });
  assert.equal(parseTyped("/quit", PLACE), "quit");
  assert.match(answerTo("/help"), /\/quit/);
  for (const line of answerTo("/help").split("\n")) assert.ok(line.length <= 80, line);
});

test("an empty line does nothing", () => {
  assert.equal(parseTyped("  ", PLACE), "nothing");
});

test("what is wrong with a line is said", () => {
  assert.match(answerTo("/at 91,0"), /latitude is 91/);
  assert.match(answerTo("/at"), /latitude,longitude/);
  assert.match(answerTo("91,0 hello", PLACE), /latitude is 91/);
  assert.match(answerTo("40,-74", PLACE), /message/);
  assert.match(answerTo("/qiut", PLACE), /\/help/);
});

test("the prompt shows where messages are left", () => {
  assert.equal(promptOf(undefined), "> ");
  assert.equal(promptOf(PLACE), "40.9146138, -74.6188906 > ");
});
