import colors from "picocolors";
import { wantsColor } from "../config.js";
import { Output } from "./output.js";

const ON = colors.createColors(true);
const OFF = colors.createColors(false);

/** Colours for a stream: none unless it is a terminal that wants them. */
export const colorsOf = (stream: { readonly isTTY?: boolean } | Output) =>
  wantsColor(stream instanceof Output ? stream.isTerminal : stream.isTTY === true) ? ON : OFF;
