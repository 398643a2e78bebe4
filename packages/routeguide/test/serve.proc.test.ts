import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { Command, PLACES, runCommand, serveCommand } from "./command.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-serve-"));
after(() => rmSync(folder, { recursive: true }));
const SERVE = ["serve", "--listen", "127.0.0.1:0", "--notes", "memory"];

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** One line for the user, and no stack trace. */
function assertOneLine(stderr: string, pattern: RegExp): void {
  assert.match(stderr, pattern);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
}

suite("routeguide serve", () => {
  test("says what it serves, where, where notes are kept, and what to try", async () => {
    await using server = await serveCommand(["--places", PLACES]);
    await server.until("stderr", /Ctrl-C/);
    assert.match(server.stderr, /^RouteGuide serves 4 places from .*places\.csv$/m);
    assert.match(server.stderr, /at +127\.0\.0\.1:\d+$/m);
    assert.match(server.stderr, /notes +in memory/);
    assert.match(server.stderr, /try +npx routeguide demo 127\.0\.0\.1:\d+$/m);
    assert.equal(server.stdout, "");
  });

  test("serves the places that ship with it, and keeps notes in the user's data, unless told otherwise", async () => {
    const env = { XDG_DATA_HOME: folder, HOME: folder };
    await using server = new Command(["serve", "--listen", "127.0.0.1:0"], { env });
    await server.until("stderr", /Ctrl-C/);
    assert.match(server.stderr, /serves 1\d\d,\d\d\d places that ship with it/);
    assert.ok(
      server.stderr.includes(join(folder, "routeguide", "notes")) || process.platform !== "linux",
      server.stderr,
    );
  });

  test("says nothing at the log level silent", async () => {
    const path = join(folder, "silent.sock");
    await using server = new Command([
      "serve",
      "--places",
      PLACES,
      "--listen",
      `unix:${path}`,
      "--notes",
      "memory",
      "--log-level",
      "silent",
    ]);
    await using client = new Command(["get", "-33.8688,151.2093", "--address", `unix:${path}`], { input: "" });
    // Whichever is up first: a client that comes too early is told so.
    while ((await client.exitCode()) === 78) {
      const again = await runCommand(["get", "-33.8688,151.2093", "--address", `unix:${path}`]);
      if (again.code === 0) {
        assert.match(again.stdout, /Sydney/);
        break;
      }
    }
    assert.equal(server.stderr + server.stdout, "");
  });

  for (const [signal, forced] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const) {
    test(`lets a call end on ${signal}, takes no new ones, and exits with 0`, async () => {
      await using server = await serveCommand(["--places", PLACES]);
      await using chat = new Command(["chat", "--address", server.address]);
      chat.child.stdin.write('{"latitude":1,"longitude":2,"message":"before"}\n');
      await chat.until("stdout", /before/);
      server.child.kill(signal);
      await server.until("stderr", /Stopping/);
      const late = await runCommand(["get", "1,2", "--address", server.address]);
      assert.equal(late.code, 78, late.stderr);
      chat.child.stdin.end('{"latitude":1,"longitude":2,"message":"after"}\n');
      assert.equal(await chat.exitCode(), 0, chat.stderr);
      assert.match(chat.stdout, /after/);
      assert.equal(await server.exitCode(), 0, server.stderr);
    });

    test(`ends calls that run for longer than drainSeconds after ${signal}`, async () => {
      await using server = await serveCommand(["--drain-seconds", "0.1", "--places", PLACES]);
      await using chat = new Command(["chat", "--address", server.address]);
      chat.child.stdin.write('{"latitude":1,"longitude":2,"message":"before"}\n');
      await chat.until("stdout", /before/);
      server.child.kill(signal);
      assert.equal(await server.exitCode(), 0);
      assert.notEqual(await chat.exitCode(), 0);
    });

    test(`stops at once on a second ${signal}`, async () => {
      await using server = await serveCommand(["--places", PLACES]);
      await using chat = new Command(["chat", "--address", server.address]);
      chat.child.stdin.write('{"latitude":1,"longitude":2,"message":"before"}\n');
      await chat.until("stdout", /before/);
      server.child.kill(signal);
      await server.until("stderr", /Stopping/);
      // The first may come twice at once, from a terminal and from npm: repeat it until it counts.
      const repeat = setInterval(() => server.child.kill(signal), 50);
      const code = await server.exitCode();
      clearInterval(repeat);
      assert.equal(code, forced);
    });
  }

  test("says that its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : assert.fail();
    const { code, stderr } = await runCommand([
      "serve",
      "--places",
      PLACES,
      "--notes",
      "memory",
      "--listen",
      `127.0.0.1:${port}`,
    ]);
    other.close();
    assert.equal(code, 1);
    assertOneLine(stderr, new RegExp(`^routeguide: 127\\.0\\.0\\.1:${port} is in use`));
  });

  test("says which file of places cannot be read", async () => {
    const missing = join(folder, "missing.csv");
    const { code, stderr } = await runCommand([...SERVE, "--places", missing]);
    assert.equal(code, 1);
    assertOneLine(stderr, /^routeguide: cannot read .*missing\.csv: no such file or directory/);
  });

  test("says which row of a file is no place", async () => {
    const bad = file("bad.csv", "latitude,longitude,name\n1,2,fine\n91,0,too far north\n");
    const { code, stderr } = await runCommand([...SERVE, "--places", bad]);
    assert.equal(code, 1);
    assertOneLine(stderr, /^routeguide: .*bad\.csv.*3.*91/);
  });

  test("says what its TLS lacks", async () => {
    const missing = join(folder, "missing.pem");
    const args = [...SERVE, "--places", PLACES, "--tls-cert", missing];
    const half = await runCommand(args);
    assert.equal(half.code, 64);
    assertOneLine(half.stderr, /^routeguide: --tls-cert is given and --tls-key is not: set both, or none$/m);
    const unreadable = await runCommand([...args, "--tls-key", missing]);
    assert.equal(unreadable.code, 1);
    assertOneLine(unreadable.stderr, /^routeguide: cannot read .*missing\.pem: no such file or directory$/m);
    const empty = file("empty.pem", "");
    const unusable = await runCommand([...SERVE, "--places", PLACES, "--tls-cert", empty, "--tls-key", empty]);
    assert.equal(unusable.code, 1);
    assertOneLine(unusable.stderr, /^routeguide: cannot use the certificate .*empty\.pem with the key .*empty\.pem: /);
  });

  test("says that another server has its folder of notes", async () => {
    const notes = join(folder, "locked");
    await using first = new Command(["serve", "--listen", "127.0.0.1:0", "--places", PLACES, "--notes", notes]);
    await first.until("stderr", /Ctrl-C/);
    const { code, stderr } = await runCommand([
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--places",
      PLACES,
      "--notes",
      notes,
    ]);
    assert.equal(code, 1);
    assertOneLine(stderr, /^routeguide: .*locked/);
  });

  test("refuses a bad setting from whatever source with exit code 64", async () => {
    const config = file("routeguide.json", '{"notesPerPiont": 3}');
    for (const [args, env, pattern] of [
      [["--listen", "nowhere"], {}, /^routeguide: --listen is "nowhere", but must be HOST:PORT/],
      [[], { ROUTEGUIDE_LOG_LEVEL: "loud" }, /^routeguide: ROUTEGUIDE_LOG_LEVEL is "loud", but must be one of silent,/],
      [["--config", config], {}, /^routeguide: notesPerPiont in .* is no setting. Did you mean notesPerPoint\?/],
    ] as const) {
      const { code, stderr } = await runCommand(["serve", ...args], { env });
      assert.equal(code, 64);
      assertOneLine(stderr, pattern);
    }
  });
});
