// Imports every test file named in ROUTEGUIDE_TEST_FILES into this process. A file that does not load is a failed test.
import { test } from "node:test";
import { pathToFileURL } from "node:url";

for (const file of JSON.parse(process.env["ROUTEGUIDE_TEST_FILES"] ?? "[]")) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    test(`${file} loads`, () => {
      throw error;
    });
  }
}
