import { byId } from "./elements.js";
import { BlindView, type View, type ViewEvents } from "./view.js";
import { type Camera, MAX_ZOOM } from "./view-link.js";

/** The map; where there can be none, a view without a picture, with buttons to come closer and go back, and why. */
export async function openView(camera: Camera, events: ViewEvents): Promise<View> {
  if (!hasWebGl()) return openBlindView(camera, events, "This browser has no WebGL, so there is no map");
  try {
    const { MapView } = await import("./map-view.js");
    return new MapView(camera, events);
  } catch {
    return openBlindView(camera, events, "The map could not be loaded");
  }
}

function openBlindView(camera: Camera, { moved }: ViewEvents, reason: string): View {
  const view = new BlindView(camera, moved);
  const zoom = (by: number) => {
    const { center, zoom } = view.camera;
    view.go({ center, zoom: Math.max(0, Math.min(MAX_ZOOM, zoom + by)) });
  };
  byId("button", "closer").addEventListener("click", () => zoom(1));
  byId("button", "wider").addEventListener("click", () => zoom(-1));
  byId("p", "no-map-reason").textContent = `${reason}: the lists have all that it would show.`;
  byId("div", "no-map").hidden = false;
  byId("div", "map").hidden = true;
  document.body.classList.add("blind");
  return view;
}

function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
