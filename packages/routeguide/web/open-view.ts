import { byId } from "./elements.js";
import { BlindView, type View, type ViewEvents } from "./view.js";
import { type Camera, MAX_ZOOM } from "./view-link.js";

/** The map; where there is no WebGL, a view without a picture, and buttons to come closer and go back. */
export async function openView(camera: Camera, events: ViewEvents): Promise<View> {
  if (hasWebGl()) {
    const { MapView } = await import("./map-view.js");
    return new MapView(camera, events);
  }
  const view = new BlindView(camera, events.moved);
  const zoom = (by: number) => {
    const { center, zoom } = view.camera;
    view.go({ center, zoom: Math.max(0, Math.min(MAX_ZOOM, zoom + by)) });
  };
  byId("button", "closer").addEventListener("click", () => zoom(1));
  byId("button", "wider").addEventListener("click", () => zoom(-1));
  byId("p", "no-map").hidden = false;
  document.body.classList.add("blind");
  return view;
}

function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
