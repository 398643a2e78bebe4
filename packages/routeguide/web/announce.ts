import { byId } from "./elements.js";

/** Has those hear of it who do not see the page, when they have heard what they are hearing. */
export function announce(text: string): void {
  byId("p", "announcement").textContent = text;
}
