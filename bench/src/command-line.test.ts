import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { chosen, count, listed, oneOf, positive, readOptions, refuse, UsageError } from "./command-line.js";

const OPTIONS = { rounds: { type: "string", default: "3" }, tls: { type: "boolean" } } as const;

/** What is said of a command line that is wrong. */
function mistake(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return assert.fail("it was accepted");
}

suite("A command line", () => {
  test("gives its values, or the defaults", () => {
    assert.deepEqual({ ...readOptions(OPTIONS, ["--tls"]) }, { rounds: "3", tls: true });
  });

  test("is refused with what it may have", () => {
    assert.equal(
      mistake(() => readOptions(OPTIONS, ["--round", "3"])),
      "Unknown option '--round': expected some of --rounds, --tls",
    );
    assert.match(
      mistake(() => readOptions(OPTIONS, ["rounds"])),
      /^Unexpected argument 'rounds'/,
    );
    assert.match(
      mistake(() => readOptions(OPTIONS, ["--rounds"])),
      /'--rounds <value>' argument missing/,
    );
  });

  test("is refused where an option has no effect, and not for what was left out", () => {
    refuse({ tls: undefined }, ["tls"], "here");
    assert.equal(
      mistake(() => refuse({ tls: true }, ["tls"], "with --side client")),
      "--tls has no effect with --side client",
    );
  });

  test("has numbers above 0, whole ones where things are counted", () => {
    assert.equal(positive("seconds", "0.5"), 0.5);
    for (const bad of ["", "0", "-1", "NaN", "Infinity", "3x"]) {
      assert.equal(
        mistake(() => positive("seconds", bad)),
        `--seconds is "${bad}": expected a number above 0`,
      );
    }
    assert.equal(count("rounds", "3"), 3);
    assert.equal(
      mistake(() => count("rounds", "1.5")),
      '--rounds is "1.5": expected a whole number',
    );
  });

  test("chooses among names", () => {
    const all = [{ name: "list" }, { name: "unary" }];
    assert.deepEqual(chosen("workloads", undefined, all), all);
    assert.deepEqual(chosen("workloads", "unary,list", all), [all[1], all[0]]);
    assert.equal(
      mistake(() => chosen("workloads", "list,unry", all)),
      '--workloads names "unry": expected some of list, unary',
    );
    assert.equal(listed(all), "  list unary");
    for (const line of listed(Array(20).fill({ name: "unary" })).split("\n")) assert.ok(line.length <= 80, line);
    assert.equal(oneOf("side", "client", ["server", "client"]), "client");
    assert.equal(
      mistake(() => oneOf("side", "both", ["server", "client"])),
      '--side is "both": expected server or client',
    );
  });
});
