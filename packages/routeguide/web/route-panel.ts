import type { Client } from "@routeguide/grpc";
import type { RouteGuide, RouteSummary } from "routeguide/contract";
import { announce } from "./announce.js";
import { byId, make, say } from "./elements.js";
import { isCancelled, sentenceOf } from "./failure.js";
import type { Point } from "./point.js";
import { RouteRecording } from "./route-recording.js";
import { formatCount, formatMetres, formatSeconds } from "./units.js";

const HOW_TO = "Click the map, or a place of the list, for each point. By keyboard, Enter takes the middle of the map.";

/** Drawing a route: each point is sent as soon as it is set, and the server sums up what it has got. */
export class RoutePanel {
  readonly #guide: Client<typeof RouteGuide>;
  readonly #changed: (points: readonly Point[]) => void;
  readonly #state = byId("p", "route-state");
  readonly #introduction = this.#state.textContent;
  readonly #summary = byId("dl", "summary");
  readonly #failure = byId("p", "route-failure");
  readonly #draw = byId("button", "route-draw");
  readonly #finish = byId("button", "route-finish");
  readonly #discard = byId("button", "route-discard");
  #recording: RouteRecording | undefined;
  #points: readonly Point[] = [];

  /** @param changed told the points of the route */
  constructor(guide: Client<typeof RouteGuide>, changed: (points: readonly Point[]) => void) {
    this.#guide = guide;
    this.#changed = changed;
    this.#draw.addEventListener("click", () => this.#begin());
    this.#finish.addEventListener("click", () => this.#recording?.finish());
    this.#discard.addEventListener("click", () => this.#clear());
  }

  /** Whether the next point that is picked belongs to the route. */
  get isDrawing(): boolean {
    return this.#recording !== undefined;
  }

  add(point: Point): void {
    this.#recording?.add(point);
    this.#points = [...this.#points, point];
    this.#changed(this.#points);
    const sent = formatCount(this.#points.length, "point");
    this.#show(`${sent} sent. Sent points stay sent: Discard forgets the route.`, "drawing");
    announce(`${sent} sent`);
  }

  #begin(): void {
    this.#clear();
    const recording = new RouteRecording(this.#guide);
    this.#recording = recording;
    this.#show(HOW_TO, "drawing");
    announce(HOW_TO);
    recording.summary.then(
      (summary) => this.#end(recording, () => this.#sumUp(summary)),
      (error: unknown) => this.#end(recording, () => this.#fail(error)),
    );
  }

  /** A recording that was discarded says no more. */
  #end(recording: RouteRecording, tell: () => void): void {
    if (this.#recording !== recording) return;
    this.#recording = undefined;
    tell();
  }

  #sumUp({ pointCount, featureCount, distance, elapsedTime }: RouteSummary): void {
    const lines = [
      ["Points", pointCount.toLocaleString("en")],
      ["Places passed", featureCount.toLocaleString("en")],
      ["Length", formatMetres(distance)],
      ["Time", formatSeconds(elapsedTime)],
    ] as const;
    this.#summary.replaceChildren(
      ...lines.map(([term, value]) => make("div", "", make("dt", "", term), make("dd", "", value))),
    );
    this.#show("", "done");
    this.#draw.focus();
    announce(lines.map(([term, value]) => `${term}: ${value}`).join(", "));
  }

  #fail(error: unknown): void {
    this.#show("The points stay on the map; the server has forgotten them.", "done");
    if (!isCancelled(error)) say(this.#failure, sentenceOf("The route was not recorded", error));
    this.#summary.hidden = true;
  }

  #clear(): void {
    const recording = this.#recording;
    this.#recording = undefined;
    recording?.discard();
    this.#points = [];
    this.#changed([]);
    const hadFocus = this.#discard === document.activeElement;
    this.#show(this.#introduction, "idle");
    if (hadFocus) this.#draw.focus();
  }

  #show(text: string, state: "idle" | "drawing" | "done"): void {
    say(this.#state, text);
    say(this.#failure, "");
    this.#summary.hidden = state !== "done";
    this.#draw.hidden = state === "drawing";
    this.#draw.textContent = state === "done" ? "Draw another route" : "Draw a route";
    this.#finish.hidden = state !== "drawing" || this.#points.length === 0;
    this.#discard.hidden = state === "idle";
    this.#discard.textContent = state === "done" ? "Clear" : "Discard";
    document.body.classList.toggle("drawing", state === "drawing");
  }
}
