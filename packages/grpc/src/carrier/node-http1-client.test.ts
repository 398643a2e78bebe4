import assert from "node:assert/strict";
import { createServer as createTcpServer, type Socket } from "node:net";
import { test } from "node:test";
import { collect, type EchoImpl, failure, later } from "../../test/calls/harness.js";
import { makeAuthority, makeCertificate } from "../../test/certificates.js";
import { Echo } from "../../test/gen/kinds/echo_pb.js";
import { Code, createClient, createServer } from "../index.js";
import { dial } from "./node-dial.js";
import { type ListenOptions, listen } from "./node-listen.js";

const OPTIONS = { timeout: 10_000 };

const impl: EchoImpl = {
  unary: ({ number }) => ({ number }),
  *serverStream({ number }) {
    for (let i = 1; i <= number; i++) yield { number: i };
  },
  async clientStream(requests) {
    return { received: (await collect(requests)).length };
  },
};

const serve = (options: ListenOptions = {}) => listen(createServer().service(Echo, impl), { port: 0 }, options);

/** A server that answers each connection with these bytes, once it has sent some. */
async function answering(text: string) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => socket.write(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    address: `http://127.0.0.1:${port}` as const,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

for (const protocol of ["connect", "grpc-web"] as const) {
  test(`${protocol} over HTTP/1.1: many calls at a time, each kind but two-way streams`, OPTIONS, async () => {
    const listening = await serve();
    const transport = dial(`http://${listening.address}`, { protocol, httpVersion: 1 });
    const client = createClient(Echo, transport);
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const answers = await Promise.all(numbers.map((number) => client.unary({ number })));
    assert.deepEqual(
      answers.map(({ number }) => number),
      numbers,
    );
    assert.equal((await collect(client.serverStream({ number: 100 }))).length, 100);
    assert.equal((await client.clientStream(later({}, {}, {}))).received, 3);
    await transport[Symbol.asyncDispose]();
    await listening.close(0);
  });
}

test("HTTP/1.1 over TLS, with a certificate of the client's own", OPTIONS, async () => {
  const authority = makeAuthority("the authority");
  const { cert, key } = makeCertificate("the server", authority);
  const own = makeCertificate("the client", authority);
  const listening = await serve({ tls: { cert, key, clientCa: authority.cert } });
  const tls = { ca: authority.cert, cert: own.cert, key: own.key };
  const transport = dial(`https://${listening.address}`, { protocol: "connect", httpVersion: 1, tls });
  assert.equal((await createClient(Echo, transport).unary({ number: 7 })).number, 7);
  await transport[Symbol.asyncDispose]();
  await listening.close(0);
});

test("a server that comes back is called again", OPTIONS, async () => {
  const first = await serve();
  const port = Number(first.address.split(":")[1]);
  const options = { protocol: "connect", httpVersion: 1, backoff: { initialMs: 1, maxMs: 1 } } as const;
  const transport = dial(`http://${first.address}`, options);
  const client = createClient(Echo, transport);
  await client.unary({});
  await first.close(0);
  await failure(client.unary({}), Code.Unavailable);
  const second = await listen(createServer().service(Echo, impl), { port });
  assert.equal((await client.unary({ number: 2 }, { waitForReady: true })).number, 2);
  await transport[Symbol.asyncDispose]();
  await second.close(0);
});

test("more interim responses than anybody needs end the call", OPTIONS, async () => {
  await using hostile = await answering("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(33));
  const transport = dial(hostile.address, { protocol: "connect", httpVersion: 1 });
  await failure(createClient(Echo, transport).unary({}), Code.ResourceExhausted);
  await transport[Symbol.asyncDispose]();
});

test("what answers with no HTTP, or hangs up, is UNAVAILABLE", OPTIONS, async () => {
  await using hostile = await answering("SSH-2.0-OpenSSH\r\n");
  const transport = dial(hostile.address, { protocol: "connect", httpVersion: 1 });
  await failure(createClient(Echo, transport).unary({}), Code.Unavailable);
  await transport[Symbol.asyncDispose]();
});

test("gRPC over HTTP/1.1 is refused, and what does work is named", () => {
  assert.throws(() => dial("http://127.0.0.1:1", { httpVersion: 1 }), /choose the protocol "grpc-web" or "connect"/);
});
