/** The forms that a route is read from. GeoJSON is JSON, too. */
export const ROUTE_FORMATS = ["gpx", "csv", "ndjson", "json"] as const;
export type RouteFormat = (typeof ROUTE_FORMATS)[number];
