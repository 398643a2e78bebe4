import { byId, make, say } from "./elements.js";
import { sentenceOf } from "./failure.js";
import { KeyedList } from "./keyed-list.js";
import { type Place, partsOf, placeKeyOf } from "./place.js";
import type { Found } from "./place-finder.js";
import { formatPoint } from "./point.js";

/** The most that the list has: more nobody reads, and the map has them. */
const MAX_LISTED = 100;

/** The places in view, as a list. */
export class PlaceList {
  readonly #list: KeyedList<Place>;
  readonly #count = byId("p", "places-count");
  readonly #failure = byId("p", "places-failure");

  constructor(choose: (place: Place) => void) {
    this.#list = new KeyedList(byId("ul", "places"), placeKeyOf, (place) => entryOf(place, choose));
  }

  show({ places, isAll }: Found): void {
    say(this.#failure, "");
    say(this.#count, countOf(places.length, isAll));
    this.#list.show(places.slice(0, MAX_LISTED));
  }

  fail(error: unknown): void {
    say(this.#failure, sentenceOf("The places could not be listed", error));
  }
}

function countOf(count: number, isAll: boolean): string {
  if (count === 0) return "None.";
  const shown = isAll ? `${count.toLocaleString("en")} in all` : `The first ${count.toLocaleString("en")}`;
  const listed = count > MAX_LISTED ? `, ${MAX_LISTED} of them in this list` : "";
  return `${shown}${listed}.${isAll ? "" : " Come closer to see more."}`;
}

function entryOf(place: Place, choose: (place: Place) => void): HTMLElement {
  const [name, region] = place.name === "" ? [formatPoint(place.location), ""] : partsOf(place.name);
  const button = make("button", "entry", make("span", "name", name), make("span", "quiet", region));
  button.type = "button";
  button.addEventListener("click", () => choose(place));
  return make("li", "", button);
}
