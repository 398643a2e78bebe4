/**
 * Loaded into the learner's program before its own code: tells the lab where it listens and what keeps it alive, and ends it when
 * the lab is gone. Changes nothing that the program can see.
 */
import { type AddressInfo, Server } from "node:net";
import { type MailboxCounts, mailboxCounts } from "./watched-mailbox.js";
import { takeLooks } from "./watched-places.js";

/** What the lab asks, and what comes back. */
export interface Answers {
  /** What keeps the program's event loop alive, by kind, as Node names them. */
  readonly resources: readonly string[];
  /** How many places were looked at since this was last asked. */
  readonly looks: number;
  /** Of the class Mailbox that the project was given. */
  readonly mailboxes: MailboxCounts;
}
export interface Question {
  readonly id: number;
  readonly ask: keyof Answers;
}
export type Told =
  | { readonly kind: "listening"; readonly port: number; readonly host: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answers[keyof Answers] };

const ANSWERS: { readonly [K in keyof Answers]: () => Answers[K] } = {
  resources: () => process.getActiveResourcesInfo(),
  looks: takeLooks,
  mailboxes: mailboxCounts,
};

const tell = (told: Told) => {
  if (process.connected) process.send?.(told);
};

const listen = Server.prototype.listen;
// Its overloads are passed on as they come.
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  this.once("listening", () => {
    const bound = this.address() as AddressInfo | string | null;
    if (bound !== null && typeof bound === "object") tell({ kind: "listening", port: bound.port, host: bound.address });
  });
  return Reflect.apply(listen, this, args) as Server;
} as typeof listen;

// What is printed in a loop that never ends must reach the lab too, instead of filling the program's memory.
for (const stream of [process.stdout, process.stderr]) {
  (stream as { _handle?: { setBlocking?(isBlocking: boolean): void } })._handle?.setBlocking?.(true);
}

process.on("message", ({ id, ask }: Question) => tell({ kind: "answer", id, value: ANSWERS[ask]() }));
process.on("disconnect", () => process.exit(1));
// It must not keep the program alive.
process.channel?.unref();
