import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../config.js";

test("origins are read from every source, in the environment with commas between them", () => {
  const origins = ["https://app.example.com", "http://localhost:5173"];
  assert.deepEqual(loadConfig({ allowOrigin: origins }).allowOrigin, origins);
  assert.deepEqual(loadConfig({}, { ROUTEGUIDE_ALLOW_ORIGIN: origins.join(",") }).allowOrigin, origins);
  assert.equal(loadConfig({ allowOrigin: ["*"] }).allowOrigin, "*");
});

test("what is no origin is refused, and so is * among others", () => {
  for (const bad of ["", "app.example.com", "https://app.example.com/", "null", "https://a.example,*"]) {
    assert.throws(
      () => loadConfig({}, { ROUTEGUIDE_ALLOW_ORIGIN: bad || "," }),
      /must be an origin such as https:\/\/app\.example\.com, without a path, or \*/,
      bad,
    );
  }
});
