/** A RouteGuide server of a cluster, in a process of its own, and what its chats say. */
import assert from "node:assert/strict";
import { connect, type Guide } from "../../src/client.js";
import { type Command, PLACES, serveCommand } from "../command.js";
import { Conversation } from "../conversation.js";
import type { NatsServer } from "./nats-server.js";

/** Where all these notes are. */
const POINT = [407_838_351, -746_143_763] as const;

export class Node implements AsyncDisposable {
  readonly command: Command & { readonly address: string };
  readonly guide: Guide;
  readonly #admin: string;

  private constructor(command: Node["command"], guide: Guide, admin: string) {
    this.command = command;
    this.guide = guide;
    this.#admin = admin;
  }

  /** Resolves when it serves. */
  static async start(nats: Pick<NatsServer, "url">, args: readonly string[] = []): Promise<Node> {
    const options = ["--places", PLACES, "--nats", nats.url, "--admin", "127.0.0.1:0", "--notes-per-point", "5000"];
    const command = await serveCommand([...options, ...args]);
    const [, admin = ""] = await command.until("stderr", /^ +admin +(\S+)$/m);
    return new Node(command, connect(`http://${command.address}`), admin);
  }

  /** What its admin port says. */
  async ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://${this.#admin}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** A gauge of its metrics. */
  async gauge(name: string): Promise<number> {
    const [, value = ""] = new RegExp(`^${name} (\\S+)$`, "m").exec((await this.ask("/metrics")).text) ?? [];
    return Number(value);
  }

  chat(): Conversation {
    return new Conversation(this.guide.client);
  }

  /** Posts a note, and returns what is kept at its point then, oldest first: it is the last. */
  async history(message: string): Promise<string[]> {
    const heard = await this.post(message);
    assert.equal(heard.at(-1), message);
    return heard;
  }

  /** Posts a note, and returns what is kept at its point then, oldest first, and what comes there until the call has ended. */
  post(message: string): Promise<string[]> {
    return this.chat()
      .say([...POINT, message])
      .end()
      .hearAll();
  }

  /** SIGTERM; its exit code. */
  async stop(): Promise<number | null> {
    this.command.child.kill("SIGTERM");
    return await this.command.exitCode();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.guide[Symbol.asyncDispose]();
    await this.command[Symbol.asyncDispose]();
  }
}

/** Whoever posts notes one after the other, and knows which of them were answered. */
export class Poster {
  /** The messages that came back. */
  readonly answered: string[] = [];
  readonly #chat: Conversation;
  readonly #name: string;
  #next = 0;
  #tell = () => {};

  constructor(node: Node, name: string) {
    this.#chat = node.chat();
    this.#name = name;
  }

  /** Posts notes together, `together` at a time, until so many have been answered in all. */
  async until(count: number, together: number): Promise<void> {
    while (this.answered.length < count) {
      const messages = Array.from({ length: together }, () => `${this.#name} ${this.#next++}`);
      this.#chat.say(...messages.map((message) => [...POINT, message] as const));
      // Each is answered with all that is kept, itself the last; others' notes come between.
      for (const message of messages) {
        for (let heard = ""; heard !== message; ) [heard = ""] = await this.#chat.hear(1);
        this.answered.push(message);
        this.#tell();
      }
    }
  }

  /** Resolves when so many have been answered in all. */
  async reached(count: number): Promise<void> {
    while (this.answered.length < count) await new Promise<void>((resolve) => (this.#tell = resolve));
  }

  end(): Promise<string[]> {
    return this.#chat.end().hearAll();
  }
}

/** Every note that was answered is there, each once, and those of one poster in their order. */
export function assertWhole(history: readonly string[], posters: readonly Poster[]): void {
  assert.equal(new Set(history).size, history.length, "nothing is there twice");
  for (const { answered } of posters) {
    const own = new Set(answered);
    assert.deepEqual(
      history.filter((message) => own.has(message)),
      answered,
    );
  }
}
