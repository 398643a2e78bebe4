import assert from "node:assert/strict";
import { test } from "node:test";
import { dataFolder } from "./data-folder.js";

test("data lies where each platform keeps a user's data", () => {
  const home = "/home/ada";
  assert.equal(dataFolder({ platform: "linux", home, env: {} }), "/home/ada/.local/share/routeguide");
  assert.equal(dataFolder({ platform: "linux", home, env: { XDG_DATA_HOME: "/data" } }), "/data/routeguide");
  assert.equal(
    dataFolder({ platform: "darwin", home: "/Users/ada", env: {} }),
    "/Users/ada/Library/Application Support/routeguide",
  );
  const windows = { platform: "win32", home: "C:\\Users\\ada" } as const;
  assert.equal(dataFolder({ ...windows, env: {} }), "C:\\Users\\ada\\AppData\\Local\\routeguide");
  assert.equal(dataFolder({ ...windows, env: { LOCALAPPDATA: "D:\\Local" } }), "D:\\Local\\routeguide");
});

test("a relative XDG_DATA_HOME is ignored, as its specification says", () => {
  const machine = { platform: "linux", home: "/home/ada", env: { XDG_DATA_HOME: "data" } } as const;
  assert.equal(dataFolder(machine), "/home/ada/.local/share/routeguide");
});
