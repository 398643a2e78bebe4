import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, suite, test } from "node:test";
import { Command, PLACES, runCommand, serveCommand } from "./command.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-client-"));
after(() => rmSync(folder, { recursive: true }));

let server: Awaited<ReturnType<typeof serveCommand>>;
before(async () => {
  server = await serveCommand(["--places", PLACES]);
});
after(() => server[Symbol.asyncDispose]());

const call = (args: readonly string[], input = "") => runCommand([...args, "--address", server.address], { input });

suite("routeguide get", () => {
  test("shows what is at a point, given in degrees or in E7", async () => {
    for (const point of ["40.9146138,-74.6188906", "409146138,-746188906"]) {
      const { code, stdout, stderr } = await call(["get", point]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^LATITUDE +LONGITUDE +NAME\n +40\.9146138 +-74\.6188906 +Berkshire Valley/);
      assert.equal(stderr, "");
    }
  });

  test("takes a southern latitude for a point, not for an option", async () => {
    for (const point of ["-33.8688,151.2093", "-33.8688 151.2093", "-3.38688e1, 151.2093"]) {
      const { stdout } = await call(["get", point, "--output", "ndjson"]);
      assert.deepEqual(JSON.parse(stdout), { latitude: -33.8688, longitude: 151.2093, name: "Sydney" });
    }
  });

  test("shows that nothing has a name at a point", async () => {
    const { code, stdout } = await call(["get", "0,0"]);
    assert.equal(code, 0);
    assert.match(stdout, /\(no name\)/);
  });

  test("refuses what is no point before it calls anybody", async () => {
    const { code, stdout, stderr } = await call(["get", "91,0"]);
    assert.equal(code, 64);
    assert.match(stderr, /^routeguide: latitude is 91, expected degrees from -90 to 90/);
    assert.equal(stdout, "");
  });

  test("looks at a route's file before it looks for a server", async () => {
    const { code, stderr } = await runCommand(["record", "none.gpx", "--address", "unix:/nowhere/none.sock"]);
    assert.equal(code, 1);
    assert.match(stderr, /^routeguide: cannot read none\.gpx: /);
  });

  test("exits with 78, UNAVAILABLE, where no server is", async () => {
    const { code, stderr } = await runCommand(["get", "1,2", "--address", "127.0.0.1:1"]);
    assert.equal(code, 78);
    assert.match(stderr, /^routeguide: UNAVAILABLE: .*127\.0\.0\.1:1.*\n.*routeguide serve --listen 127\.0\.0\.1:1\n$/);
  });

  test("says that the server may speak no TLS where it wants some and there is none", async () => {
    const { code, stderr } = await runCommand(["get", "1,2", "--address", `https://${server.address}`]);
    assert.equal(code, 78);
    assert.match(stderr, /it may speak no TLS/);
  });

  test("takes its address from the environment", async () => {
    const { code } = await runCommand(["get", "1,2"], { env: { ROUTEGUIDE_ADDRESS: `http://${server.address}` } });
    assert.equal(code, 0);
  });
});

suite("routeguide list", () => {
  test("lists a rectangle, corners in any order, edges included", async () => {
    const { code, stdout } = await call(["list", "42,-73", "40,-75", "--output", "json"]);
    assert.equal(code, 0);
    const names = JSON.parse(stdout).map(({ name }: { name: string }) => name);
    assert.deepEqual(names.sort(), [
      "Berkshire Valley Management Area Trail, Jefferson, NJ",
      "On the corner",
      "Somewhere in the woods",
    ]);
  });

  test("is quiet when its reader has seen enough", async () => {
    await using list = new Command(["list", "-90,-180", "90,180", "--address", server.address], { input: "" });
    list.child.stdout.destroy();
    assert.equal(await list.exitCode(), 0);
    assert.equal(list.stderr, "");
  });
});

suite("routeguide record", () => {
  const gpx = '<gpx><trk><trkseg><trkpt lat="40" lon="-75"/><trkpt lat="41" lon="-75"/></trkseg></trk></gpx>';
  const expected = { pointCount: 2, featureCount: 1, distanceMetres: 111_195, elapsedSeconds: 0 };

  test("sends the route of a file", async () => {
    const file = join(folder, "walk.gpx");
    writeFileSync(file, gpx);
    const { code, stdout, stderr } = await call(["record", file, "--output", "json"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), expected);
  });

  test("sends what comes on stdin, in each form", async () => {
    for (const input of [gpx, "lat,lon\n40,-75\n41,-75\n", '{"latitude":40,"longitude":-75}\n{"lat":41,"lon":-75}\n']) {
      const { stdout } = await call(["record", "-", "--output", "ndjson"], input);
      assert.deepEqual(JSON.parse(stdout), expected);
    }
  });

  test("takes what list gives", async () => {
    for (const format of ["ndjson", "json", "geojson"]) {
      const { stdout } = await call(["list", "40,-75", "42,-73", "--output", format]);
      const { stdout: summary } = await call(["record", "-", "--output", "ndjson"], stdout);
      assert.equal(JSON.parse(summary).featureCount, 3, format);
    }
  });

  test("names the line of what is no point, and exits with 1", async () => {
    const { code, stdout, stderr } = await call(["record", "-"], "40,-75\n91,0\n");
    assert.equal(code, 1);
    assert.match(stderr, /^routeguide: stdin: line 2: latitude is 91, expected .*\n$/);
    assert.equal(stdout, "");
  });

  test("names the file that it cannot read", async () => {
    const { code, stderr } = await call(["record", join(folder, "missing.gpx")]);
    assert.equal(code, 1);
    assert.match(stderr, /^routeguide: cannot read .*missing\.gpx: no such file or directory\n$/);
  });
});

suite("routeguide chat", () => {
  test("takes and gives NDJSON through a pipe, and ends when its input does", async () => {
    const input = ["first", "second"]
      .map((message) => JSON.stringify({ latitude: 10.5, longitude: 20, message }))
      .join("\n");
    const { code, stdout } = await call(["chat"], input);
    assert.equal(code, 0);
    const messages = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      messages.map(({ message }) => message),
      ["first", "first", "second"],
    );
    assert.deepEqual(messages[0], { latitude: 10.5, longitude: 20, message: "first" });
  });

  test("hears what others leave at the same point", async () => {
    await using listener = new Command(["chat", "--at", "-11,22", "--address", server.address]);
    listener.child.stdin.write('{"message":"who is here?"}\n');
    await listener.until("stdout", /who is here/);
    const { stdout } = await call(["chat", "--at", "-11,22"], '{"message":"I am"}');
    assert.match(stdout, /who is here.*\n.*I am/);
    await listener.until("stdout", /I am/);
  });

  test("names the line of what is no note, and exits with 1", async () => {
    const { code, stderr } = await call(["chat"], '{"latitude":1,"longitude":2}\n');
    assert.equal(code, 1);
    assert.match(stderr, /^routeguide: stdin: line 1: no text called message in .*\n$/);
  });

  test("prints code, message and wrong fields of a refused call, and exits with 64 and its code", async () => {
    const { code, stderr } = await call(["chat", "--at", "1,2"], JSON.stringify({ message: "a".repeat(5000) }));
    assert.equal(code, 64 + 3);
    assert.match(stderr, /^routeguide: INVALID_ARGUMENT: .*\n {2}message: .*4096/);
  });

  test("gives up after its timeout", async () => {
    await using chat = new Command(["chat", "--timeout", "0.2", "--address", server.address]);
    assert.equal(await chat.exitCode(), 64 + 4);
    assert.match(chat.stderr, /^routeguide: DEADLINE_EXCEEDED: /);
  });

  test("exits with 130 on Ctrl-C, and with the other signal's 143", async () => {
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      await using chat = new Command(["chat", "--at", "12,13", "--address", server.address]);
      chat.child.stdin.write('{"message":"hello"}\n');
      await chat.until("stdout", /hello/);
      chat.child.kill(signal);
      assert.equal(await chat.exitCode(), expected);
      assert.equal(chat.stderr, "");
    }
  });
});

suite("what the server sees", () => {
  test("a call that Ctrl-C ends is cancelled there", async () => {
    await using observed = await serveCommand(["--places", PLACES, "--log-level", "debug"]);
    await using chat = new Command(["chat", "--at", "1,2", "--address", observed.address]);
    chat.child.stdin.write('{"message":"hello"}\n');
    await chat.until("stdout", /hello/);
    chat.child.kill("SIGINT");
    await observed.until("stderr", /RouteGuide\/RouteChat .* code=CANCELLED /);
  });

  test("a route whose file turns out bad is cancelled there, and never summed up", async () => {
    await using observed = await serveCommand(["--places", PLACES, "--log-level", "debug"]);
    await runCommand(["record", "-", "--address", observed.address], { input: `${"40,-75\n".repeat(10_000)}91,0\n` });
    const [entry] = await observed.until("stderr", /.*RouteGuide\/RecordRoute .*/);
    assert.match(entry, / code=CANCELLED /);
  });
});

suite("routeguide demo", () => {
  const SECTIONS = [/UNARY/, /SERVER STREAMING/, /CLIENT STREAMING/, /BIDIRECTIONAL STREAMING/];

  test("makes all four calls to the server it is given", async () => {
    const { code, stdout, stderr } = await runCommand(["demo", server.address]);
    assert.equal(code, 0, stderr);
    for (const section of SECTIONS) assert.match(stdout, section);
    assert.match(stdout, /^Feature ".+" at /m);
    assert.match(stdout, /^No feature at /m);
    assert.match(stdout, /^Summary: \d+ points, \d+ features, /m);
    assert.equal(stdout.match(/^Sent /gm)?.length, 6);
    // At each of three points the first note is heard once more with the second.
    assert.equal(stdout.match(/^Heard /gm)?.length, 9);
  });

  test("leaves no note in NATS, whatever the settings of the machine's server are", async () => {
    const env = { ROUTEGUIDE_NATS: "nats://127.0.0.1:1" };
    const { code, stderr } = await runCommand(["demo", "--places", PLACES], { env });
    assert.equal(code, 0, stderr);
  });

  test("takes the server's address as other commands do, and one only", async () => {
    const { code, stdout } = await call(["demo"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Calling /);
    const two = await call(["demo", "127.0.0.1:1"]);
    assert.equal(two.code, 64);
    assert.match(two.stderr, /^routeguide: there is one server to call: 127\.0\.0\.1:1, or /);
  });

  test("brings a server of its own where none is given", async () => {
    const { code, stdout, stderr } = await runCommand(["demo", "--places", PLACES]);
    assert.equal(code, 0, stderr);
    for (const section of SECTIONS) assert.match(stdout, section);
  });
});

suite("the command line", () => {
  test("suggests what a mistyped command or flag may have meant, and exits with 64", async () => {
    for (const [args, pattern] of [
      [["lsit"], /^routeguide: unknown command 'lsit'\. Did you mean list\?\n/],
      [
        ["list", "1,2", "3,4", "--outptu", "json"],
        /^routeguide: unknown option '--outptu'\. Did you mean --output\?\n/,
      ],
      [
        ["get"],
        /^routeguide: missing required argument 'POINT'\nUsage: routeguide get .*<POINT>\n {2}POINT: latitude,longitude/,
      ],
      [["get", "here"], /^routeguide: point is "here", expected latitude,longitude/],
      [["get", "1,2", "3,4"], /^routeguide: too many arguments.*\nUsage: routeguide get .*<POINT>\n {2}POINT: /],
    ] as const) {
      const { code, stdout, stderr } = await runCommand(args);
      assert.equal(code, 64, stderr);
      assert.match(stderr, pattern);
      assert.equal(stdout, "");
    }
  });

  test("refuses a format that does not exist with exit code 64", async () => {
    const { code, stderr } = await runCommand(["get", "1,2", "--output", "yaml"]);
    assert.equal(code, 64);
    assert.match(stderr, /^routeguide: --output is "yaml", but must be one of auto, table,/);
  });

  test("shows examples in the help of every command", async () => {
    for (const command of ["serve", "demo", "get", "list", "record", "chat"]) {
      const { code, stdout } = await runCommand([command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`\\nExamples:\\n(  .*\\n)*.*routeguide ${command}`));
    }
  });

  test("shows its help on stderr where no command is given", async () => {
    const { code, stdout, stderr } = await runCommand([]);
    assert.equal(code, 64);
    assert.match(stderr, /^Usage: routeguide/);
    assert.equal(stdout, "");
  });

  test("writes no colours into a pipe", async () => {
    const { stdout } = await runCommand(["demo", server.address]);
    assert.ok(!stdout.includes("\u001b"));
  });
});

suite("routeguide notes", () => {
  const leave = (message: string) =>
    call(["chat", "--output", "ndjson"], `{"latitude":1,"longitude":2,"message":"${message}"}\n`);

  test("shows the newest notes of an area, then each as it is left, until it is interrupted", async () => {
    await leave("before");
    const address = ["--address", server.address];
    await using notes = new Command(["notes", "0,0", "5,5", "--recent", "1", "--output", "ndjson", ...address], {
      input: "",
    });
    const lines = createInterface(notes.child.stdout)[Symbol.asyncIterator]();
    assert.deepEqual(JSON.parse((await lines.next()).value), { latitude: 1, longitude: 2, message: "before" });
    await leave("now");
    assert.equal(JSON.parse((await lines.next()).value).message, "now");
    notes.child.kill("SIGINT");
    assert.equal(await notes.exitCode(), 130);
  });

  test("leaves a whole document when it is interrupted", async () => {
    await leave("kept");
    await using notes = new Command(["notes", "--recent", "1", "--output", "json", "--address", server.address], {
      input: "",
    });
    await notes.until("stdout", /kept/);
    notes.child.kill("SIGINT");
    assert.equal(await notes.exitCode(), 130);
    assert.deepEqual(JSON.parse(notes.stdout), [{ latitude: 1, longitude: 2, message: "kept" }]);
  });

  test("refuses half an area, and what is no number", async () => {
    const half = await call(["notes", "1,2"]);
    assert.equal(half.code, 64);
    assert.match(half.stderr, /^routeguide: one corner is no area/);
    const wrong = await call(["notes", "--recent", "many"]);
    assert.equal(wrong.code, 64);
    assert.match(wrong.stderr, /^routeguide: --recent is many, expected a whole number/);
  });
});
