/** Four places of the map, and how the examples print a point. Coordinates are E7: degrees times 10^7. */
export interface Place {
  readonly name: string;
  readonly location: { readonly latitude: number; readonly longitude: number };
}

const place = (latitude: number, longitude: number, name: string): Place => ({
  name,
  location: { latitude, longitude },
});

export const PLACES: readonly Place[] = [
  place(407142700, -740059700, "New York City"),
  place(407356600, -741723700, "Newark"),
  place(410339900, -737629100, "White Plains"),
  place(412042600, -737270800, "Mount Kisco"),
];

/** The place at exactly this point; without a name if there is none. */
export function placeAt(latitude: number, longitude: number): Place {
  const found = PLACES.find(({ location }) => location.latitude === latitude && location.longitude === longitude);
  return found ?? place(latitude, longitude, "");
}

export const NEW_YORK = { latitude: 407142700, longitude: -740059700 };
export const MOUNT_KISCO = { latitude: 412042600, longitude: -737270800 };
