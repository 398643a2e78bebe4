import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { after, suite, test } from "node:test";
import { ConfigError, type Flags, loadConfig, wantsColor } from "./config.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-config-"));
after(() => rmSync(folder, { recursive: true }));

const HOME = { XDG_DATA_HOME: join(folder, "data") };

function file(content: unknown): string {
  const path = join(folder, "routeguide.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const refusal = (flags: Flags, env: Record<string, string> = {}) => {
  try {
    loadConfig(flags, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  throw new Error("nothing was refused");
};

suite("loadConfig", () => {
  test("has a default for every setting", () => {
    assert.deepEqual(loadConfig({}, HOME), {
      listen: { host: "127.0.0.1", port: 50051 },
      uds: undefined,
      places: [],
      notes: { folder: join(folder, "data", "routeguide", "notes") },
      nats: [],
      natsStream: "routeguide",
      natsReplicas: 1,
      natsTimeoutSeconds: 10,
      natsCreds: undefined,
      natsCa: undefined,
      notesPerPoint: 64,
      maxNotes: 1_048_576,
      maxTotalNoteBytes: 67_108_864,
      maxNoteBytes: 4096,
      maxMessageBytes: 4_194_304,
      maxConnections: 10_000,
      maxConcurrentStreams: 1000,
      stallSeconds: 300,
      drainSeconds: 10,
      lameDuckSeconds: 0,
      reflection: true,
      map: true,
      admin: undefined,
      adminPublic: false,
      logLevel: "info",
      logFormat: "auto",
      accessLog: false,
      slowCallMs: 0,
      watch: false,
      engine: "own",
      allowOrigin: [],
      tlsCert: undefined,
      tlsKey: undefined,
      tlsClientCa: undefined,
      address: "http://127.0.0.1:50051",
      ca: undefined,
      cert: undefined,
      key: undefined,
      protocol: "grpc",
      timeoutSeconds: 0,
      output: "auto",
    });
  });

  test("takes a flag before the environment, that before the file, that before the default", () => {
    const config = file({ notesPerPoint: 1, drainSeconds: 1, logLevel: "warn" });
    const env = { ROUTEGUIDE_NOTES_PER_POINT: "2", ROUTEGUIDE_DRAIN_SECONDS: "2" };
    const loaded = loadConfig({ config, notesPerPoint: "3" }, env);
    assert.equal(loaded.notesPerPoint, 3);
    assert.equal(loaded.drainSeconds, 2);
    assert.equal(loaded.logLevel, "warn");
    assert.equal(loaded.maxNoteBytes, 4096);
  });

  test("turns a switch on and off from every source", () => {
    assert.equal(loadConfig({ reflection: false }, { ROUTEGUIDE_REFLECTION: "true" }).reflection, false);
    assert.equal(
      loadConfig({ config: file({ reflection: false }) }, { ROUTEGUIDE_REFLECTION: "true" }).reflection,
      true,
    );
    assert.equal(loadConfig({ config: file({ reflection: false }) }).reflection, false);
    assert.match(refusal({}, { ROUTEGUIDE_REFLECTION: "yes" }), /REFLECTION is "yes", but must be true or false/);
  });

  test("reads the file that the environment names", () => {
    assert.equal(loadConfig({}, { ROUTEGUIDE_CONFIG: file({ drainSeconds: 0.5 }) }).drainSeconds, 0.5);
  });

  test("is frozen, lists too", () => {
    const config = loadConfig({ places: ["a.csv"] });
    assert.ok(Object.isFrozen(config));
    assert.ok(Object.isFrozen(config.places));
  });

  test("starts relative paths of the file at its folder, and all others here", () => {
    const config = file({ places: ["a.json", "/b.json"], notes: "kept" });
    assert.deepEqual(loadConfig({ config }).places, [join(folder, "a.json"), resolve("/b.json")]);
    assert.deepEqual(loadConfig({ config }).notes, { folder: join(folder, "kept") });
    assert.deepEqual(loadConfig({ places: ["a.json"] }).places, [resolve("a.json")]);
  });

  test("splits places in the environment like a PATH", () => {
    const env = { ROUTEGUIDE_PLACES: ["a.json", "b.csv"].join(delimiter) };
    assert.deepEqual(loadConfig({}, env).places, [resolve("a.json"), resolve("b.csv")]);
  });

  test("takes an empty variable for none", () => {
    assert.equal(loadConfig({}, { ROUTEGUIDE_DRAIN_SECONDS: "" }).drainSeconds, 10);
  });

  test("names a bad value, where it came from and what was expected", () => {
    assert.equal(
      refusal({ listen: "nowhere" }),
      '--listen is "nowhere", but must be HOST:PORT, [IPV6]:PORT, :PORT or unix:PATH, with a port up to 65535',
    );
    assert.equal(
      refusal({}, { ROUTEGUIDE_DRAIN_SECONDS: "soon" }),
      'ROUTEGUIDE_DRAIN_SECONDS is "soon", but must be a number of seconds from 0 to 3600',
    );
    const config = file({ notesPerPoint: 0 });
    assert.equal(refusal({ config }), `notesPerPoint in ${config} is 0, but must be a whole number from 1 to 100000`);
    assert.equal(
      refusal({ timeoutSeconds: "-1" }),
      '--timeout is "-1", but must be a number of seconds from 0 to 86400',
    );
  });

  for (const [name, value] of Object.entries({
    listen: ["", "host", "host:", "host:65536", "host:-1", "unix:", "http://host:1", "[::1", "::1:50051"],
    places: [""],
    notes: [""],
    nats: ["", "localhost", "http://localhost:4222", "nats://", "nats://host:4222/path", "nats://a:4222,b:4222"],
    natsStream: ["", "notes.of.mine", "*", "a b"],
    natsReplicas: ["0", "6"],
    natsTimeoutSeconds: ["0", "61"],
    notesPerPoint: ["", "0", "1.5", "1e9", "64 notes"],
    maxNoteBytes: ["0", "2097152"],
    drainSeconds: ["", "-1", "10s", "Infinity", "NaN"],
    logLevel: ["", "INFO", "loud"],
    address: ["", "ftp://host", "http://host/path", "host:0", "host:99999", "unix:"],
    engine: ["", "nginx"],
    output: ["", "yaml"],
  })) {
    test(`refuses what ${name} does not take`, () => {
      for (const bad of value) assert.match(refusal({ [name]: bad }), /^--[a-z-]+ is ".*", but must be /, bad);
    });
  }

  test("refuses values of another type in the file", () => {
    for (const bad of [{ listen: 50051 }, { places: [1] }, { notes: true }, { logLevel: null }, { drainSeconds: [] }]) {
      assert.match(refusal({ config: file(bad) }), /but must be /, JSON.stringify(bad));
    }
  });

  test("names the setting that a mistyped one in the file most likely meant", () => {
    const config = file({ notesPerPiont: 5 });
    assert.equal(refusal({ config }), `notesPerPiont in ${config} is no setting. Did you mean notesPerPoint?`);
    assert.equal(refusal({ config: file({ zebra: 5 }) }), `zebra in ${config} is no setting`);
  });

  test("refuses one half of what goes together", () => {
    assert.equal(refusal({ tlsCert: "a.pem" }), "--tls-cert is given and --tls-key is not: set both, or none");
    assert.equal(refusal({ tlsKey: "a.pem" }), "--tls-key is given and --tls-cert is not: set both, or none");
    assert.match(refusal({ tlsClientCa: "a.pem" }), /^--tls-client-ca is given and --tls-cert is not/);
    assert.match(refusal({}, { ROUTEGUIDE_KEY: "a.pem" }), /^--key is given and --cert is not/);
    assert.equal(loadConfig({ cert: "a.pem", key: "b.pem" }).cert, resolve("a.pem"));
  });

  test("takes servers of NATS in one flag, in several, and from the environment", () => {
    const servers = ["nats://a:4222", "tls://me:secret@b.example:4222"];
    for (const nats of [servers, [servers.join(",")], servers.join(",")])
      assert.deepEqual(loadConfig({ nats }).nats, servers);
    assert.deepEqual(loadConfig({}, { ROUTEGUIDE_NATS: servers.join(",") }).nats, servers);
  });

  test("keeps notes in one place only", () => {
    const nats = "nats://localhost";
    assert.match(refusal({ nats, notes: "here" }), /^--nats and --notes are given: .* leave --notes out$/);
    assert.match(refusal({ config: file({ notes: "here", nats }) }), /leave --notes out$/);
    assert.deepEqual(loadConfig({ nats }).nats, [nats]);
    assert.match(refusal({ natsCreds: "me.creds" }), /^--nats-creds is given and --nats is not/);
  });

  test("opens the admin port to other machines only if that was said", () => {
    for (const admin of [":9464", "0.0.0.0:9464", "example.org:9464"]) {
      assert.match(refusal({ admin }), /^--admin could be reached .* 127\.0\.0\.1:9464, or add --admin-public$/, admin);
      assert.ok(loadConfig({ admin, adminPublic: true }).adminPublic);
    }
    for (const admin of ["localhost:9464", "[::1]:9464", "unix:admin.sock"])
      assert.ok(loadConfig({ admin }).admin, admin);
  });

  test("shows the one bad value of a flag that may be repeated", () => {
    assert.match(refusal({ allowOrigin: ["here"] }), /^--allow-origin is "here", but must be /);
  });

  test("does not take names that every object has for settings", () => {
    assert.match(refusal({ config: file('{"__proto__": 1}') }), /__proto__ in .* is no setting/);
    assert.match(refusal({ config: file({ constructor: 1 }) }), /constructor in .* is no setting/);
  });

  test("says what is wrong with a file that is no configuration", () => {
    const missing = join(folder, "missing.json");
    assert.equal(refusal({ config: missing }), `--config: cannot read ${missing}: no such file or directory`);
    assert.match(refusal({ config: file("{") }), /routeguide\.json is not JSON: /);
    assert.match(refusal({ config: file([]) }), /must hold a JSON object of settings/);
  });
});

suite("wantsColor", () => {
  test("colours a terminal unless NO_COLOR is set or the terminal has none", () => {
    assert.equal(wantsColor(true, {}), true);
    assert.equal(wantsColor(false, {}), false);
    assert.equal(wantsColor(true, { NO_COLOR: "1" }), false);
    assert.equal(wantsColor(true, { NO_COLOR: "" }), true);
    assert.equal(wantsColor(true, { TERM: "dumb" }), false);
  });
});
