import assert from "node:assert/strict";
import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectPlain, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { type Identity, makeAuthority, makeCertificate } from "../../test/certificates.js";
import { Recorder } from "../../test/exchange/recorder.js";
import { untilGone } from "../../test/until-gone.js";
import { type Accept, type Peer, ResetCode } from "../exchange.js";
import { dial } from "./node-dial.js";
import { type Listening, type ListenOptions, listen } from "./node-listen.js";
import type { DialTarget } from "./node-target.js";

const OPTIONS = { timeout: 10_000 };
const authority = makeAuthority("the authority");
const server = makeCertificate("the server", authority);
const client = makeCertificate("the client", authority);

/** Answers at once, and keeps who asked. */
async function serve(options: ListenOptions): Promise<Listening & { peers: Peer[] }> {
  const peers: Peer[] = [];
  const accept: Accept = (exchange) => {
    peers.push(exchange.peer);
    const request = new Recorder();
    request.exchange = exchange;
    exchange.end({ fields: ["grpc-status", "0"] });
    return request;
  };
  return Object.assign(await listen({ accept }, { port: 0 }, options), { peers });
}

const url = ({ address }: Listening): DialTarget => `https://${address}`;

for (const engine of ["own", "node"] as const) {
  /** Resolves to whom the client spoke to, and the name in the certificate. */
  async function ask(
    target: DialTarget,
    tls: { ca: string; cert?: string; key?: string },
  ): Promise<{ peer: Peer; name: unknown }> {
    await using transport = dial(target, { engine, tls });
    const connection = await transport.connection(false);
    const response = new Recorder();
    response.exchange = connection.open("/test.Service/Ask", { fields: [] }, response);
    await response.untilEnd();
    return { peer: connection.peer, name: (connection.peer.certificate() as PeerCertificate).subject.CN };
  }

  test(`${engine}: both sides know that they speak TLS, and the client whom to`, OPTIONS, async () => {
    await using listening = await serve({ engine, tls: server });
    const { peer, name } = await ask(url(listening), { ca: authority.cert });
    assert.equal(peer.secure, true);
    assert.equal(name, "the server");
    assert.equal(listening.peers[0]?.secure, true);
    assert.equal(listening.peers[0]?.certificate(), undefined);
  });

  test(
    `${engine}: a server that asks for clients' certificates sees them, and takes no client without`,
    OPTIONS,
    async () => {
      const seen: unknown[] = [];
      const accept: Accept = (exchange) => {
        seen.push(exchange.peer.certificate());
        exchange.end();
        const request = new Recorder();
        request.exchange = exchange;
        return request;
      };
      await using listening = await listen(
        { accept },
        { port: 0 },
        { engine, tls: { ...server, clientCa: authority.cert } },
      );
      const stranger = makeCertificate("a stranger", makeAuthority("another authority"));
      const { cert, key } = stranger;
      for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
        const wantsOne = /client certificate.*\(cert and key\)/;
        // What dial() takes of TLS is less, but all of it is handed on.
        const trust = { ca: authority.cert, maxVersion };
        await assert.rejects(ask(url(listening), trust), wantsOne);
        await assert.rejects(ask(url(listening), { ...trust, cert, key }), wantsOne);
      }
      assert.equal(seen.length, 0);
      await ask(url(listening), { ca: authority.cert, cert: client.cert, key: client.key });
      assert.equal((seen[0] as PeerCertificate).subject.CN, "the client");
    },
  );

  test(`${engine}: a server with a certificate of somebody else is not trusted`, OPTIONS, async () => {
    await using listening = await serve({ engine, tls: server });
    await assert.rejects(ask(url(listening), { ca: makeAuthority("another").cert }), /cannot trust 127\.0\.0\.1:\d+/);
  });

  test(`${engine}: new certificate files are used by new connections, old connections go on`, OPTIONS, async () => {
    const folder = mkdtempSync(join(tmpdir(), "routeguide-tls-"));
    try {
      const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
      const write = ({ cert, key }: Identity) => {
        writeFileSync(keyFile, key);
        writeFileSync(certFile, cert);
      };
      write(server);
      const errors: Error[] = [];
      const tls = { certFile, keyFile, reloadCheckMs: 20, onReloadError: (error: Error) => errors.push(error) };
      await using listening = await serve({ engine, tls });
      await using transport = dial(url(listening), { engine, tls: { ca: authority.cert } });
      const connection = await transport.connection(false);
      write(makeCertificate("the new server", authority));
      while ((await nameOf(listening)) !== "the new server");
      const response = new Recorder();
      response.exchange = connection.open("/test.Service/Ask", { fields: [] }, response);
      await response.untilEnd();
      writeFileSync(keyFile, "no key at all");
      while (errors.length === 0) await new Promise(setImmediate);
      assert.equal(await nameOf(listening), "the new server");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

for (const engine of ["own", "node"] as const) {
  test(`${engine}: broken TLS ends the connection and its exchanges on both sides`, OPTIONS, async () => {
    const requests: Recorder[] = [];
    const accept: Accept = (exchange) => {
      const request = new Recorder();
      request.exchange = exchange;
      requests.push(request);
      exchange.head({ fields: [] });
      return request;
    };
    await using listening = await listen({ accept }, { port: 0 }, { engine, tls: server });
    // Between the two somebody who adds to what the client says.
    const middle = createServer((near) => {
      const far = connectPlain(Number(listening.address.split(":")[1]), "127.0.0.1");
      for (const socket of [near, far]) socket.on("error", () => {});
      near.pipe(far).pipe(near);
      middle.once("noise", () => far.write("not a record of TLS"));
    });
    middle.listen(0, "127.0.0.1");
    await once(middle, "listening");
    const { port } = middle.address() as AddressInfo;
    await using transport = dial(`https://127.0.0.1:${port}`, { engine, tls: { ca: authority.cert } });
    const response = new Recorder();
    const connection = await transport.connection(false);
    response.exchange = connection.open("/test.Service/Ask", { fields: [] }, response);
    await response.untilHead();
    middle.emit("noise");
    assert.equal(await response.untilClosed(), ResetCode.ConnectionLost);
    assert.equal(await requests[0]?.untilClosed(), ResetCode.ConnectionLost);
    middle.close();
  });
}

for (const at of ["a port", "a Unix socket"]) {
  test(`a TLS handshake that is not finished in time ends the connection, at ${at}`, OPTIONS, async () => {
    const folder = mkdtempSync(join(tmpdir(), "handshake-"));
    const place = at === "a port" ? { port: 0 } : { path: join(folder, "socket") };
    const accept: Accept = () => new Recorder();
    await using listening = await listen({ accept }, place, { tls: server, limits: { handshakeMs: 200 } });
    const target = "path" in place ? place : { port: Number(listening.address.split(":")[1]) };
    // The beginning of a record that announces 512 bytes.
    const begun = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1);
    const beginnings = [new Uint8Array(0), begun.subarray(0, 3), begun];
    const sockets = beginnings.map((bytes) => {
      const socket = connectPlain(target);
      socket.on("error", () => {});
      socket.write(bytes);
      return socket;
    });
    await Promise.all(sockets.map(untilGone));
    rmSync(folder, { recursive: true });
  });
}

test("an octet at a time does not hold a TLS handshake off", OPTIONS, async () => {
  await using listening = await serve({ tls: server, limits: { handshakeMs: 200 } });
  const socket = connectPlain(Number(listening.address.split(":")[1]), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(Uint8Array.of(22, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb));
  const slowly = setInterval(() => socket.write(Uint8Array.of(0)), 20);
  await untilGone(socket);
  clearInterval(slowly);
});

test("a port that speaks TLS takes TLS 1.2 and no older", OPTIONS, async () => {
  await using listening = await serve({ tls: server });
  assert.equal(await protocolOf(listening, "TLSv1.2"), "TLSv1.2");
  await assert.rejects(protocolOf(listening, "TLSv1.1"));
});

test("a certificate that cannot be used is refused before the port opens", async () => {
  await assert.rejects(serve({ tls: { cert: "nothing", key: server.key } }), {
    message: "cannot use the certificate: no start line",
  });
  await assert.rejects(serve({ tls: { certFile: "/no/such/file", keyFile: "/no/such/file" } }), {
    message: "cannot read /no/such/file: no such file or directory",
  });
});

/** The name in the certificate that the server shows to a new connection. */
function nameOf(listening: Listening): Promise<string | undefined> {
  return withTls(listening, {}, (socket) => (socket.getPeerX509Certificate() as X509Certificate).subject.slice(3));
}

function protocolOf(listening: Listening, version: "TLSv1.1" | "TLSv1.2"): Promise<string | null> {
  const ciphers = "DEFAULT@SECLEVEL=0";
  return withTls(listening, { minVersion: version, maxVersion: version, ciphers }, (socket) => socket.getProtocol());
}

function withTls<T>(listening: Listening, options: object, look: (socket: TLSSocket) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const [host, port] = listening.address.split(":");
    const socket = connect({ host, port: Number(port), ca: authority.cert, ALPNProtocols: ["h2"], ...options }, () => {
      resolve(look(socket));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
