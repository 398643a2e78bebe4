import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { type Command, PLACES, serveCommand } from "./command.js";

const POINT = { latitude: 409146138, longitude: -746188906 };
const PLACE = { name: "Berkshire Valley Management Area Trail, Jefferson, NJ", location: POINT };
const PAGE = "https://app.example.com";

suite("a client that knows nothing but HTTP", () => {
  let server: Command & { readonly address: string };
  before(async () => {
    server = await serveCommand(["--places", PLACES, "--allow-origin", PAGE]);
  });
  after(() => server[Symbol.asyncDispose]());

  const call = (method: string, init: RequestInit = {}) =>
    fetch(`http://${server.address}/routeguide.RouteGuide/${method}`, {
      method: "POST",
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });

  test("gets a feature in JSON, by POST and by GET", async () => {
    assert.deepEqual(await (await call("GetFeature", { body: JSON.stringify(POINT) })).json(), PLACE);
    const query = `GetFeature?encoding=json&message=${encodeURIComponent(JSON.stringify(POINT))}`;
    assert.deepEqual(await (await call(query, { method: "GET" })).json(), PLACE);
  });

  test("is told what is wrong with its request", async () => {
    const north = await call("GetFeature", { body: JSON.stringify({ latitude: 2_000_000_000 }) });
    assert.equal(north.status, 400);
    const { code, details } = (await north.json()) as { code: string; details: { type: string; debug: unknown }[] };
    assert.equal(code, "invalid_argument");
    assert.equal(details[0]?.type, "google.rpc.BadRequest");
    assert.match(JSON.stringify(details[0]?.debug), /"field":"latitude"/);
    for (const [method, init, status] of [
      ["GetFeature", { body: "{" }, 400],
      ["GetFeature", { body: '{"latitude":"north"}' }, 400],
      ["GetFeature", { body: "{}", headers: { "content-type": "text/plain" } }, 415],
      ["ListFeatures", { body: "{}" }, 415],
      ["ListFeatures", { method: "GET" }, 405],
      ["GetFeatures", { body: "{}" }, 404],
    ] as const) {
      const response = await call(method, init);
      assert.equal(response.status, status, method);
      assert.match(await response.text(), /\w{3}/);
    }
  });

  test("is read by pages of the origins that are allowed, and of no others", async () => {
    const body = JSON.stringify(POINT);
    const allowed = await call("GetFeature", { body, headers: { origin: PAGE } });
    assert.equal(allowed.headers.get("access-control-allow-origin"), PAGE);
    const other = await call("GetFeature", { body, headers: { origin: "https://other.example.com" } });
    assert.equal(other.headers.get("access-control-allow-origin"), null);
  });
});
