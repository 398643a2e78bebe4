import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { PLACES, runCommand, serveCommand } from "../command.js";

type Point = { latitude: number; longitude: number };
type Feature = { name: string; location: Point };
type Summary = { pointCount: number; featureCount: number; distance: number; elapsedTime: number };
type Note = { location: Point | null; message: string };
type Answer<T> = (error: ServiceError | null, value?: T) => void;

/** What grpc-js makes of the contract at run time. */
interface RouteGuideClient extends Client {
  getFeature(point: Point, metadata: Metadata, options: object, answer: Answer<Feature>): ClientUnaryCall;
  listFeatures(rectangle: { lo: Point; hi: Point }): ClientReadableStream<Feature>;
  recordRoute(answer: Answer<Summary>): ClientWritableStream<Point>;
  routeChat(metadata?: Metadata, options?: object): ClientDuplexStream<Note, Note>;
}

const PROTO = fileURLToPath(new URL("../../../proto/routeguide/route_guide.proto", import.meta.url));
const definition = loadPackageDefinition(loadSync(PROTO, { defaults: true }));
const { RouteGuide } = definition["routeguide"] as unknown as { RouteGuide: ServiceClientConstructor };
const CORNER = { latitude: 400_000_000, longitude: -750_000_000 };
const OPPOSITE = { latitude: 420_000_000, longitude: -730_000_000 };

for (const engine of ["own", "node"]) {
  suite(`grpc-js calls routeguide, engine ${engine}`, () => {
    let server: Awaited<ReturnType<typeof serveCommand>>;
    let client: RouteGuideClient;
    before(async () => {
      server = await serveCommand(["--places", PLACES, "--engine", engine, "--log-level", "debug"]);
      client = new RouteGuide(server.address, credentials.createInsecure()) as unknown as RouteGuideClient;
    });
    after(async () => {
      client.close();
      await server[Symbol.asyncDispose]();
    });

    const get = (point: Point, metadata = new Metadata(), options = {}) =>
      new Promise<Feature>((resolve, reject) => {
        client.getFeature(point, metadata, options, (error, value) =>
          value === undefined ? reject(error) : resolve(value),
        );
      });

    test("gets a feature, with metadata of both kinds", async () => {
      const metadata = new Metadata();
      metadata.set("x-trip", "to the coast");
      metadata.set("x-trip-bin", Buffer.from([0, 255, 1]));
      assert.equal((await get(CORNER, metadata)).name, "On the corner");
    });

    test("is told what was wrong, with details", async () => {
      await assert.rejects(get({ latitude: 900_000_001, longitude: 0 }), (error: ServiceError) => {
        assert.equal(error.code, status.INVALID_ARGUMENT);
        assert.match(error.details, /^latitude is 900000001/);
        const [details] = error.metadata.get("grpc-status-details-bin");
        assert.ok(Buffer.isBuffer(details) && details.includes("google.rpc.BadRequest"));
        return true;
      });
    });

    test("lists features", async () => {
      const names: string[] = [];
      for await (const feature of client.listFeatures({ lo: CORNER, hi: OPPOSITE })) names.push(feature.name);
      assert.equal(names.length, 3);
    });

    test("records a route of many points", async () => {
      const count = 20_000;
      const summary = await new Promise<Summary>((resolve, reject) => {
        const call = client.recordRoute((error, value) => (value === undefined ? reject(error) : resolve(value)));
        for (let i = 0; i < count; i++) call.write(CORNER);
        call.end();
      });
      assert.deepEqual([summary.pointCount, summary.featureCount, summary.distance], [count, count, 0]);
    });

    test("chats, and hears itself and what was there", async () => {
      const chat = client.routeChat();
      const heard: string[] = [];
      for (const message of ["one", "two"]) chat.write({ location: OPPOSITE, message });
      chat.end();
      for await (const note of chat) heard.push((note as Note).message);
      assert.deepEqual(heard, ["one", "one", "two"]);
    });

    test("gives up a chat at its deadline", async () => {
      const chat = client.routeChat(new Metadata(), { deadline: Date.now() + 200 });
      chat.write({ location: CORNER, message: "soon over" });
      const [note] = (await once(chat, "data")) as [Note];
      assert.equal(note.message, "soon over");
      const [error] = (await once(chat, "error")) as [ServiceError];
      assert.equal(error.code, status.DEADLINE_EXCEEDED);
    });

    test("cancels a chat, which ends on the server too", async () => {
      const chat = client.routeChat();
      chat.write({ location: { latitude: 5, longitude: 5 }, message: "leaving" });
      await once(chat, "data");
      chat.cancel();
      const [error] = (await once(chat, "error")) as [ServiceError];
      assert.equal(error.code, status.CANCELLED);
      // grpc-js half-closes as it cancels, in a frame before: whether this chat, the third, is cancelled or ends well is a race.
      await server.until("stderr", /(RouteGuide\/RouteChat [\s\S]*){3}/);
    });
  });

  suite(`routeguide calls grpc-js, engine ${engine}`, () => {
    const server = new Server();
    let to: string[];
    before(async () => {
      server.addService(RouteGuide.service, {
        getFeature(call: { request: Point }, answer: Answer<Feature>) {
          if (call.request.latitude !== 0) answer(null, { name: "Somewhere", location: call.request });
          else answer({ code: status.NOT_FOUND, details: "nothing is here" } as ServiceError);
        },
        listFeatures(call: { write(feature: Feature): void; end(): void }) {
          for (let i = 0; i < 1000; i++) call.write({ name: `Place ${i}`, location: { latitude: i, longitude: 0 } });
          call.end();
        },
        recordRoute(call: AsyncIterable<Point>, answer: Answer<Partial<Summary>>) {
          void (async () => {
            let pointCount = 0;
            for await (const _ of call) pointCount++;
            answer(null, { pointCount });
          })();
        },
        routeChat(call: ServerDuplexStream<Note, Note>) {
          call.on("data", (note: Note) => call.write(note));
          call.on("end", () => call.end());
        },
      });
      const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
          error === null ? resolve(bound) : reject(error),
        );
      });
      to = ["--address", `127.0.0.1:${port}`, "--engine", engine];
    });
    after(() => server.forceShutdown());

    test("all four calls, and an error", async () => {
      const get = await runCommand(["get", "1,2", "--output", "json", ...to]);
      assert.equal(JSON.parse(get.stdout).name, "Somewhere");
      const missing = await runCommand(["get", "0,2", ...to]);
      assert.equal(missing.code, 64 + status.NOT_FOUND);
      assert.match(missing.stderr, /NOT_FOUND: nothing is here/);
      const list = await runCommand(["list", "0,0", "1,1", "--output", "ndjson", ...to]);
      assert.equal(list.stdout.trimEnd().split("\n").length, 1000);
      const points = "40,-75\n".repeat(5000);
      const record = await runCommand(["record", "-", "--output", "json", ...to], { input: points });
      assert.equal(JSON.parse(record.stdout).pointCount, 5000, record.stderr);
      const chat = await runCommand(["chat", "--at", "1,2", ...to], { input: '{"message":"echo"}\n' });
      assert.match(chat.stdout, /echo/);
    });
  });
}
