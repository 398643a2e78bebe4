import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { openBrowser } from "./open-browser.js";

test("where nothing opens a browser, it is said", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = "";
  try {
    const failed = new EventTarget();
    const heard = once(failed, "failed");
    openBrowser("http://127.0.0.1:1/", () => failed.dispatchEvent(new Event("failed")));
    assert.equal((await heard).length, 1);
  } finally {
    process.env["PATH"] = path;
  }
});
