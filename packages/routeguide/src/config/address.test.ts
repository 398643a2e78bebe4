import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseListen, parseTarget } from "./address.js";

suite("parseListen", () => {
  test("reads hosts, IPv6 hosts, ports alone and Unix sockets", () => {
    assert.deepEqual(parseListen("127.0.0.1:50051"), { host: "127.0.0.1", port: 50051 });
    assert.deepEqual(parseListen("localhost:0"), { host: "localhost", port: 0 });
    assert.deepEqual(parseListen("[::1]:8080"), { host: "::1", port: 8080 });
    assert.deepEqual(parseListen("[fe80::1%eth0]:8080"), { host: "fe80::1%eth0", port: 8080 });
    assert.deepEqual(parseListen(":50051"), { port: 50051 });
    assert.deepEqual(parseListen("unix:/run/rg.sock"), { path: "/run/rg.sock" });
  });

  test("does not guess a port", () => {
    assert.equal(parseListen("localhost"), undefined);
    assert.equal(parseListen("::1"), undefined);
  });
});

suite("parseTarget", () => {
  test("takes http for what names no scheme", () => {
    assert.equal(parseTarget("example.org:80"), "http://example.org:80");
    assert.equal(parseTarget("[::1]:50051"), "http://[::1]:50051");
  });

  test("completes port and host", () => {
    assert.equal(parseTarget("localhost"), "http://localhost:50051");
    assert.equal(parseTarget(":8080"), "http://localhost:8080");
    assert.equal(parseTarget("http://localhost/"), "http://localhost:50051");
    assert.equal(parseTarget("https://example.org"), "https://example.org:443");
  });

  test("takes Unix sockets as they are", () => {
    assert.equal(parseTarget("unix:/run/rg.sock"), "unix:/run/rg.sock");
  });

  test("refuses other schemes, paths and credentials", () => {
    for (const text of ["grpc://host", "http://host/x", "http://user@host", "host:1:2", "a b:1"]) {
      assert.equal(parseTarget(text), undefined, text);
    }
  });
});
