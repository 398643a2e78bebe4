import { readFileSync } from "node:fs";
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
} from "@nats-io/transport-node";
import { NoteStoreError } from "../notes/note-store.js";
import { jetStreamError } from "./jetstream-error.js";
import { retryWhilePassing } from "./jetstream-retry.js";
import { withoutLogin } from "./nats-url.js";

/** Where NATS is, and who we are there. */
export interface LinkOptions {
  /** nats:// or tls://, with user and password, or a token, if there is one. The servers of one cluster; at least one. */
  readonly servers: readonly string[];
  /** A file of credentials, as `nsc` makes them. */
  readonly credsFile?: string | undefined;
  /** PEM file of who signs the servers' certificates. Default: those whom Node trusts. */
  readonly caFile?: string | undefined;
  /** How long NATS, once it is reached, may take to answer: a cluster that chooses a leader answers nobody. */
  readonly patienceMs: number;
}

/** How long a server may take to answer when it is dialled, and a request about streams. */
const ANSWER_MS = 2000;
const RECONNECT_MS = 250;
/** A server that does not answer this often is gone, though its connection is open. */
const PING_MS = 1000;
const UNANSWERED_PINGS = 3;

/** A connection to NATS that comes back by itself, for as long as it takes. */
export class JetStreamLink implements AsyncDisposable {
  isUp = true;
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Called when the connection is lost, and when it is back. */
  onChange: () => void = () => {};

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.connection = connection;
    this.manager = manager;
    this.client = jetstream(connection, { timeout: ANSWER_MS });
    void this.#follow();
  }

  /** @throws {NoteStoreError} if NATS cannot be reached, lets nobody in, or has no JetStream */
  static async open(options: LinkOptions): Promise<JetStreamLink> {
    const where = options.servers.map(withoutLogin).join(", ");
    const connection = await dial(options, where);
    try {
      return new JetStreamLink(
        connection,
        await retryWhilePassing(options.patienceMs, () => manage(connection, where)),
      );
    } catch (error) {
      await connection.close();
      throw jetStreamError(error, `JetStream at ${where} cannot be used`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === "disconnect") this.#change(false);
      else if (type === "reconnect") this.#change(true);
    }
  }

  #change(isUp: boolean): void {
    if (isUp === this.isUp) return;
    this.isUp = isUp;
    this.onChange();
  }
}

async function manage(connection: NatsConnection, where: string): Promise<JetStreamManager> {
  try {
    return await jetstreamManager(connection, { timeout: ANSWER_MS });
  } catch (error) {
    if (!(error instanceof Error && error.name === "JetStreamNotEnabled")) throw error;
    throw new NoteStoreError("failed", `NATS at ${where} has no JetStream for us: start it with --jetstream`, error);
  }
}

async function dial(options: LinkOptions, where: string): Promise<NatsConnection> {
  try {
    return await connect({
      name: "routeguide",
      servers: options.servers.map((server) => new URL(server).host),
      ...login(options),
      ...encryption(options),
      timeout: ANSWER_MS,
      pingInterval: PING_MS,
      maxPingOut: UNANSWERED_PINGS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    const what =
      error instanceof errors.AuthorizationError
        ? `NATS at ${where} does not let us in`
        : `NATS cannot be reached at ${where}`;
    throw jetStreamError(error, what);
  }
}

/** Who we are: the first server that says so, says it for all. */
function login({ servers, credsFile }: LinkOptions): ConnectionOptions {
  if (credsFile !== undefined) return { authenticator: credsAuthenticator(fileOf(credsFile)) };
  const known = servers.map((server) => new URL(server)).find(({ username }) => username !== "");
  if (known === undefined) return {};
  const user = decodeURIComponent(known.username);
  return known.password === "" ? { token: user } : { user, pass: decodeURIComponent(known.password) };
}

function encryption({ servers, caFile }: LinkOptions): ConnectionOptions {
  if (caFile !== undefined) return { tls: { ca: fileOf(caFile).toString() } };
  return servers.some((server) => server.startsWith("tls:")) ? { tls: {} } : {};
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw jetStreamError(error, `${path} cannot be read`);
  }
}
