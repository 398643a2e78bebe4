/** The page of `lab view`: shows what it is told over server-sent events, and asks for checks and runs. */
import type { ViewEvent } from "../src/view/events.js";
import { Diagram } from "./diagram.js";

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};

const diagrams = new Map<string, Diagram>();
/** Where streams are drawn: below the title of the check that runs. */
let place: HTMLElement | undefined;
const outputs = new Map<string, HTMLPreElement>();

for (const job of ["check", "run"]) {
  element(job).addEventListener("click", () => void fetch(`/${job}`, { method: "POST" }));
}
const events = new EventSource("/events");
// A connection that comes back tells everything anew.
events.addEventListener("open", clear);
events.addEventListener("message", ({ data }: MessageEvent<string>) => show(JSON.parse(data) as ViewEvent));

function show(event: ViewEvent): void {
  switch (event.type) {
    case "step":
      element("headline").textContent = event.headline;
      // Made from the texts of the package by a renderer that escapes all of them.
      element("text").innerHTML = event.html;
      break;
    case "job":
      clear();
      element("job").textContent = event.title;
      say(event.title);
      break;
    case "begins":
      place = section(event.title);
      break;
    case "passed":
      addCheck(`ok: ${event.title}`, "ok");
      break;
    case "failed":
      addCheck(`failed: ${event.title}`, "bad");
      showFailure(event);
      // Its streams are what there is to look at.
      if (place !== undefined) element("diagrams").prepend(place);
      break;
    case "stream": {
      const diagram = new Diagram(event.caller, event.method);
      diagrams.set(event.id, diagram);
      place ??= section("Your client and your server");
      place.append(diagram.element);
      break;
    }
    case "wire":
      diagrams.get(event.id)?.add(event.event);
      break;
    case "line":
      outputOf(event.program).textContent += `${event.text}\n`;
      break;
    case "note":
      element("failure").append(paragraph(event.text));
      break;
    case "idle":
      say(event.text);
      break;
  }
}

function clear(): void {
  diagrams.clear();
  place = undefined;
  outputs.clear();
  for (const id of ["checks", "failure", "diagrams", "output"]) element(id).replaceChildren();
}

/** Screen readers tell it without leaving where they are. */
function say(text: string): void {
  element("status").textContent = text;
}

function addCheck(text: string, className: string): void {
  const item = document.createElement("li");
  item.className = className;
  item.textContent = text;
  element("checks").append(item);
}

function showFailure({ message, details }: Extract<ViewEvent, { type: "failed" }>): void {
  const heading = document.createElement("h3");
  heading.className = "bad";
  heading.textContent = message;
  const parts = details.flatMap(([name, text]) => {
    const content = document.createElement("pre");
    content.tabIndex = 0;
    content.textContent = text;
    return [paragraph(name), content];
  });
  element("failure").replaceChildren(heading, ...parts);
}

/** A part of the streams; shown when it has one. */
function section(title: string): HTMLElement {
  const made = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = title;
  made.append(heading);
  element("diagrams").append(made);
  return made;
}

function paragraph(text: string): HTMLParagraphElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function outputOf(program: "server" | "client"): HTMLPreElement {
  const known = outputs.get(program);
  if (known !== undefined) return known;
  const title = document.createElement("h3");
  title.textContent = `What the ${program} prints`;
  const content = document.createElement("pre");
  content.tabIndex = 0;
  outputs.set(program, content);
  element("output").append(title, content);
  return content;
}
