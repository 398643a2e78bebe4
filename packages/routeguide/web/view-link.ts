import { clampLatitude, type Degrees, wrapLongitude } from "./point.js";

/** Where a view looks, and how near. A zoom of 0 shows the world on 512 pixels, each more half of it. */
export interface Camera {
  readonly center: Degrees;
  readonly zoom: number;
}

/** What a page shows whose link does not say. */
export const WORLD: Camera = Object.freeze({ center: Object.freeze({ lat: 25, lng: 5 }), zoom: 1.2 });
export const MAX_ZOOM = 17;

/** The fragment of a link to a view: #zoom/latitude/longitude, with as many decimals as can be seen. */
export function linkOf({ center, zoom }: Camera): string {
  const decimals = Math.max(0, Math.ceil(zoom / 3.3));
  const [lat, lng] = [center.lat, wrapLongitude(center.lng)].map((degrees) => Number(degrees.toFixed(decimals)));
  return `#${Number(zoom.toFixed(2))}/${lat}/${lng}`;
}

/** The view that a link names; undefined if it names none. */
export function cameraOf(fragment: string): Camera | undefined {
  const match = LINK.exec(fragment);
  if (match === null) return undefined;
  const [zoom = 0, lat = 0, lng = 0] = match.slice(1).map(Number);
  return { center: { lat: clampLatitude(lat), lng: wrapLongitude(lng) }, zoom: Math.min(MAX_ZOOM, zoom) };
}

const LINK = /^#(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;
