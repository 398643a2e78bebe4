/**
 * What all clients under measurement share: a client repeats one call on several workers over one connection, and prints what it
 * moved and what that cost as a line of JSON. It fails if a reply is wrong.
 *
 *     --port N --mode get|list|record|chat --concurrency C --seconds S --warmup W
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { Point } from "../data.js";

export const ROUTE_POINTS = 20_000;
/** One worker of each mode: works until the time is over, and resolves to what it moved. */
export interface Modes {
  /** A message is a call. The time of each call goes to `took`, in milliseconds. */
  get(isOver: () => boolean, took: (ms: number) => void): Promise<number>;
  /** A message is a feature. */
  list(isOver: () => boolean): Promise<number>;
  /** A message is a point. Each call encodes its points, as a client would. */
  record(isOver: () => boolean): Promise<number>;
  /** A message is a note that has come back as it was sent; the next is posted then. */
  chat(isOver: () => boolean): Promise<number>;
}

/** What a client prints. */
export interface ClientSample {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of a call, in microseconds, if only one was made at a time. */
  readonly p50Us?: number;
  readonly p99Us?: number;
}

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "50051" },
    mode: { type: "string", default: "get" },
    concurrency: { type: "string", default: "1" },
    seconds: { type: "string", default: "1" },
    warmup: { type: "string", default: "0.5" },
    engine: { type: "string", default: "own" },
  },
});

export const port: number = Number(values.port);
/** What the client of @routeguide/grpc stands on. */
export const engine: "own" | "node" = values.engine === "node" ? "node" : "own";

/** Runs the mode that the command line names. */
export async function measureClient(modes: Modes): Promise<void> {
  const mode = modes[values.mode as keyof Modes];
  if (mode === undefined) {
    throw new Error(`--mode is "${values.mode}": expected one of ${Object.keys(modes).join(", ")}`);
  }
  await run(mode, Number(values.warmup), () => {});
  const times: number[] = [];
  const started = performance.now();
  const cpu = process.cpuUsage();
  const messages = await run(mode, Number(values.seconds), (ms) => times.push(ms));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  const sample: ClientSample = { messages, seconds, cpuSeconds: (user + system) / 1e6 };
  console.log(JSON.stringify({ ...sample, ...(Number(values.concurrency) === 1 && percentiles(times)) }));
}

async function run(mode: Modes[keyof Modes], seconds: number, took: (ms: number) => void): Promise<number> {
  const end = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= end;
  const workers = Array.from({ length: Number(values.concurrency) }, () => mode(isOver, took));
  return (await Promise.all(workers)).reduce((sum, moved) => sum + moved, 0);
}

function percentiles(times: number[]): Partial<ClientSample> {
  if (times.length === 0) return {};
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0) * 1000;
  return { p50Us: at(0.5), p99Us: at(0.99) };
}

/** Repeats a unary call, and takes its time. */
export async function repeat(
  call: () => Promise<string>,
  isOver: () => boolean,
  took: (ms: number) => void,
): Promise<number> {
  let calls = 0;
  for (; !isOver(); calls++) {
    const started = performance.now();
    const name = await call();
    took(performance.now() - started);
    if (name === "") throw new Error("GetFeature: the known point has no name");
  }
  return calls;
}

/** Point number i of a route. */
export const pointAt = (i: number): Point => ({ latitude: 400_000_000 + i, longitude: -740_000_000 - i });

/** The points of a route, made as they are sent. */
export function* points(): Generator<Point> {
  for (let i = 0; i < ROUTE_POINTS; i++) yield pointAt(i);
}

export function checkRoute(pointCount: number): number {
  if (pointCount !== ROUTE_POINTS) throw new Error(`RecordRoute: ${pointCount} points, expected ${ROUTE_POINTS}`);
  return pointCount;
}

/** What the notes of a chat say. */
export const MESSAGE = "Slow traffic ahead";

/** Throws if a reply of a chat is not the note that was posted there. */
export function checkNote(
  { location, message }: { readonly location?: Point | null | undefined; readonly message: string },
  { latitude, longitude }: Point,
): void {
  const isSame = location?.latitude === latitude && location.longitude === longitude && message === MESSAGE;
  if (!isSame) throw new Error("RouteChat did not send the note back");
}

export const randomLatitude = (): number => Math.floor((Math.random() * 2 - 1) * 890_000_000);
