import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { promisify } from "node:util";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, nkeys } from "@nats-io/transport-node";
import { NatsServer } from "../../test/cluster/nats-server.js";
import { noteBusSuite } from "../../test/note-bus-suite.js";
import { batchOf, messages, notesOf, type Written } from "../../test/note-fixtures.js";
import { noteStoreSuite } from "../../test/note-store-suite.js";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { noteLimits } from "../notes/note-limits.js";
import { NoteStoreError } from "../notes/note-store.js";
import { JetStreamNotes, type JetStreamOptions } from "./jetstream-notes.js";

const nats = await NatsServer.start();
after(() => nats[Symbol.asyncDispose]());

let streams = 0;

/** What opens a stream of this test's own. */
function optionsOf(changes: Partial<JetStreamOptions> = {}): JetStreamOptions {
  const stream = { name: `test-${streams++}`, replicas: 1, limits: noteLimits({ notes: 10_000 }) };
  return { servers: [nats.url], stream, patienceMs: 10_000, ...changes };
}

noteStoreSuite(
  "Notes in JetStream",
  async () => {
    const options = optionsOf();
    return { open: () => JetStreamNotes.open(options), async [Symbol.asyncDispose]() {} };
  },
  { forgetting: "the stream has the limits of the history, and forgets by itself" },
);

noteBusSuite("Nodes of one stream", async () => {
  const options = optionsOf();
  const nodes = await Promise.all([JetStreamNotes.open(options), JetStreamNotes.open(options)]);
  await Promise.all(nodes.map((node) => node.load(() => {})));
  // As the board does: what is kept is published.
  const busOf = (node: JetStreamNotes) => ({
    join: node.join.bind(node),
    publish: async (notes: Parameters<JetStreamNotes["append"]>[0]) => {
      await node.append(notes);
      node.publish();
    },
  });
  return {
    buses: [busOf(nodes[0]), busOf(nodes[1])] as const,
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    },
  };
});

const numbered = (count: number, latitude: (i: number) => number): Written[] =>
  Array.from({ length: count }, (_, i) => [latitude(i), 2, `note ${i}`]);

suite("A batch in JetStream", () => {
  test("A batch larger than JetStream takes at once comes whole, in its order, here and at others", async () => {
    const options = optionsOf();
    await using here = await JetStreamNotes.open(options);
    await using there = await JetStreamNotes.open(options);
    const written = numbered(2500, (i) => i);
    const heard: { here: Written[]; there: Written[] } = { here: [], there: [] };
    await Promise.all([here.load(() => {}), there.load(() => {})]);
    here.join((notes) => heard.here.push(...notesOf(notes)));
    const all = new Promise<void>((resolve) => {
      there.join((notes) => {
        heard.there.push(...notesOf(notes));
        if (heard.there.length === written.length) resolve();
      });
    });
    await here.append(batchOf(written));
    await all;
    assert.deepEqual(heard.here, written);
    assert.deepEqual(heard.there, written);
  });

  test("Of more notes at one point than are kept, the poster hears all, and the stream keeps the last", async () => {
    const options = optionsOf({
      stream: { name: `test-${streams++}`, replicas: 1, limits: noteLimits({ notesPerPoint: 5 }) },
    });
    await using here = await JetStreamNotes.open(options);
    await here.load(() => {});
    const heard: Written[] = [];
    here.join((notes) => heard.push(...notesOf(notes)));
    const written = numbered(23, () => 1);
    await here.append(batchOf(written));
    assert.deepEqual(heard, written);
    await using late = await JetStreamNotes.open(options);
    const loaded: Written[] = [];
    await late.load((notes) => loaded.push(...notesOf(notes)));
    assert.deepEqual(messages(loaded), messages(written.slice(-5)));
  });

  test("What is no note in the stream is left out", async () => {
    const options = optionsOf();
    await using here = await JetStreamNotes.open(options);
    await here.append(batchOf([[1, 2, "before"]]));
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    for (const wrong of ["", "\xff\xff", "\x0a\x05"]) {
      await manager.jetstream().publish(`${options.stream.name}.note.1.2`, wrong);
    }
    await connection.close();
    await here.append(batchOf([[1, 2, "after"]]));
    await using late = await JetStreamNotes.open(options);
    const loaded: Written[] = [];
    await late.load((notes) => loaded.push(...notesOf(notes)));
    assert.deepEqual(messages(loaded), ["before", "after"]);
  });
});

suite("Opening a stream", () => {
  const refusal = async (options: JetStreamOptions): Promise<string> => {
    try {
      await using _ = await JetStreamNotes.open(options);
    } catch (error) {
      assert.ok(error instanceof NoteStoreError, String(error));
      return error.message;
    }
    throw new Error("it was opened");
  };

  test("says where there is nobody", async () => {
    const message = await refusal(optionsOf({ servers: ["nats://user:secret@127.0.0.1:1"] }));
    assert.equal(message, "NATS cannot be reached at nats://127.0.0.1:1: connection refused");
  });

  test("says that there is no JetStream", async () => {
    await using plain = await NatsServer.start({ jetstream: false });
    assert.match(await refusal(optionsOf({ servers: [plain.url] })), /^NATS at nats:\S+ has no JetStream/);
  });

  test("says that the login is wrong, and takes the right one", async () => {
    await using closed = await NatsServer.start({ config: "authorization { user: me, password: right }" });
    const servers = (login: string) => [closed.url.replace("//", `//${login}@`)];
    assert.match(await refusal(optionsOf({ servers: servers("me:wrong") })), /does not let us in: /);
    await using notes = await JetStreamNotes.open(optionsOf({ servers: servers("me:right") }));
    await notes.append(batchOf([[1, 2, "in"]]));
  });

  test("shows credentials, and says which file cannot be read", async () => {
    const user = nkeys.createUser();
    await using folder = await temporaryFolder();
    const credsFile = join(folder.path, "me.creds");
    await writeFile(
      credsFile,
      `-----BEGIN NATS USER JWT-----\nnone\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${new TextDecoder().decode(user.getSeed())}\n------END USER NKEY SEED------\n`,
    );
    await using closed = await NatsServer.start({
      config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }`,
    });
    const servers = [closed.url];
    await using notes = await JetStreamNotes.open(optionsOf({ servers, credsFile }));
    await notes.append(batchOf([[1, 2, "in"]]));
    assert.match(await refusal(optionsOf({ servers })), /does not let us in: /);
    const missing = join(folder.path, "missing.creds");
    assert.match(await refusal(optionsOf({ servers, credsFile: missing })), /missing\.creds cannot be read: /);
  });

  test("speaks TLS to whom the certificate's signer vouches for, and to nobody else", async () => {
    await using folder = await temporaryFolder();
    const [certFile, keyFile] = [join(folder.path, "cert.pem"), join(folder.path, "key.pem")];
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
    const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
    await promisify(execFile)("openssl", ["req", ...kind, ...names, "-out", certFile, "-keyout", keyFile]);
    await using secure = await NatsServer.start({ config: `tls { cert_file: "${certFile}", key_file: "${keyFile}" }` });
    const servers = [secure.url.replace("nats:", "tls:")];
    await using notes = await JetStreamNotes.open(optionsOf({ servers, caFile: certFile }));
    await notes.append(batchOf([[1, 2, "in"]]));
    assert.match(await refusal(optionsOf({ servers })), /^NATS cannot be reached at tls:\S+: self-signed certificate/);
    await using open = await JetStreamNotes.open(optionsOf());
    await open.append(batchOf([[1, 2, "in"]]));
    assert.match(
      await refusal(optionsOf({ servers: [nats.url.replace("nats:", "tls:")] })),
      /^NATS cannot be reached at tls:\S+: /,
    );
  });

  test("needs few permissions, and says which are missing", async () => {
    const few = `{ publish: ["$JS.API.>", "few.note.>"], subscribe: ["_INBOX.>"] }`;
    await using narrow = await NatsServer.start({
      config: `authorization { users: [{ user: me, password: me, permissions: ${few} }] }`,
    });
    const stream = { name: "few", replicas: 1, limits: noteLimits() };
    const login = [narrow.url.replace("//", "//me:me@")];
    await using notes = await JetStreamNotes.open(optionsOf({ servers: login, stream }));
    await notes.append(batchOf([[1, 2, "one"]]));
    await notes.append(batchOf(numbered(3, (i) => i)));
    const config = `authorization { users: [{ user: me, password: me, permissions: { publish: ["$JS.API.INFO", "$JS.API.STREAM.INFO.*"] } }] }`;
    await using closed = await NatsServer.start({ config });
    const servers = [closed.url.replace("//", "//me:me@")];
    assert.match(await refusal(optionsOf({ servers })), /this user may not use \$JS\.API\.STREAM\.CREATE/);
  });

  test("says which limits differ, and what to do", async () => {
    const options = optionsOf();
    await using _ = await JetStreamNotes.open(options);
    const other = { ...options.stream, limits: noteLimits({ notes: 10_000, notesPerPoint: 32 }) };
    const message = await refusal({ ...options, stream: other });
    assert.match(
      message,
      /^the stream test-\d+ has max_msgs_per_subject 64 instead of 32: .*nats stream edit test-\d+/,
    );
  });

  test("says that NATS takes no messages as long as notes may be", async () => {
    await using narrow = await NatsServer.start({ config: "max_payload: 2048" });
    assert.match(await refusal(optionsOf({ servers: [narrow.url] })), /takes messages of 2048 bytes, notes need 4352/);
  });
});
