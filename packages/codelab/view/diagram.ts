/** One stream as a sequence diagram, and as a table for those who do not see it. */
import type { WireEvent } from "../src/wire/recording.js";
import { type Drawn, shorten } from "../src/wire/shorten.js";

const SVG = "http://www.w3.org/2000/svg";
/** In units of the picture. */
const WIDTH = 680;
const MARGIN = 16;
const ROW = 26;
/** Characters of 7.3 units that fit between the lines. */
const MAX_TEXT = 84;

const WORDS: Readonly<Record<WireEvent["kind"], string>> = {
  headers: "headers",
  message: "message",
  "half-close": "half-close",
  trailers: "status",
  reset: "reset",
  stall: "stall",
  resume: "WINDOW_UPDATE",
  lost: "connection lost",
};

export class Diagram {
  readonly element = document.createElement("figure");
  readonly #caller: string;
  readonly #events: WireEvent[] = [];
  readonly #picture = document.createElementNS(SVG, "svg");
  readonly #rows = document.createElement("tbody");
  #isScheduled = false;

  constructor(caller: string, method: string) {
    this.#caller = caller;
    const caption = document.createElement("figcaption");
    caption.textContent = `${caller}: ${method}`;
    this.#picture.setAttribute("role", "img");
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = `${caller}: ${method} as a table`;
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const name of ["ms", "from", "what", "content"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    table.append(this.#rows);
    details.append(summary, table);
    this.element.append(caption, this.#picture, details);
  }

  /** Draws with the next frame, however many come until then. */
  add(event: WireEvent): void {
    this.#events.push(event);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#isScheduled = false;
    const drawn = shorten(this.#events);
    const height = drawn.length * ROW + 2 * MARGIN;
    this.#picture.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
    const last = this.#events.at(-1);
    this.#picture.setAttribute(
      "aria-label",
      `${this.#events.length} events between ${this.#caller} and the server; the last: ${last === undefined ? "" : words(last)}`,
    );
    const lines = [MARGIN, WIDTH - MARGIN].map((x) => line(x, 4, x, height - 4));
    this.#picture.replaceChildren(...lines, ...bars(drawn), ...drawn.map((event, i) => arrow(event, yOf(i))));
    this.#rows.replaceChildren(...drawn.map(row));
  }
}

const words = ({ from, kind, text }: Drawn) => `${from}: ${WORDS[kind]}${text === "" ? "" : `, ${text}`}`;

const ENDS: readonly WireEvent["kind"][] = ["trailers", "reset", "lost"];

const otherThan = (side: WireEvent["from"]) => (side === "client" ? "server" : "client");

const yOf = (row: number) => MARGIN + (row + 1) * ROW - 6;

/** Senders that wait: a bar on their side, from where they stop to where they go on. */
function bars(drawn: readonly Drawn[]): SVGElement[] {
  return drawn.flatMap(({ kind, from }, first) => {
    if (kind !== "stall") return [];
    const isOver = (event: Drawn) => ENDS.includes(event.kind) || (event.kind === "resume" && event.from === from);
    const end = drawn.findIndex((event, i) => i > first && isOver(event));
    const top = yOf(first) - ROW / 2;
    const bar = document.createElementNS(SVG, "rect");
    const box = {
      x: (from === "client" ? MARGIN : WIDTH - MARGIN) - 5,
      y: top,
      width: 10,
      height: yOf(end < 0 ? drawn.length : end) - top,
    };
    for (const [name, value] of Object.entries(box)) bar.setAttribute(name, String(value));
    return [bar];
  });
}

function arrow({ from, kind, text }: Drawn, y: number): SVGElement {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", `${from} ${kind}`);
  // Who goes on does so because the other side has given window back.
  const sender = kind === "resume" ? otherThan(from) : from;
  const [start, end] = sender === "client" ? [MARGIN, WIDTH - MARGIN] : [WIDTH - MARGIN, MARGIN];
  const back = sender === "client" ? -8 : 8;
  const label = document.createElementNS(SVG, "text");
  label.setAttribute("x", String(WIDTH / 2));
  label.setAttribute("y", String(y - 5));
  label.setAttribute("text-anchor", "middle");
  const shown = kind === "message" ? text : `${WORDS[kind]}${text === "" ? "" : `: ${text}`}`;
  label.textContent = shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT - 3)}...` : shown;
  const head = document.createElementNS(SVG, "path");
  head.setAttribute("d", `M ${end + back} ${y - 5} L ${end} ${y} L ${end + back} ${y + 5}`);
  // A sender that waits sends nothing: no head.
  group.append(line(start, y, end, y), ...(kind === "stall" ? [] : [head]), label);
  return group;
}

function line(x1: number, y1: number, x2: number, y2: number): SVGElement {
  const element = document.createElementNS(SVG, "line");
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) element.setAttribute(name, String(value));
  return element;
}

function row(event: Drawn): HTMLTableRowElement {
  const element = document.createElement("tr");
  for (const text of [Math.round(event.atMs), event.from, WORDS[event.kind], event.text]) {
    element.insertCell().textContent = String(text);
  }
  return element;
}
