import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { cameraOf, linkOf } from "./view-link.js";

suite("A link to a view", () => {
  test("names zoom, latitude and longitude, as exactly as can be seen", () => {
    assert.equal(linkOf({ center: { lat: 40.714271, lng: -74.005966 }, zoom: 8 }), "#8/40.714/-74.006");
    assert.equal(linkOf({ center: { lat: 24.6, lng: 185.2 }, zoom: 1.234 }), "#1.23/24.6/-174.8");
  });

  test("leads back to the view", () => {
    assert.deepEqual(cameraOf("#8/40.714/-74.006"), { center: { lat: 40.714, lng: -74.006 }, zoom: 8 });
  });

  test("never leads off the map", () => {
    assert.deepEqual(cameraOf("#99/99/540"), { center: { lat: 90, lng: -180 }, zoom: 17 });
  });

  test("is none if it says anything else", () => {
    for (const fragment of ["", "#", "#panel", "#1/2", "#1/2/3/4", "#1//3", "#1/2/", "#a/b/c", "#1/2/NaN"]) {
      assert.equal(cameraOf(fragment), undefined, fragment);
    }
  });
});
