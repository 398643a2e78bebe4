/** The page of `routeguide serve`: a map of places, of routes and of notes as they come. Puts its parts together. */
import { createClient } from "@routeguide/grpc";
import { fetchTransport } from "@routeguide/grpc/web";
import { LiveMap, RouteGuide } from "routeguide/contract";
import { NoteAnnouncer } from "./announce.js";
import { type Area, areasOf } from "./area.js";
import { ChosenPoint } from "./chosen-point.js";
import { byId, say } from "./elements.js";
import { sentenceOf } from "./failure.js";
import { type LinkState, openLink } from "./link.js";
import type { ShownNote } from "./note.js";
import { NoteList } from "./note-list.js";
import { NoteWatch } from "./note-watch.js";
import { openView } from "./open-view.js";
import type { Place } from "./place.js";
import { PlaceFinder } from "./place-finder.js";
import { PlaceList } from "./place-list.js";
import { RoutePanel } from "./route-panel.js";
import type { View } from "./view.js";
import { cameraOf, linkOf, WORLD } from "./view-link.js";

/** Notes of a view that are shown. */
const MAX_NOTES = 100;

/** Where the server is: a proxy may put it below a path. */
const home = new URL(".", location.href).href;
const overFetch = fetchTransport({ baseUrl: home });
const overSocket = openLink(home, (state) => linkChanged(state));
const guide = createClient(RouteGuide, overFetch);
const chat = createClient(RouteGuide, overSocket);
const watching = createClient(LiveMap, overSocket);

let view: View | undefined;
let watch: NoteWatch | undefined;
/** Whether the places in view are not those that the server has, because it could not be asked. */
let isStale = false;

const chosen = new ChosenPoint({ guide, chat, liveMap: watching }, (point) => view?.showChosen(point));
const route = new RoutePanel(chat, (points) => view?.showRoute(points));
const places = new PlaceList((place) => pickPlace(place));
const announcer = new NoteAnnouncer();
const latest = new NoteList(byId("ol", "latest"), byId("p", "latest-none"), (note) => pickNote(note));
const finder = new PlaceFinder(
  { guide, liveMap: createClient(LiveMap, overFetch) },
  {
    found(found) {
      isStale = false;
      places.show(found);
      view?.showPlaces(found.places);
    },
    failed(error) {
      isStale = true;
      places.fail(error);
    },
  },
);

view = await openView(cameraOf(location.hash) ?? WORLD, {
  moved,
  picked({ location, name, byKeyboard }) {
    if (route.isDrawing) route.add(location);
    else chosen.choose(location, name, byKeyboard);
  },
});
byId("p", "late").remove();
addEventListener("hashchange", () => {
  const camera = cameraOf(location.hash);
  if (camera !== undefined) view?.go(camera);
});
moved();

/** The view shows something else: so do the lists. */
function moved(): void {
  if (view === undefined) return;
  history.replaceState(null, "", linkOf(view.camera));
  lookUp();
  watchNotes(areasOf(view.bounds));
}

function lookUp(): void {
  if (view !== undefined) void finder.look(areasOf(view.bounds));
}

function watchNotes(areas: readonly Area[]): void {
  const list = byId("ol", "latest");
  const failure = byId("p", "latest-failure");
  list.ariaBusy = "true";
  watch?.stop();
  watch = new NoteWatch(watching, areas, MAX_NOTES, {
    changed(notes, arrived) {
      say(failure, "");
      latest.show(notes);
      reveal();
      view?.showNotes(notes, arrived);
      announcer.arrived(arrived);
    },
    settled() {
      list.ariaBusy = "false";
    },
    failed(error) {
      say(failure, sentenceOf("The notes cannot be watched", error));
      reveal();
    },
  });
}

/** Shows the lists: the notes are there, or will not be for a while. */
function reveal(): void {
  byId("div", "panel").classList.remove("filling");
}

function pickPlace({ name, location }: Place): void {
  if (route.isDrawing) route.add(location);
  else chosen.choose(location, name, true);
}

function pickNote({ location }: ShownNote): void {
  if (route.isDrawing) route.add(location);
  else chosen.choose(location, undefined, true);
}

function linkChanged(state: LinkState): void {
  const line = byId("p", "link");
  line.dataset["state"] = state;
  line.textContent = {
    connecting: "Connecting",
    connected: `Connected to ${location.host}`,
    lost: `${location.host} does not answer; trying again`,
  }[state];
  if (state === "lost") reveal();
  if (state === "connected" && isStale) lookUp();
}
